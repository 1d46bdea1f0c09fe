"""Finishing what changes of people began: whom Cognito has yet to follow, and who is leaving."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from studio import clock
from studio.accounts.leave import AccountRemoval
from studio.dynamo import Item
from studio.people.cognito_sync import CognitoSync
from studio.people.item import person_from_item
from studio.people.model import Person
from studio.people.table import People
from studio.sweeping import each


@dataclass
class Reconciled:
    """How many people were settled, how many who are leaving were seen to, and how many have to wait."""

    settled: int = 0
    leaving: int = 0
    errors: int = 0


@dataclass(frozen=True)
class AccountsReconciler:
    """Looks after marked rows. One that cannot be helped stays marked, waits, and keeps no other from its turn."""

    people: People
    cognito_sync: CognitoSync
    leaving: AccountRemoval
    now: Callable[[], datetime] = clock.now

    def all(self, until: datetime) -> Reconciled:
        """See to everybody whose time has come; who leaves comes last, because that may take long."""
        return self._see_to(sorted(self.people.unsettled(self.now()), key=lambda row: "leftAt" in row), until)

    def one(self, id_: str, until: datetime) -> Reconciled:
        row = self.people.get({"id": id_})
        return self._see_to([row] if row else [], until)

    def _see_to(self, rows: Iterable[Item], until: datetime) -> Reconciled:
        done = Reconciled()

        def act(row: Item) -> None:
            self._one(person_from_item(row), until, done)

        def wait(row: Item) -> None:
            self.people.put_off(row, self.now())

        done.errors = len(each(rows, act, what="person", name=lambda row: row["id"], put_off=wait))
        return done

    def _one(self, person: Person, until: datetime, done: Reconciled) -> None:
        if person.left_at:
            self._remove(person, until)
            done.leaving += 1
        else:
            self.cognito_sync.settle(person)
            done.settled += 1

    def _remove(self, person: Person, until: datetime) -> None:
        """Go on until the time is up; the next time finds less."""
        for _ in self.leaving.steps(person):
            if self.now() >= until:
                return
