import json

import pytest

from tests.infra.templates import STACKS, Json, Templates
from tests.stages import STAGES

KEYS = {
    "Jobs": [("id", "HASH")],
    "Documents": [("id", "HASH")],
    "Photos": [("document", "HASH"), ("id", "RANGE")],
    "People": [("id", "HASH")],
    "Ledger": [("owner", "HASH"), ("entry", "RANGE")],
    "Requests": [("owner", "HASH"), ("request", "RANGE")],
    "Uploads": [("id", "HASH")],
    "Addresses": [("address", "HASH")],
    "Fingerprints": [("bucket", "HASH"), ("job", "RANGE")],
    "Usage": [("owner", "HASH"), ("day", "RANGE")],
    "Payments": [("id", "HASH")],
    "PaymentEvents": [("id", "HASH")],
    "Orders": [("id", "HASH")],
    "OrderDocuments": [("order", "HASH"), ("id", "RANGE")],
    "Quotes": [("owner", "HASH"), ("id", "RANGE")],
    "PrintOrders": [("id", "HASH")],
    "Rates": [("pair", "HASH")],
    "Mails": [("mail", "HASH")],
    "Audit": [("day", "HASH"), ("record", "RANGE")],
}
INDEXES = {
    "Jobs": {
        "byOwner": (["owner", "createdAt"], "KEYS_ONLY", None),
        "byChange": (["owner", "updatedAt"], "KEYS_ONLY", None),
        "byStatus": (["status", "createdAt"], "KEYS_ONLY", None),
        "open": (["open", "due"], "INCLUDE", ["status"]),
    },
    "People": {
        "EmailIndex": (["email"], "KEYS_ONLY", None),
        "everybody": (["listed", "createdAt"], "KEYS_ONLY", None),
        "unsettled": (["unsettled", "since"], "KEYS_ONLY", None),
    },
    "Ledger": {},
    "Fingerprints": {},
    "Addresses": {},
    "Requests": {},
    "Uploads": {"byOwner": (["owner", "createdAt"], "KEYS_ONLY", None)},
    "Documents": {
        "byOwner": (["list", "createdAt"], "KEYS_ONLY", None),
        "open": (["open", "due"], "KEYS_ONLY", None),
    },
    "Photos": {},
    "Usage": {},
    "Payments": {
        "byOwner": (["owner", "createdAt"], "KEYS_ONLY", None),
        "byStatus": (["status", "createdAt"], "KEYS_ONLY", None),
        "open": (["open", "due"], "INCLUDE", ["status"]),
    },
    "PaymentEvents": {
        "byPayment": (["paymentId", "at"], "KEYS_ONLY", None),
        "open": (["open", "due"], "INCLUDE", ["status"]),
    },
    "Orders": {
        "byCustomer": (["customer", "createdAt"], "KEYS_ONLY", None),
        "byCustomerStatus": (["list", "createdAt"], "KEYS_ONLY", None),
        "byStatus": (["status", "createdAt"], "KEYS_ONLY", None),
        "open": (["open", "due"], "KEYS_ONLY", None),
    },
    "OrderDocuments": {},
    "Quotes": {},
    "PrintOrders": {
        "byPrinterId": (["printerId"], "KEYS_ONLY", None),
        "open": (["open", "due"], "KEYS_ONLY", None),
    },
    "Rates": {},
    "Mails": {},
    "Audit": {"bySubject": (["subject", "record"], "KEYS_ONLY", None)},
}


def test_keys(templates: Templates) -> None:
    found = {
        name: [(key["AttributeName"], key["KeyType"]) for key in table["KeySchema"]]
        for name, table in templates.tables.items()
    }
    assert found == KEYS


def test_indexes_hold_no_more_than_they_must(templates: Templates) -> None:
    found = {name: dict(map(_index, table.get("GlobalSecondaryIndexes", []))) for name, table in _tables(templates)}
    assert found == INDEXES


def _index(index: Json) -> tuple[str, tuple[list[str], str, list[str] | None]]:
    keys = [key["AttributeName"] for key in index["KeySchema"]]
    projection = index["Projection"]
    return index["IndexName"], (keys, projection["ProjectionType"], projection.get("NonKeyAttributes"))


def test_the_ledger_is_read_by_time_and_consistently(templates: Templates) -> None:
    (index,) = templates.tables["Ledger"]["LocalSecondaryIndexes"]
    assert index["IndexName"] == "byTime"
    assert [key["AttributeName"] for key in index["KeySchema"]] == ["owner", "at"]
    assert index["Projection"] == {"ProjectionType": "ALL"}


