"""Every change of a line is archived once, and a line that is not what it was is found."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from botocore.exceptions import ClientError

from studio.archive import Archive, Record, key_of
from studio.audit.item import record_to_item
from studio.audit.model import Act, AuditRecord
from studio.checks.lines import Compared, LineCheck
from studio.dynamo import pack, transact
from studio.ledger.item import entry_to_item
from studio.ledger.model import Entry, PointsReason
from tests.unit.raised import Raised
from tests.unit.resolvers.conftest import Load, load
from tests.unit.resolvers.events import numbers
from tests.unit.world import USER, World

__all__ = ["load"]

ENTRY = Entry(USER.sub, PointsReason.CHARGE, "job-1", -2, "2026-11-20T12:00:00.000Z", job_id="job-1")
ACT = AuditRecord(Act.ROLE_SET, "act-1", "admin-1", USER.sub, ENTRY.at, {"role": "ADMIN"}, "203.0.113.7")
LEDGER, AUDIT = pack(entry_to_item(ENTRY)), pack(record_to_item(ACT))
NOON = 1_795_176_000  # of 20 November 2026, in UTC


def change(old: dict[str, Any] | None, new: dict[str, Any] | None, number: int) -> dict[str, Any]:
    """Return a record as a stream tells it."""
    row = new or old or {}
    names = ("owner", "entry") if "entry" in row else ("day", "record")
    images = {name: image for name, image in (("OldImage", old), ("NewImage", new)) if image}
    about = {"Keys": {name: row[name] for name in names}, "SequenceNumber": str(number)}
    event = "REMOVE" if not new else "MODIFY" if old else "INSERT"
    return {"eventName": event, "dynamodb": about | images | {"ApproximateCreationDateTime": NOON}}


@pytest.fixture
def archive(world: World) -> Archive:
    bucket, s3 = f"archive-{uuid4()}", world.media.client
    place: Any = {"LocationConstraint": s3.meta.region_name}
    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration=place, ObjectLockEnabledForBucket=True)
    return Archive(bucket, s3)


@pytest.fixture
def lines(world: World, archive: Archive) -> LineCheck:
    """One line of each table, archived."""
    transact(world.client, [world.ledger.append(ENTRY), world.audit.append(ACT)])
    archive.keep(change(None, LEDGER, 100))
    archive.keep(change(None, AUDIT, 101))
    return LineCheck(archive, {"Ledger": world.ledger, "Audit": world.audit})


def handle(load: Load, archive: Archive, *records: Record) -> list[str]:
    module = load("resolvers.streams.archive", ARCHIVE_BUCKET=archive.bucket)
    return numbers(module.handler({"Records": list(records)}, None))


# ---- the function


def test_a_line_is_archived_as_it_was_told(load: Load, archive: Archive, raised: Raised) -> None:
    records = [change(None, LEDGER, 100), change(None, AUDIT, 101)]
    assert handle(load, archive, *records) == []
    assert sorted(archive.records(), key=str) == sorted(records, key=str)
    assert raised.lines() == []


def test_a_key_names_table_day_line_and_change() -> None:
    assert key_of(change(None, LEDGER, 100)) == "Ledger/2026-11-20/user-1%2Fcharge%23job-1/100.json"
    assert key_of(change(None, AUDIT, 7)).startswith("Audit/2026-11-20/2026-11-20%2F2026-11-20T12")


def test_a_line_of_the_longest_key_can_be_archived(load: Load, archive: Archive) -> None:
    long = change(None, LEDGER | {"owner": {"S": "ő" * 1024}, "entry": {"S": "#" * 1024}}, 100)
    assert handle(load, archive, long) == []
    assert len(key_of(long)) <= 1024
    assert list(archive.records()) == [long]


@pytest.mark.parametrize("row", [LEDGER, AUDIT])
@pytest.mark.parametrize("event", ["MODIFY", "REMOVE"])
def test_a_line_that_is_changed_or_removed_rings_and_is_archived_with_both_images(
    load: Load, archive: Archive, raised: Raised, row: dict[str, Any], event: str
) -> None:
    record = change(row, row | {"at": {"S": "never"}} if event == "MODIFY" else None, 102)
    assert handle(load, archive, record) == []
    [line] = raised.lines()
    table = "Ledger" if row is LEDGER else "Audit"
    assert (line["alarm"], line["table"], line["event"]) == ("LINE_CHANGED", table, event)
    assert [each["dynamodb"] for each in archive.records()] == [record["dynamodb"]]


@pytest.mark.parametrize("bad", [{}, {"Keys": {"id": {"S": "x"}}}])
def test_a_record_that_cannot_be_archived_comes_again_and_stops_no_other(
    load: Load, archive: Archive, bad: dict[str, Any]
) -> None:
    good = change(None, LEDGER, 100)
    unread = {"eventName": "INSERT", "dynamodb": {"SequenceNumber": "9", **bad}}
    assert handle(load, archive, unread, good) == ["9"]
    assert list(archive.records()) == [good]


def test_a_bucket_that_takes_nothing_is_reported(load: Load, archive: Archive) -> None:
    gone = Archive("no-such-bucket", archive.client)
    assert handle(load, gone, change(None, LEDGER, 100)) == ["100"]


class Conditional:
    """S3 as it meets `IfNoneMatch`, which the one in memory overlooks."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def put_object(self, **request: Any) -> Any:
        assert request.pop("IfNoneMatch") == "*"
        held = self._client.list_objects_v2(Bucket=request["Bucket"], Prefix=request["Key"])["KeyCount"]
        if held:
            raise ClientError({"Error": {"Code": "PreconditionFailed"}}, "PutObject")
        return self._client.put_object(**request)


