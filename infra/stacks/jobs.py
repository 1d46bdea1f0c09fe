"""What runs behind the API: readers of the streams, the sweeper, workers, the resizer, boards, mail, the reconciler."""

from constructs import Construct

from infra.constructs.factory import FunctionFactory
from infra.constructs.inference import add_inference
from infra.constructs.queues import add_queues
from infra.constructs.resources import Resources
from infra.stacks.base import StageStack


class Jobs(StageStack):
    """The stage's background work. The Jobs stream has two readers and, by DynamoDB's rule, room for no third."""

    def __init__(self, scope: Construct, resources: Resources) -> None:
        super().__init__(scope, resources.stage, "jobs")
        add_queues(self, resources)
        if provider := self.stage.providers.sagemaker:
            add_inference(self, resources, provider)
        FunctionFactory(self, resources).make_all("jobs")
