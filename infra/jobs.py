"""What runs behind the API: readers of the streams, the sweeper, workers, the resizer, boards, the reconciler."""

from typing import Any

from aws_cdk import Duration
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from constructs import Construct

from infra import environment
from infra.accounts import add_accounts_reconciler
from infra.api import Api
from infra.auth import Auth
from infra.boards import Boards
from infra.data import Data
from infra.factory import FunctionFactory
from infra.function import Background, Function
from infra.functions import ARCHIVE, JOBS_STREAM, PUBLISH, RESIZER, SWEEPER, function_name, workers
from infra.interfaces import as_interface
from infra.permissions import Right, to_archive, to_invoke, to_sign
from infra.reader import Reading, read_streams
from infra.stack import StageStack
from infra.stages import Stage
from infra.tables import APPEND_ONLY
from infra.workers import add_workers

_WRITTEN = ["INSERT", "MODIFY"]


def _becomes(*statuses: str) -> dict[str, Any]:
    return {"eventName": _WRITTEN, "dynamodb": {"NewImage": {"status": {"S": list(statuses)}}}}


# New jobs to hand out, ended ones whose charge has to come back or whose image belongs on a board, and jobs that are
# gone, by their owner's wish or their age, from their boards; the other changes would wake it for nothing.
_TO_ACT_ON = (_becomes("PENDING", "FAILED", "CANCELED", "COMPLETED"), {"eventName": ["REMOVE"]})
# What fails is tried again at once, a few times only: all that follows it waits meanwhile, and the sweeper finds by the
# job's row whatever was given up here.
_MUST_HAPPEN = Reading("TRIM_HORIZON", _TO_ACT_ON, batch=25, retries=5, max_age=600)
# Telling late is worth little, and whoever was away asks for the job or the payment.
_TELLING = Reading("LATEST", ({"eventName": _WRITTEN},), batch=10, retries=5, max_age=300)
# A stream keeps a record for a day: what cannot be archived is tried for hours, and time is left to fetch by hand what
# was given up.
_ARCHIVING = Reading(
    "TRIM_HORIZON", ({"eventName": [*_WRITTEN, "REMOVE"]},), batch=100, retries=10_000, max_age=6 * 3600
)
# Beside an upload or a result S3 tells of everything: the smaller sizes would wake the resizer again.
_ARRIVING = [{"prefix": "incoming/"}, {"prefix": "results/"}]


class Jobs(StageStack):
    """The stage's background work. The Jobs stream has two readers and, by DynamoDB's rule, room for no third."""

    def __init__(self, scope: Construct, stage: Stage, data: Data, auth: Auth, api: Api) -> None:
        super().__init__(scope, stage, "jobs")
        self._data = data
        self._factory = FunctionFactory(self, stage, data)
        add_workers(self._factory)
        boards = Boards(self._factory)
        read_streams(self._jobs_stream(boards), stage, data, _MUST_HAPPEN, "Jobs")
        read_streams(self._publish(api), stage, data, _TELLING, "Jobs", "Payments")
        read_streams(self._archive(), stage, data, _ARCHIVING, *APPEND_ONLY)
        self._sweeper()
        self._resizer(boards)
        add_accounts_reconciler(self._factory, boards, auth.pool)

    def _jobs_stream(self, boards: Boards) -> Function:
        variables = environment.jobs_stream(self.stage, self._data, boards.queue.queue_url)
        return self._factory.make(JOBS_STREAM, variables, self._invoke_workers(), boards.to_tell)

    def _publish(self, api: Api) -> Function:
        variables = environment.publish(self.stage, self._data, api.url)
        tell = Right(["appsync:GraphQL"], [api.field_arn(f"Mutation.publish{what}") for what in ("Job", "Payment")])
        return self._factory.make(PUBLISH, variables, tell, *to_sign(self, self._data))

    def _archive(self) -> Function:
        return self._factory.make(ARCHIVE, environment.archive(self._data), to_archive(self._data))

    def _sweeper(self) -> None:
        variables = environment.sweeper(self.stage, self._data)
        self._factory.make_timed(SWEEPER, Duration.minutes(1), variables, self._invoke_workers())

    def _resizer(self, boards: Boards) -> None:
        """Let it look at every new image. By EventBridge: a bucket that named the function would be a cycle."""
        variables = environment.resizer(self.stage, self._data, boards.queue.queue_url)
        background = Background(retries=2, max_age=3600)
        resizer = self._factory.make(RESIZER, variables, boards.to_tell, background=background)
        target = targets.LambdaFunction(as_interface(resizer.function), dead_letter_queue=as_interface(resizer.failed))
        events.Rule(
            self,
            "ImageArrived",
            event_pattern=events.EventPattern(
                source=["aws.s3"],
                detail_type=["Object Created"],
                detail={"bucket": {"name": [self._data.media.bucket_name]}, "object": {"key": _ARRIVING}},
            ),
            targets=[as_interface(target)],
        )

    def _invoke_workers(self) -> Right:
        names = [function_name(self.stage.name, spec) for spec in workers(self.stage.providers)]
        return to_invoke(self, *names)
