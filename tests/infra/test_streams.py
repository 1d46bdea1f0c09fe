import json

import pytest

from infra.functions import ALL
from tests.infra.templates import Json, Resource, Templates, logical


def readers(templates: Templates) -> dict[tuple[str, str], Json]:
    """Properties of the mappings, by function and stream."""
    found = (mapping.properties for mapping in templates.of("AWS::Lambda::EventSourceMapping"))
    return {
        (templates.text(mapping["FunctionName"]), templates.text(mapping["EventSourceArn"])): mapping
        for mapping in found
        if "StartingPosition" in mapping
    }


def patterns(reader: Json) -> list[Json]:
    return [json.loads(one["Pattern"]) for one in reader["FilterCriteria"]["Filters"]]


ACTING = ("<JobsStreamFunction>", "<Jobs.StreamArn>")
WRITING = ("<PaymentsStreamFunction>", "<Payments.StreamArn>")
UNLINKING = ("<UploadsStreamFunction>", "<Uploads.StreamArn>")
PREVIEWING = ("<CollagePreviewsFunction>", "<Documents.StreamArn>")
PRINTING = ("<PrintingStreamFunction>", "<PrintOrders.StreamArn>")
PUBLISHED = ("Jobs", "Payments", "Documents", "Orders", "People", "Uploads")
TELLING = [("<PublishFunction>", f"<{table}.StreamArn>") for table in PUBLISHED]

FULFILLING = [("<FulfilmentFunction>", f"<{table}.StreamArn>") for table in ("Orders", "PrintOrders")]
ARCHIVING = (("<ArchiveFunction>", "<Ledger.StreamArn>"), ("<ArchiveFunction>", "<Audit.StreamArn>"))


def test_a_stream_has_at_most_two_readers(templates: Templates) -> None:
    assert readers(templates).keys() == {
        ACTING,
        *TELLING,
        *ARCHIVING,
        *FULFILLING,
        WRITING,
        PRINTING,
        UNLINKING,
        PREVIEWING,
    }
    streams = [stream for _, stream in readers(templates)]
    assert max(streams.count(each) for each in streams) == 2


