"""Bringing Cognito in step with the row, which says what is wanted; see docs/decisions/0019."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from studio import clock
from studio.clock import millis
from studio.dynamo import ConditionFailed, update
from studio.optimistic import retry
from studio.people.item import person_from_item
from studio.people.model import Aspect, Person
from studio.people.pool import UserPool
from studio.people.table import People

MARK = ("unsettled", "since", "ahead", "tries")


@dataclass(frozen=True)
class CognitoSync:
    """Makes Cognito follow a row, and takes the mark off the row once it has."""

    people: People
    pool: UserPool
    now: Callable[[], datetime] = clock.now

    def settle(self, person: Person) -> None:
        """Bring Cognito in step with a row that was read; where the row changed meanwhile, with what it became.

        Raises
        ------
        ContendedError
            The row changed at every try. It stays marked.
        """
        ahead = {*person.ahead}

        def attempt() -> None:
            nonlocal person
            if person.left_at:
                return  # who leaves is taken care of as a whole
            self._follow(person, ahead)
            try:
                self._unmark(person, ahead)
            except ConditionFailed as failed:
                # What was just done may have come after what another did by the newer row, so all of it once more.
                person = person_from_item(failed.refused[0])
                ahead.update(person.ahead)
                raise

        retry(attempt)

    def _follow(self, person: Person, ahead: Iterable[str]) -> None:
        """Repeat the row to Cognito; who is signed out is so while still enabled, and no longer of the group."""
        sub, pool = person.id, self.pool
        if Aspect.ROLE in ahead:
            pool.set_role(sub, person.role)
        if Aspect.NAME in ahead:
            pool.set_name(sub, person.name)
        if Aspect.ENABLED in ahead and not person.disabled:
            pool.enable(sub)
        if Aspect.TOKENS in ahead:
            pool.sign_out(sub, disabled=person.disabled)
        if Aspect.ENABLED in ahead and person.disabled:
            pool.disable(sub)

    def _unmark(self, person: Person, ahead: Iterable[str]) -> None:
        # A token renewed before Cognito followed is worth nothing either.
        signed_out = {"signedOutAt": millis(self.now())} if Aspect.TOKENS in ahead else {}
        self.people.apply(
            update({"id": person.id}, condition="#rev = :rev", values={"rev": person.rev}, set=signed_out, remove=MARK)
        )
