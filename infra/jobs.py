"""What runs behind the API: readers of the Jobs stream, the sweeper, and the workers."""

from collections.abc import Sequence

from aws_cdk import Duration
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from constructs import Construct

from infra import environment, permissions
from infra.access import ACCESS
from infra.api import Api
from infra.data import Data
from infra.function import Background, Function, Work
from infra.functions import JOBS_STREAM, PUBLISH, SWEEPER, VERTEX, WORKERS, Spec, function_name
from infra.interfaces import as_interface
from infra.permissions import Right
from infra.reader import Reading, read_stream
from infra.stack import StageStack
from infra.stages import Stage
from infra.watch import watch_function

_WRITTEN = ["INSERT", "MODIFY"]
# New jobs to hand out and ended ones whose charge has to come back; the other changes would wake it for nothing.
_TO_ACT_ON = {"eventName": _WRITTEN, "dynamodb": {"NewImage": {"status": {"S": ["PENDING", "FAILED", "CANCELED"]}}}}
# Dispatch and refunds must happen: an hour of trying before a person is called.
_MUST_HAPPEN = Reading("TRIM_HORIZON", _TO_ACT_ON, batch=25, retries=100, max_age=3600)
# Telling late is worth little, and whoever was away reads the job's history.
_TELLING = Reading("LATEST", {"eventName": _WRITTEN}, batch=10, retries=5, max_age=300)


class Jobs(StageStack):
    """The stage's background work. The Jobs stream has two readers and, by DynamoDB's rule, room for no third."""

    def __init__(self, scope: Construct, stage: Stage, data: Data, api: Api) -> None:
        super().__init__(scope, stage, "jobs")
        self._data = data
        self._vertex()
        read_stream(self._function(JOBS_STREAM, [self._invoke_workers()], self._settling()), stage, data, _MUST_HAPPEN)
        read_stream(self._publish(api), stage, data, _TELLING)
        self._sweeper()

    def _vertex(self) -> Function:
        secret = f"namo/{self.stage.name}/vertex"
        limits = self.stage.limits
        return self._function(
            VERTEX,
            [permissions.to_read_secret(self, secret)],
            environment.vertex(self.stage, self._data, secret),
            memory=self.stage.capacity.vertex_memory_mb,
            concurrency=self.stage.capacity.vertex_concurrency,
            # Past a job's deadline there is nothing left to do for it.
            background=Background(retries=2, max_age=limits.deadline_seconds),
        )

    def _publish(self, api: Api) -> Function:
        return self._function(
            PUBLISH,
            [Right(["appsync:GraphQL"], [api.field_arn("Mutation.publishJob")])],
            environment.publish(self.stage, self._data, api.url),
            concurrency=self.stage.capacity.publish_concurrency,
        )

    def _sweeper(self) -> None:
        # A sweep that failed is not tried again: the next is a minute away.
        background = Background(retries=0, max_age=60)
        sweeper = self._function(SWEEPER, [self._invoke_workers()], self._settling(), background=background)
        target = as_interface(targets.LambdaFunction(as_interface(sweeper.function)))
        events.Rule(self, "EveryMinute", schedule=events.Schedule.rate(Duration.minutes(1)), targets=[target])

    def _settling(self) -> environment.Variables:
        return environment.jobs_stream(self.stage, self._data)

    def _invoke_workers(self) -> Right:
        names = [function_name(self.stage.name, spec) for spec in WORKERS.values()]
        return permissions.to_invoke(self, *names)

    def _function(
        self,
        spec: Spec,
        rights: Sequence[Right],
        variables: environment.Variables,
        *,
        memory: int | None = None,
        concurrency: int | None = None,
        background: Background | None = None,
    ) -> Function:
        work = Work(
            rights=[*permissions.to_data(self._data, ACCESS[spec.name]), *rights],
            environment=variables,
            memory=memory or self.stage.capacity.api_memory_mb,
            concurrency=concurrency,
            background=background,
        )
        function = Function(self, self.stage, spec, work)
        watch_function(function, self._data.alarms)
        return function
