"""How money comes in: the webhooks of payment providers, the reconciler of payments, and the day's exchange rates."""

from constructs import Construct

from infra.constructs.factory import FunctionFactory
from infra.constructs.resources import Resources
from infra.constructs.webhook_api import WebhookApi
from infra.declaration import Routes
from infra.stacks.base import StageStack


class Payments(StageStack):
    """The stage's payments but for what people ask themselves."""

    def __init__(self, scope: Construct, resources: Resources) -> None:
        super().__init__(scope, resources.stage, "payments")
        for function in FunctionFactory(self, resources).make_all("payments"):
            if isinstance(function.spec.trigger, Routes):
                webhooks = WebhookApi(self, resources, function, function.spec.trigger)
                resources.add_variable("RETURN_URL", webhooks.url_of("Return"))