def test_a_record_that_comes_again_is_written_once(archive: Archive) -> None:
    keeping: Any = Archive(archive.bucket, Conditional(archive.client))  # pyright: ignore[reportArgumentType]
    for _ in range(2):
        keeping.keep(change(None, LEDGER, 100))
    versions = archive.client.list_object_versions(Bucket=archive.bucket)
    assert len(versions.get("Versions", [])) == 1


# ---- the check


def test_lines_that_are_as_archived_are_sound(lines: LineCheck) -> None:
    assert lines.compare() == Compared(archived=2, findings=[], unarchived=0)


def overwritten(world: World) -> None:
    world.client.put_item(TableName="Ledger", Item=LEDGER | {"points": {"N": "0"}, "note": {"S": "a gift"}})


def removed(world: World) -> None:
    world.ledger.discard({"owner": ENTRY.owner, "entry": ENTRY.id})


def of_the_trail(world: World) -> None:
    world.client.put_item(TableName="Audit", Item={**AUDIT, "actor": {"S": "somebody else"}})


@pytest.mark.parametrize(
    ("fraud", "finding"),
    [
        (overwritten, "Ledger user-1 charge#job-1 was changed: note, points"),
        (removed, "Ledger user-1 charge#job-1 is missing"),
        (of_the_trail, f"Audit 2026-11-20 {ACT.at}#role_set#act-1 was changed: actor"),
    ],
)
def test_a_line_that_is_missing_or_was_changed_is_named(
    world: World, lines: LineCheck, fraud: Callable[[World], None], finding: str
) -> None:
    fraud(world)
    assert lines.compare().findings == [finding]


