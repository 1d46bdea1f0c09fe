"""Finishing what changes of people began: whom Cognito has yet to follow, and who is leaving."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from studio import clock
from studio.people.leave import Leaving
from studio.people.model import Person
from studio.people.settle import Settling
from studio.people.table import People

_log = logging.getLogger(__name__)


@dataclass
class Cared:
    """How many people were settled, how many who are leaving were seen to, and how many have to wait."""

    settled: int = 0
    leaving: int = 0
    errors: int = 0


@dataclass(frozen=True)
class Caretaker:
    """Looks after marked rows. One that cannot be helped stays marked and keeps no other from its turn."""

    people: People
    settling: Settling
    leaving: Leaving
    now: Callable[[], datetime] = clock.now

    def all(self, until: datetime) -> Cared:
        """See to everybody; who leaves comes last, because that may take long."""
        done = Cared()
        for person in sorted(self.people.unsettled(), key=lambda person: person.left_at is not None):
            self._see_to(person, until, done)
        return done

    def one(self, id_: str, until: datetime) -> Cared:
        done = Cared()
        if person := self.people.find(id_):
            self._see_to(person, until, done)
        return done

    def _see_to(self, person: Person, until: datetime, done: Cared) -> None:
        try:
            if person.left_at:
                self._remove(person, until)
                done.leaving += 1
            else:
                self.settling.settle(person)
                done.settled += 1
        except Exception:  # noqa: BLE001 - logged; the row stays marked
            _log.exception("%s could not be seen to", person.id)
            done.errors += 1

    def _remove(self, person: Person, until: datetime) -> None:
        """Go on until the time is up; the next time finds less."""
        for _ in self.leaving.steps(person):
            if self.now() >= until:
                return
