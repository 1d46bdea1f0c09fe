"""What sets functions off: the clock, streams of tables, queues, new objects, and an inference's outcome."""

import json
from collections.abc import Iterable

from aws_cdk import Duration
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_lambda_event_sources as sources
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions

from infra.constructs.function import Function, dead_letters
from infra.constructs.interfaces import as_interface
from infra.constructs.permissions import grant, to_read_streams
from infra.constructs.resources import Resources, read_by
from infra.declaration import (
    Asynchronous,
    Calls,
    Fields,
    InferenceTopics,
    MailEvents,
    ObjectsCreated,
    QueueMessages,
    Routes,
    Schedule,
    Streams,
    UserPoolTriggers,
)
from infra.monitoring.functions import watch_dead_letters, watch_stream


def connect(function: Function, resources: Resources) -> None:
    """Let a function be set off by its trigger; the API's, webhooks', user pool's and callers' are not its own."""
    match function.spec.trigger:
        case Schedule(every=seconds):
            _run_every(function, seconds)
        case Streams() as streams:
            _read_streams(function, resources, streams)
        case QueueMessages() as messages:
            _read_queue(function, resources, messages)
        case ObjectsCreated(prefixes=prefixes):
            _watch_objects(function, resources, prefixes)
        case InferenceTopics():
            _subscribe(function, resources.topics)
        case MailEvents():
            _subscribe(function, [resources.data.mail.topic] if resources.data.mail else [])
        case Fields() | Routes() | UserPoolTriggers() | Calls() | Asynchronous():
            pass


def _subscribe(function: Function, topics: Iterable[sns.Topic]) -> None:
    for topic in topics:
        topic.add_subscription(as_interface(subscriptions.LambdaSubscription(as_interface(function.function))))


def _run_every(function: Function, seconds: int) -> None:
    target = as_interface(targets.LambdaFunction(as_interface(function.function)))
    schedule = events.Schedule.rate(Duration.seconds(seconds))
    events.Rule(function, "Due", schedule=schedule, targets=[target])


def _read_streams(function: Function, resources: Resources, streams: Streams) -> None:
    """Let it read; a record that fails for good goes to a dead-letter queue with an alarm.

    A batch that it could not handle at all is split in half, until the bad record stands alone. A function that
    reads the queue's address puts aside by itself what it can never read, so that nothing waits for it.
    """
    data = resources.data
    queue = dead_letters(function, "Unread", resources.stage)
    for right in to_read_streams(data, *streams.tables):
        grant(function.role, right)
    for table in streams.tables:
        # Its own event source would let the function list every stream of the account.
        function.function.add_event_source_mapping(
            f"{table}Stream",
            event_source_arn=data.stream_arn(table),
            starting_position=lambda_.StartingPosition[streams.starting],
            batch_size=streams.batch,
            bisect_batch_on_error=True,
            report_batch_item_failures=True,
            retry_attempts=streams.retries,
            max_record_age=Duration.seconds(streams.max_age),
            filters=[{"pattern": json.dumps(pattern)} for pattern in streams.patterns],
            on_failure=as_interface(sources.SqsDlq(as_interface(queue))),
        )
    for variable in streams.variables & set(read_by(function.spec)):
        function.function.add_environment(variable, queue.queue_url)
    watch_dead_letters(function, "UnreadDepth", queue, data.alarms)
    watch_stream(function, data.alarms)


def _read_queue(function: Function, resources: Resources, trigger: QueueMessages) -> None:
    source = sources.SqsEventSource(
        as_interface(resources.queue(trigger.queue, function.spec)),
        batch_size=trigger.batch,
        report_batch_item_failures=True,
        max_concurrency=trigger.concurrency,
    )
    function.function.add_event_source(as_interface(source))


def _watch_objects(function: Function, resources: Resources, prefixes: tuple[str, ...]) -> None:
    """Send it new objects by EventBridge: a bucket that named the function would be a cycle."""
    target = targets.LambdaFunction(as_interface(function.function), dead_letter_queue=as_interface(function.failed))
    keys = [{"prefix": prefix} for prefix in prefixes]
    events.Rule(
        function,
        "ImageArrived",
        event_pattern=events.EventPattern(
            source=["aws.s3"],
            detail_type=["Object Created"],
            detail={"bucket": {"name": [resources.data.media.bucket_name]}, "object": {"key": keys}},
        ),
        targets=[as_interface(target)],
    )
