"""What the tables say, read past the API and without the studio's code: the books that a test audits."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from boto3.dynamodb.types import TypeDeserializer

from tests.stack.client import StackClient

Row = dict[str, Any]
_plain = TypeDeserializer().deserialize
_TABLES = {"Jobs": "owner", "People": "id", "Ledger": "owner", "Usage": "owner", "Requests": "owner"}


def rows(client: StackClient, table: str) -> list[Row]:
    """Every row of a table."""
    pages = (
        client.boto("dynamodb")
        .get_paginator("scan")
        .paginate(TableName=client.outputs["tables"][table], ConsistentRead=True)
    )
    return [{name: _plain(value) for name, value in item.items()} for page in pages for item in page["Items"]]


@dataclass(frozen=True)
class Books:
    """One person's rows in all tables."""

    person: Row
    jobs: list[Row]
    ledger: list[Row]
    usage: list[Row]
    requests: list[Row]

    @property
    def drift(self) -> int:
        """By how much the balance differs from the sum of the ledger's lines."""
        return int(self.person["points"] - sum(entry["points"] for entry in self.ledger))

    def lines(self, reason: str) -> dict[str, int]:
        """Points by the thing they moved for."""
        return {entry["thing"]: int(entry["points"]) for entry in self.ledger if entry["reason"] == reason}

    def check(self) -> None:
        """Fail unless every line is counted once, every job charged once and every unpaid end given back once."""
        assert self.drift == 0
        assert self.person["moves"] == len(self.ledger)
        assert self.person["points"] >= 0
        # A free image instead of points has no line.
        paid = {job["id"]: job["charge"]["points"] for job in self.jobs if job["charge"]["points"]}
        back = {job["id"] for job in self.jobs if job["status"] in {"FAILED", "CANCELED"}}
        assert self.lines("CHARGE") == {id_: -points for id_, points in paid.items()}
        assert self.lines("REFUND") == {id_: points for id_, points in paid.items() if id_ in back}
        assert {job["id"] for job in self.jobs if "refundedAt" in job} == back


def of(client: StackClient, owner: str) -> Books:
    return every(client, [owner])[owner]


def every(client: StackClient, owners: Iterable[str]) -> Mapping[str, Books]:
    """Read each table once and part it by person."""
    found = {table: rows(client, table) for table in _TABLES}

    def mine(table: str, owner: str) -> list[Row]:
        kept = [row for row in found[table] if row[_TABLES[table]] == owner]
        return sorted(kept, key=repr)

    return {owner: Books(mine("People", owner)[0], *(mine(table, owner) for table in _SHELVES)) for owner in owners}


def stored(client: StackClient) -> set[str]:
    """The keys of everything in the bucket."""
    pages = client.boto("s3").get_paginator("list_objects_v2").paginate(Bucket=client.outputs["mediaBucket"])
    return {each["Key"] for page in pages for each in page.get("Contents", [])}


_SHELVES = ("Jobs", "Ledger", "Usage", "Requests")
