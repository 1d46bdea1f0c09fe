"""Proving that every balance is the sum of its ledger lines, and repairing only by adding a line."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from studio.clock import iso
from studio.dynamo import ConditionFailed, Item, transact, update
from studio.errors import ContendedError
from studio.ledger.model import Entry, PointsReason
from studio.ledger.table import Ledger, read_lines
from studio.optimistic import retry
from studio.paging import pages
from studio.people.model import Person
from studio.people.table import People


@dataclass(frozen=True)
class Account:
    """One person's balance against their ledger, read at one moment."""

    person: Person
    lines: int
    total: int

    @property
    def drift(self) -> int:
        """Points that the balance has and the ledger does not explain; below 0, the other way round."""
        return self.person.points - self.total

    @property
    def sound(self) -> bool:
        return self.drift == 0 and self.lines == self.person.moves


@dataclass(frozen=True)
class BalanceCheck:
    """Reads every account. The one place that scans a table: it is run by an operator, never for a request."""

    people: People
    ledger: Ledger

    def accounts(self) -> Iterator[Account]:
        """Yield everybody's account.

        Raises
        ------
        ContendedError
            Somebody's points never stood still.
        """
        for page in self.people.client.get_paginator("scan").paginate(
            TableName=self.people.name, ProjectionExpression="id"
        ):
            for item in page["Items"]:
                account = self._account(item["id"].get("S", ""))
                if account:
                    yield account

    def repair(self, account: Account, now: datetime) -> Entry | None:
        """Add the line that explains the balance, if it needs one, and count the lines anew; the balance stays.

        Raises
        ------
        ContendedError
            The account moved since it was read.
        """
        if account.sound:
            return None
        person, drift = account.person, account.drift
        entry = _correction(person.id, drift, now) if drift else None
        lines = account.lines + (1 if entry else 0)
        recount = self.people.change(
            update(
                {"id": person.id},
                condition="#moves = :moves AND #points = :points",
                values={"moves": person.moves, "points": person.points},
                set={"moves": lines},
                add={"rev": max(0, person.moves - lines)},  # a person's version never falls
            )
        )
        try:
            transact(self.people.client, [recount, *([self.ledger.append(entry)] if entry else [])])
        except ConditionFailed:
            raise ContendedError from None
        return entry

    def _account(self, id_: str) -> Account | None:
        """Read an account twice where it moved in between: `moves` changes with every line."""

        def attempt() -> Account | None:
            before = self.people.find(id_)
            if before is None:
                return None
            entries = read_lines(self._rows(id_))
            after = self.people.find(id_)
            if after and after.moves == before.moves:
                return Account(after, len(entries), sum(entry.points for entry in entries))
            raise ConditionFailed({})

        return retry(attempt)

    def _rows(self, owner: str) -> Iterator[Item]:
        return chain.from_iterable(pages(lambda start: self.ledger.page(owner, 1000, start)))


def _correction(owner: str, drift: int, now: datetime) -> Entry:
    reason = PointsReason.GRANT if drift > 0 else PointsReason.CLAWBACK
    return Entry(owner, reason, f"correction#{iso(now)}", drift, iso(now), note="Correction by the ledger check.")