def test_a_bad_record_is_found_given_up_in_time_and_kept(templates: Templates) -> None:
    for (name, stream), reader in readers(templates).items():
        assert reader["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
        assert reader["BisectBatchOnFunctionError"] is True
        if (name, stream) not in ARCHIVING:
            assert 0 < reader["MaximumRetryAttempts"] <= 5  # the whole shard waits for it meanwhile
            assert 60 <= reader["MaximumRecordAgeInSeconds"] <= 600
        queue = templates.text(reader["DestinationConfig"]["OnFailure"]["Destination"])
        assert queue == name.replace("Function>", "Unread.Arn>")


def test_who_puts_records_aside_is_told_of_the_very_queue_of_its_dead_letters(templates: Templates) -> None:
    for name, queue in (
        ("publish", "<PublishUnread>"),
        ("jobs-stream", "<JobsStreamUnread>"),
        ("payments-stream", "<PaymentsStreamUnread>"),
        ("uploads-stream", "<UploadsStreamUnread>"),
        ("fulfilment", "<FulfilmentUnread>"),
    ):
        variable = templates.functions[name]["Environment"]["Variables"]["UNREAD_QUEUE"]
        assert templates.text(variable) == queue


def test_what_must_happen_starts_from_the_oldest_record(templates: Templates) -> None:
    for reader in (ACTING, WRITING, PRINTING, UNLINKING, PREVIEWING, *FULFILLING):
        assert readers(templates)[reader]["StartingPosition"] == "TRIM_HORIZON"


def test_boards_are_told_of_uploads_that_go_and_are_gone(templates: Templates) -> None:
    assert patterns(readers(templates)[UNLINKING]) == [
        {"eventName": ["MODIFY"], "dynamodb": {"NewImage": {"status": {"S": ["WITHDRAWN"]}}}},
        {"eventName": ["REMOVE"]},
    ]


def test_collages_are_previewed_when_their_pictures_come(templates: Templates) -> None:
    collages = {"NewImage": {"kind": {"S": ["COLLAGE"]}}}
    assert patterns(readers(templates)[PREVIEWING]) == [{"eventName": ["MODIFY"], "dynamodb": collages}]


def test_payers_are_written_to_about_changes(templates: Templates) -> None:
    of_payments = {"NewImage": {"version": {"N": [{"exists": True}]}}}
    assert patterns(readers(templates)[WRITING]) == [{"eventName": ["MODIFY"], "dynamodb": of_payments}]


def test_the_printer_is_asked_for_orders_that_are_not_over(templates: Templates) -> None:
    still_open = {"NewImage": {"open": {"S": ["open"]}}}
    assert patterns(readers(templates)[PRINTING]) == [{"eventName": ["INSERT", "MODIFY"], "dynamodb": still_open}]


def test_fulfilment_wakes_for_orders_that_were_paid_or_ended_and_for_what_the_printer_has_or_refused(
    templates: Templates,
) -> None:
    statuses = {"status": {"S": ["PROCESSING", "COMPLETED", "FAILED", "CANCELED"]}}
    there = [{"exists": True}]
    images = (statuses, {"printerId": {"S": there}}, {"refusal": {"M": {"refusal": {"S": there}}}})
    for reader in FULFILLING:
        assert patterns(readers(templates)[reader]) == [
            {"eventName": ["MODIFY"], "dynamodb": {"NewImage": image}} for image in images
        ]


@pytest.mark.parametrize("reader", ARCHIVING)
def test_every_change_is_archived_and_tried_for_hours(templates: Templates, reader: tuple[str, str]) -> None:
    found = readers(templates)[reader]
    assert patterns(found) == [{"eventName": ["INSERT", "MODIFY", "REMOVE"]}]
    assert found["StartingPosition"] == "TRIM_HORIZON"
    assert found["MaximumRetryAttempts"] == 10_000
    assert 3600 <= found["MaximumRecordAgeInSeconds"] <= 86_400 / 2  # a stream forgets after a day


def test_dispatch_refunds_and_boards_wake_for_what_they_act_on(templates: Templates) -> None:
    statuses = ["PENDING", "FAILED", "CANCELED", "COMPLETED"]
    assert patterns(readers(templates)[ACTING]) == [
        {"eventName": ["INSERT", "MODIFY"], "dynamodb": {"NewImage": {"status": {"S": statuses}}}},
        {"eventName": ["REMOVE"]},
    ]


@pytest.mark.parametrize("reader", TELLING)
def test_every_change_is_told_but_not_a_removal_nor_a_transactions_row(
    templates: Templates, reader: tuple[str, str]
) -> None:
    versioned = {"NewImage": {"version": {"N": [{"exists": True}]}}}
    here = {"OldImage": {"listed": {"S": [{"exists": True}]}}}  # of people, those who had not left before
    uploads = {"NewImage": {"status": {"S": ["READY", "REJECTED", "WITHDRAWN"]}}}
    assert patterns(readers(templates)[reader]) == [
        {"eventName": ["INSERT", "MODIFY"], "dynamodb": versioned},
        {"eventName": ["MODIFY"], "dynamodb": here},
        {"eventName": ["MODIFY"], "dynamodb": uploads},
    ]


def test_one_message_in_any_dead_letter_queue_rings(aws: Templates) -> None:
    queues = {f"<{queue.id}>" for queue in aws.of("AWS::SQS::Queue") if "RedrivePolicy" not in queue.properties}
    watched: set[str] = set()
    for alarm in aws.of("AWS::CloudWatch::Alarm"):
        properties = alarm.properties
        if properties.get("MetricName") == "ApproximateNumberOfMessagesVisible":
            assert (properties["Threshold"], properties["ComparisonOperator"]) == (0, "GreaterThanThreshold")
            (dimension,) = properties["Dimensions"]
            watched.add(f"<{dimension['Value']['Fn::GetAtt'][0]}>")
    assert watched == queues


def test_errors_throttles_lateness_and_failures_of_apis_ring(aws: Templates) -> None:
    names = [alarm.properties["MetricName"] for alarm in alarms(aws)]
    counted = {name: names.count(name) for name in set(names) - {"ApproximateNumberOfMessagesVisible"}}
    assert counted == {
        "Errors": len(ALL),
        "Throttles": len(ALL),
        "IteratorAge": 8,
        "5XXError": 1,
        "5xx": 1,
        f"{aws.stage}-alarms": 1,
        "ApproximateAgeOfOldestMessage": 2,
        "Reputation.BounceRate": 1,
        "Reputation.ComplaintRate": 1,
    }


def alarms(templates: Templates) -> list[Resource]:
    """Return those that ring; SageMaker's endpoint has one that starts a machine."""
    found = templates.of("AWS::CloudWatch::Alarm")
    return [alarm for alarm in found if alarm.properties["MetricName"] != "HasBacklogWithoutCapacity"]


def test_every_alarm_tells_a_person(aws: Templates) -> None:
    for alarm in alarms(aws):
        for kind in ("AlarmActions", "OKActions"):
            assert [aws.text(action) for action in alarm.properties[kind]] == ["<AlarmsTopic>"]
        assert alarm.properties["AlarmDescription"]
    subscription = aws.one("AWS::SNS::Subscription", Protocol="email")
    assert subscription.properties["Endpoint"] == "on-call@example.com"


def test_no_alarm_rings_at_home(local: Templates) -> None:
    assert not local.of("AWS::CloudWatch::Alarm")
    assert "AlarmsTopic" not in {logical(topic.id) for topic in local.of("AWS::SNS::Topic")}


def test_alarms_may_reach_the_topic(aws: Templates) -> None:
    (policy,) = (
        found.properties["PolicyDocument"]
        for found in aws.of("AWS::SNS::TopicPolicy")
        if logical(found.id) == "AlarmsTopicPolicy"
    )
    (allowed,) = (statement for statement in policy["Statement"] if statement["Effect"] == "Allow")
    assert (allowed["Action"], allowed["Principal"]) == ("sns:Publish", {"Service": "cloudwatch.amazonaws.com"})
    assert allowed["Condition"] == {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}
