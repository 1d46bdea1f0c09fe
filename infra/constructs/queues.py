"""Queues of what may wait while somebody is away, without harm to anything else: boards, and mails."""

from dataclasses import dataclass

from aws_cdk import Duration
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.constructs.function import dead_letters
from infra.constructs.resources import Resources
from infra.monitoring.alarms import Rule
from infra.monitoring.functions import FIVE_MINUTES, watch_dead_letters

_HOUR = 3600


@dataclass(frozen=True)
class QueueSpec:
    """A queue: what failed comes again after `pause` seconds, `tries` times; `late` is what an hour in it means."""

    name: str
    pause: int
    tries: int
    late: str


def add_queues(scope: Construct, resources: Resources) -> None:
    """Make each queue, and that of its dead letters, and let functions know both."""
    stage, limits = resources.stage, resources.stage.limits
    late = "An image waits for its board for more than an hour"
    _add(scope, resources, QueueSpec("Boards", limits.board_pause_seconds, limits.board_tries, late))
    if stage.mail:
        late = "A mail waits for more than an hour"
        _add(scope, resources, QueueSpec("Mail", limits.mail_pause_seconds, limits.mail_tries, late))


def _add(scope: Construct, resources: Resources, spec: QueueSpec) -> None:
    stage, alarms, name = resources.stage, resources.data.alarms, spec.name
    lost = dead_letters(scope, f"{name}Lost", stage)
    queue = sqs.Queue(
        scope,
        f"{name}Queue",
        encryption=sqs.QueueEncryption.SQS_MANAGED,
        enforce_ssl=stage.hardening.tls_only,
        retention_period=Duration.days(4),
        visibility_timeout=Duration.seconds(spec.pause),
        dead_letter_queue=sqs.DeadLetterQueue(max_receive_count=spec.tries, queue=lost),
    )
    resources.add_queue(f"{name.upper()}_QUEUE", queue)
    resources.add_queue(f"{name.upper()}_LOST", lost)
    watch_dead_letters(scope, f"{name}LostDepth", lost, alarms)
    if alarms:
        age = queue.metric_approximate_age_of_oldest_message(period=FIVE_MINUTES, statistic="Maximum")
        alarms.add(scope, Rule(f"{name}Behind", age, _HOUR, spec.late))