@pytest.mark.parametrize("table", ["Jobs", "Payments", "PaymentEvents", "Orders", "PrintOrders"])
def test_what_is_due_is_a_number(templates: Templates, table: str) -> None:
    attributes = templates.tables[table]["AttributeDefinitions"]
    assert {"AttributeName": "due", "AttributeType": "N"} in attributes
    assert {each["AttributeType"] for each in attributes if each["AttributeName"] != "due"} == {"S"}


def test_all_are_billed_by_request(templates: Templates) -> None:
    assert {table["BillingMode"] for table in templates.tables.values()} == {"PAY_PER_REQUEST"}


def test_what_others_follow_is_streamed_as_it_was_and_is(templates: Templates) -> None:
    streams = {
        name: table["StreamSpecification"] for name, table in _tables(templates) if "StreamSpecification" in table
    }
    both = {"StreamViewType": "NEW_AND_OLD_IMAGES"}
    followed = ("Jobs", "Payments", "Documents", "Orders", "PrintOrders", "People", "Uploads", "Ledger", "Audit")
    assert streams == dict.fromkeys(followed, both)


def test_jobs_uploads_usage_unpaid_orders_and_others_events_expire_and_marks_and_money_never(
    templates: Templates,
) -> None:
    expiring = {
        name: table["TimeToLiveSpecification"]
        for name, table in _tables(templates)
        if "TimeToLiveSpecification" in table
    }
    on = {"AttributeName": "expiresAt", "Enabled": True}
    # Of events what names no payment, of orders what was never paid; quotes hold for 48 hours.
    assert expiring == dict.fromkeys(
        ("Jobs", "Uploads", "Fingerprints", "Usage", "PaymentEvents", "Orders", "Quotes"), on
    )


def test_backups_on_every_aws_stage(aws: Templates) -> None:
    found = {table["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"] for table in aws.tables.values()}
    assert found == {True}


@pytest.mark.parametrize("stage", ["stage", "prod"])
def test_kept_protected_and_under_our_own_key(every: dict[str, Templates], stage: str) -> None:
    key = every[stage].one("AWS::KMS::Key")
    assert key.properties["EnableKeyRotation"] is True
    for table in every[stage].of("AWS::DynamoDB::Table"):
        assert table.body["DeletionPolicy"] == "RetainExceptOnCreate"
        assert table.properties["DeletionProtectionEnabled"] is True
        assert table.properties["SSESpecification"]["KMSMasterKeyId"] == {"Fn::GetAtt": [key.id, "Arn"]}


def test_what_a_failed_first_deploy_made_does_not_bar_the_next(templates: Templates) -> None:
    assert {each.body.get("DeletionPolicy") for each in templates.resources} <= {None, "Delete", "RetainExceptOnCreate"}


@pytest.mark.parametrize("stage", STAGES)
def test_a_stack_that_is_protected_is_not_deleted_by_mistake(every: dict[str, Templates], stage: str) -> None:
    kept = stage != "local"
    artifacts = json.loads((every[stage].folder / "manifest.json").read_text())["artifacts"]
    stacks = [one["properties"] for one in artifacts.values() if one["type"] == "aws:cloudformation:stack"]
    assert [bool(stack.get("terminationProtection")) for stack in stacks] == [kept] * len(STACKS)


@pytest.mark.parametrize("stage", ["local", "dev"])
def test_a_stage_for_trying_things_leaves_nothing_behind(every: dict[str, Templates], stage: str) -> None:
    assert not every[stage].of("AWS::KMS::Key")
    for table in every[stage].of("AWS::DynamoDB::Table"):
        assert table.body["DeletionPolicy"] == "Delete"


def test_before_the_first_deploy_has_succeeded_nothing_is_protected(other: Templates) -> None:
    artifacts = json.loads((other.folder / "manifest.json").read_text())["artifacts"]
    assert not any(one["properties"].get("terminationProtection") for one in artifacts.values())
    assert not any(table.get("DeletionProtectionEnabled") for table in other.tables.values())
    assert other.one("AWS::Cognito::UserPool").properties.get("DeletionProtection") != "ACTIVE"


def _tables(templates: Templates) -> list[tuple[str, Json]]:
    return list(templates.tables.items())
