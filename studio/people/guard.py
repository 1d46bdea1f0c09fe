"""Whom no field answers any more: the disabled, and tokens from before Cognito signed everything out."""

import time
from collections.abc import Callable

from studio.errors import ErrorType, StudioError
from studio.people.model import Aspect, Caller, Person
from studio.people.table import People

# How long a row may be remembered, in seconds: what an administrator decides holds everywhere within five.
SECONDS = 2.0


def refuse(person: Person, caller: Caller) -> None:
    """Refuse a disabled person everything, and everybody a token from before Cognito signed them out.

    Until it has, what it gives may still say what is no longer so.

    Raises
    ------
    StudioError
        USER_DISABLED, UNAUTHORIZED.
    """
    if person.left_at:
        raise StudioError(ErrorType.USER_DISABLED, "This account has been closed.")
    if person.disabled:
        raise StudioError(ErrorType.USER_DISABLED, "This account has been disabled. Please contact support.")
    signed_out = person.signed_out_at is not None and caller.issued_at <= person.signed_out_at
    if signed_out or Aspect.TOKENS in person.ahead:
        raise StudioError(ErrorType.UNAUTHORIZED, "Please sign in again.")


class Guard:
    """Asks a caller's row before a field is answered; who has no row yet comes for the first time."""

    def __init__(self, people: People, clock: Callable[[], float] = time.monotonic) -> None:
        self._people = people
        self._clock = clock
        self._seen: dict[str, tuple[float, Person | None]] = {}

    def admit(self, caller: Caller, *, afresh: bool = False) -> None:
        """Let a caller in; `afresh` looks at the row as it is now, for what outlasts the answer.

        Raises
        ------
        StudioError
            USER_DISABLED, UNAUTHORIZED.
        """
        if afresh:
            self._seen.pop(caller.sub, None)
        person = self._person(caller.sub)
        if person:
            refuse(person, caller)

    def _person(self, id_: str) -> Person | None:
        now = self._clock()
        self._seen = {known: seen for known, seen in self._seen.items() if seen[0] > now}
        if id_ not in self._seen:
            self._seen[id_] = now + SECONDS, self._people.find(id_)
        return self._seen[id_][1]