# As a stream tells a value, and as a scan gives it.
ODD: list[tuple[dict[str, Any], dict[str, Any], dict[str, Any]]] = [
    ({"N": "100"}, {"N": "1E+2"}, {"N": "100.1"}),
    ({"N": "0.10"}, {"N": "0.1"}, {"N": "0.01"}),
    ({"N": "-0"}, {"N": "0"}, {"N": "1"}),
    ({"B": "AQI="}, {"B": b"\x01\x02"}, {"B": b"\x01"}),
    ({"SS": ["b", "a"]}, {"SS": ["a", "b"]}, {"SS": ["a"]}),
    ({"NS": ["1.0", "2"]}, {"NS": ["2", "1"]}, {"NS": ["2", "3"]}),
    ({"BS": ["Ag==", "AQ=="]}, {"BS": [b"\x01", b"\x02"]}, {"BS": [b"\x01"]}),
    ({"NULL": True}, {"NULL": True}, {"BOOL": True}),
    ({"L": [{"N": "1.0"}, {"M": {"x": {"B": "AQ=="}}}]}, {"L": [{"N": "1"}, {"M": {"x": {"B": b"\x01"}}}]}, {"L": []}),
    ({"S": "1"}, {"S": "1"}, {"N": "1"}),
    ({"M": {}}, {"M": {}}, {"L": []}),
]


class Scanned:
    """A table that is scanned, and its client, with any value: the tests' own DynamoDB takes no bytes."""

    name = "Ledger"

    def __init__(self, *rows: dict[str, Any]) -> None:
        self.client = self
        self._rows = rows

    def get_paginator(self, _: str) -> "Scanned":
        return self

    def paginate(self, **_: Any) -> list[dict[str, Any]]:
        return [{"Items": self._rows}]


@pytest.mark.parametrize(("given", "kept", "other"), ODD)
def test_an_odd_line_that_was_not_changed_is_sound(
    archive: Archive, given: dict[str, Any], kept: dict[str, Any], other: dict[str, Any]
) -> None:
    def findings(odd: dict[str, Any]) -> list[str]:
        tables: Any = {"Ledger": Scanned(LEDGER | {"odd": odd}), "Audit": Scanned()}
        return LineCheck(archive, tables).compare().findings

    archive.keep(change(None, LEDGER | {"odd": given}, 100))
    assert findings(kept) == []
    assert findings(other) == ["Ledger user-1 charge#job-1 was changed: odd"]


def test_a_fraud_that_was_archived_too_is_no_excuse(world: World, lines: LineCheck) -> None:
    overwritten(world)
    changed = LEDGER | {"points": {"N": "0"}, "note": {"S": "a gift"}}
    for record in (change(LEDGER, changed, 200), change(changed, None, 201), change(None, changed, 1000)):
        lines.archive.keep(record)
    assert lines.compare().findings == ["Ledger user-1 charge#job-1 was changed: note, points"]


def test_a_line_from_before_the_archive_is_held_to_what_it_was_before_the_change(
    world: World, archive: Archive
) -> None:
    transact(world.client, [world.ledger.append(ENTRY)])
    overwritten(world)
    archive.keep(change(LEDGER, LEDGER | {"points": {"N": "0"}}, 5))
    compared = LineCheck(archive, {"Ledger": world.ledger, "Audit": world.audit}).compare()
    assert compared.findings == ["Ledger user-1 charge#job-1 was changed: note, points"]


def test_what_was_hidden_or_written_over_in_the_archive_still_counts(world: World, lines: LineCheck) -> None:
    s3, bucket = lines.archive.client, lines.archive.bucket
    key = key_of(change(None, LEDGER, 100))
    forged = change(None, LEDGER | {"points": {"N": "0"}}, 100)
    world.time += timedelta(seconds=1)
    s3.put_object(Bucket=bucket, Key=key, Body=json.dumps(forged).encode())
    s3.delete_object(Bucket=bucket, Key=key)
    assert lines.compare().findings == []
    removed(world)
    assert lines.compare().findings == ["Ledger user-1 charge#job-1 is missing"]


def test_a_line_that_is_not_archived_is_counted(world: World, lines: LineCheck) -> None:
    transact(world.client, [world.ledger.append(Entry(USER.sub, PointsReason.REFUND, "job-1", 2, ENTRY.at))])
    assert lines.compare() == Compared(archived=2, findings=[], unarchived=1)
