"""The alarms of each function, its queues and its streams."""

from aws_cdk import Duration
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.constructs.function import Function
from infra.constructs.interfaces import as_interface
from infra.monitoring.alarms import Alarms, Rule

FIVE_MINUTES = Duration.minutes(5)
_MINUTE = Duration.minutes(1)


def watch_function(function: Function, alarms: Alarms | None) -> None:
    """Alarm when a function fails again and again, is throttled, has dead letters, or logs that somebody must look."""
    if not alarms:
        return
    name, target = function.spec.name, function.function
    errors = target.metric_errors(period=FIVE_MINUTES, statistic="Sum")
    alarms.add(function, Rule("Errors", errors, 5, f"{name} raised more than 5 times in five minutes"))
    throttles = target.metric_throttles(period=FIVE_MINUTES, statistic="Sum")
    alarms.add(function, Rule("Throttles", throttles, 20, f"{name} was throttled by its concurrency limit"))
    alarms.count_raised(function, as_interface(target.log_group))
    if function.failed:
        watch_dead_letters(function, "FailedDepth", function.failed, alarms)


def watch_dead_letters(scope: Construct, name: str, queue: sqs.Queue, alarms: Alarms | None) -> None:
    """Alarm as soon as one message lies in a dead-letter queue."""
    if alarms:
        depth = queue.metric_approximate_number_of_messages_visible(period=_MINUTE, statistic="Maximum")
        alarms.add(scope, Rule(name, depth, 0, f"{queue.node.path} holds work that failed for good"))


def watch_stream(function: Function, alarms: Alarms | None) -> None:
    """Alarm when a stream's reader falls a minute behind for three minutes."""
    if alarms:
        age = function.function.metric("IteratorAge", period=_MINUTE, statistic="Maximum")
        alarms.add(function, Rule("Behind", age, 60_000, f"{function.spec.name} reads its stream late", periods=3))
