"""The queue of links to boards: Firestore may be away without harm to anything else."""

from aws_cdk import Duration
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.constructs.function import dead_letters
from infra.constructs.resources import Resources
from infra.watching.alarms import Rule
from infra.watching.functions import FIVE_MINUTES, watch_dead_letters

_HOUR = 3600


def add_boards_queue(scope: Construct, resources: Resources) -> None:
    """Make the queue, and that of its dead letters, and let functions know both."""
    stage, alarms = resources.stage, resources.data.alarms
    lost = dead_letters(scope, "BoardsLost", stage)
    queue = sqs.Queue(
        scope,
        "BoardsQueue",
        encryption=sqs.QueueEncryption.SQS_MANAGED,
        enforce_ssl=stage.hardening.tls_only,
        retention_period=Duration.days(4),
        # What failed comes again after so long.
        visibility_timeout=Duration.seconds(stage.limits.board_pause_seconds),
        dead_letter_queue=sqs.DeadLetterQueue(max_receive_count=stage.limits.board_tries, queue=lost),
    )
    resources.add_queue("BOARDS_QUEUE", queue)
    resources.add_queue("BOARDS_LOST", lost)
    watch_dead_letters(scope, "BoardsLostDepth", lost, alarms)
    if alarms:
        age = queue.metric_approximate_age_of_oldest_message(period=FIVE_MINUTES, statistic="Maximum")
        alarms.add(scope, Rule("BoardsBehind", age, _HOUR, "An image waits for its board for more than an hour"))
