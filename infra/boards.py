"""Boards: images are linked to them from a queue of its own, so that Firestore may be away without harm."""

from aws_cdk import Duration
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sqs as sqs

from infra import environment, permissions
from infra.alarms import Rule
from infra.factory import FunctionFactory
from infra.function import Function, dead_letters
from infra.functions import BOARDS
from infra.permissions import Right, grant
from infra.watch import FIVE_MINUTES, watch_dead_letters

_HOUR = 3600
# How many calls Firestore hears at once; Lambda's least is two.
_AT_ONCE = 5
_TO_READ = ("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes")


class Boards:
    """The queue of what is to be linked or unlinked, and the function that does it."""

    def __init__(self, factory: FunctionFactory) -> None:
        self._factory = factory
        self._lost = dead_letters(factory.scope, "BoardsLost", factory.stage)
        self.queue = self._queue()
        self._read(self._function())
        self._watch()

    @property
    def to_tell(self) -> Right:
        """The right to put something into the queue."""
        return Right(["sqs:SendMessage"], [self.queue.queue_arn])

    def _queue(self) -> sqs.Queue:
        stage = self._factory.stage
        return sqs.Queue(
            self._factory.scope,
            "BoardsQueue",
            encryption=sqs.QueueEncryption.SQS_MANAGED,
            enforce_ssl=stage.hardening.tls_only,
            retention_period=Duration.days(4),
            # What failed comes again after so long.
            visibility_timeout=Duration.seconds(stage.limits.board_pause_seconds),
            dead_letter_queue=sqs.DeadLetterQueue(max_receive_count=stage.limits.board_tries, queue=self._lost),
        )

    def _function(self) -> Function:
        factory = self._factory
        secret = f"namo/{factory.stage.name}/firebase"
        return factory.make(
            BOARDS,
            environment.boards(factory.stage, factory.data, secret, self._lost.queue_url),
            permissions.to_read_secret(factory.scope, secret),
            Right(["sqs:SendMessage"], [self._lost.queue_arn]),
        )

    def _read(self, function: Function) -> None:
        grant(function.role, Right(_TO_READ, [self.queue.queue_arn]))
        lambda_.CfnEventSourceMapping(
            function,
            "Queue",
            function_name=function.function.function_name,
            event_source_arn=self.queue.queue_arn,
            batch_size=10,
            function_response_types=["ReportBatchItemFailures"],
            scaling_config={"maximumConcurrency": _AT_ONCE},
        ).node.add_dependency(function.role)

    def _watch(self) -> None:
        scope, alarms = self._factory.scope, self._factory.data.alarms
        watch_dead_letters(scope, "BoardsLostDepth", self._lost, alarms)
        if alarms:
            age = self.queue.metric_approximate_age_of_oldest_message(period=FIVE_MINUTES, statistic="Maximum")
            alarms.ring(scope, Rule("BoardsBehind", age, _HOUR, "An image waits for its board for more than an hour"))
