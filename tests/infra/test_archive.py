"""Lines are appended, never changed, and each is kept where nobody can change it."""

import pytest

from tests.infra.templates import Json, Resource, Templates, listed, logical

APPEND_ONLY = ("Ledger", "Audit")
# Whatever else could write into a table.
CHANGING = {
    f"dynamodb:{action}"
    for action in (
        *("UpdateItem", "DeleteItem", "BatchWriteItem"),
        *("PartiQLInsert", "PartiQLUpdate", "PartiQLDelete"),
    )
}
READING = {
    f"dynamodb:{action}"
    for action in (
        *("GetItem", "BatchGetItem", "Query", "ConditionCheckItem"),
        *("DescribeStream", "GetRecords", "GetShardIterator", "ListStreams"),
    )
}


def archive(templates: Templates) -> Resource:
    return next(bucket for bucket in templates.of("AWS::S3::Bucket") if logical(bucket.id) == "Archive")


def granted(templates: Templates, start: str) -> list[Json]:
    """Return the statements of all policies that allow something on resources which begin so."""
    return [
        statement
        for policy in templates.of("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy")
        for statement in policy.properties["PolicyDocument"]["Statement"]
        if any(templates.text(resource).startswith(start) for resource in listed(statement["Resource"]))
    ]


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_no_role_may_change_or_remove_a_line(templates: Templates, table: str) -> None:
    statements = granted(templates, f"<{table}.") + granted(templates, "*")
    actions = {action for statement in statements for action in listed(statement["Action"])}
    written = {action for action in actions if action.startswith("dynamodb:")} - READING
    assert written == {"dynamodb:PutItem"}


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_a_line_is_appended_in_a_transaction_only(templates: Templates, table: str) -> None:
    puts = [each for each in granted(templates, f"<{table}.") if "dynamodb:PutItem" in listed(each["Action"])]
    assert puts
    for put in puts:
        operation = put["Condition"]["ForAnyValue:StringEquals"]["dynamodb:EnclosingOperation"]
        assert listed(operation) == ["TransactWriteItems"]


def test_the_tables_themselves_deny_everybody_to_change_a_line(templates: Templates) -> None:
    denied = {
        name: statement
        for name, table in templates.tables.items()
        if "ResourcePolicy" in table
        for statement in table["ResourcePolicy"]["PolicyDocument"]["Statement"]
    }
    assert denied.keys() == set(APPEND_ONLY)
    for statement in denied.values():
        assert (statement["Effect"], statement["Principal"], statement["Resource"]) == ("Deny", {"AWS": "*"}, "*")
        assert "Condition" not in statement
        assert set(statement["Action"]) == CHANGING


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_lines_never_expire(templates: Templates, table: str) -> None:
    assert "TimeToLiveSpecification" not in templates.tables[table]


@pytest.mark.parametrize(
    ("stage", "mode", "years"),
    [("local", "GOVERNANCE", 0), ("dev", "GOVERNANCE", 0), ("stage", "COMPLIANCE", 1), ("prod", "COMPLIANCE", 10)],
)
def test_what_is_archived_is_locked_for_the_stages_time_and_goes_after_it(
    every: dict[str, Templates], stage: str, mode: str, years: int
) -> None:
    bucket = archive(every[stage]).properties
    assert bucket["ObjectLockEnabled"] is True
    assert bucket["VersioningConfiguration"] == {"Status": "Enabled"}
    lock = bucket["ObjectLockConfiguration"]
    assert lock["ObjectLockEnabled"] == "Enabled"
    retention = lock["Rule"]["DefaultRetention"]
    assert retention["Mode"] == mode
    assert max(1, years * 365.25) <= retention["Days"] <= max(1, years * 366)
    (rule,) = bucket["LifecycleConfiguration"]["Rules"]
    assert rule["ExpirationInDays"] > retention["Days"]
    assert rule["Status"] == "Enabled"


@pytest.mark.parametrize(("stage", "kept"), [("dev", False), ("stage", True), ("prod", True)])
def test_the_archive_outlives_its_stack_where_data_is_kept(
    every: dict[str, Templates], stage: str, *, kept: bool
) -> None:
    assert archive(every[stage]).body["DeletionPolicy"] == ("RetainExceptOnCreate" if kept else "Delete")


def test_no_key_of_ours_can_take_the_archive_along(templates: Templates) -> None:
    (rule,) = archive(templates).properties["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert rule["ServerSideEncryptionByDefault"] == {"SSEAlgorithm": "AES256"}


def test_one_function_may_write_new_objects_and_nobody_may_do_more(templates: Templates) -> None:
    (allowed,) = granted(templates, "<Archive.")
    assert allowed["Action"] == "s3:PutObject"
    assert allowed["Condition"] == {"Null": {"s3:if-none-match": "false"}}
    assert allowed in list(templates.statements(templates.role_of("archive")))


def test_access_to_the_archive_is_logged_where_access_is(prod: Templates) -> None:
    logging = archive(prod).properties["LoggingConfiguration"]
    assert (prod.text(logging["DestinationBucketName"]), logging["LogFilePrefix"]) == ("<AccessLogs>", "archive/")
