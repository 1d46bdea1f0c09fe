"""Whom no field answers any more: the disabled, and tokens from before Cognito signed everything out."""

import time
from collections.abc import Callable
from dataclasses import replace

from studio.dynamo import ConditionFailed
from studio.errors import ErrorType, StudioError
from studio.people.item import person_from_item
from studio.people.model import Aspect, Caller, Person, Role
from studio.people.table import People

# How long a row may be remembered, in seconds: what an administrator decides holds everywhere within five.
SECONDS = 2.0
_ADMINISTRATORS_ONLY = "This is for administrators only."


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


def refuse_entering(person: Person, caller: Caller) -> None:
    """Refuse who is not let in, and whom an administrator has demoted or disabled: the group opens a row once.

    Raises
    ------
    StudioError
        USER_DISABLED, UNAUTHORIZED.
    """
    refuse(person, caller)
    if person.role != Role.ADMIN and person.signed_out_at is not None:
        raise StudioError(ErrorType.UNAUTHORIZED, "Another administrator has to do this for you.")


def refuse_administrator(person: Person, caller: Caller) -> None:
    """Refuse who is not let in, or is not an administrator by their row.

    Raises
    ------
    StudioError
        USER_DISABLED, UNAUTHORIZED.
    """
    refuse(person, caller)
    if person.role != Role.ADMIN:
        raise StudioError(ErrorType.UNAUTHORIZED, _ADMINISTRATORS_ONLY)


def refuse_acting(failed: ConditionFailed, admin: Caller) -> None:
    """Refuse an administrator whose own row was what refused a transaction; see `People.acting`.

    Raises
    ------
    StudioError
        USER_DISABLED, UNAUTHORIZED.
    """
    for row in failed.refused.values():
        if row.get("id") == admin.sub:
            refuse_administrator(person_from_item(row), admin)


class Guard:
    """Asks a caller's row before a field is answered; who has no row yet comes for the first time.

    `has_second_factor` says of an administrator's `sub` whether they have one, on a stage that asks for it.
    """

    def __init__(
        self,
        people: People,
        clock: Callable[[], float] = time.monotonic,
        has_second_factor: Callable[[str], bool] | None = None,
    ) -> None:
        self._people = people
        self._clock = clock
        self._has_second_factor = has_second_factor or (lambda _: True)
        self._seen: dict[str, tuple[float, Person | None]] = {}

    def admit(self, caller: Caller, *, afresh: bool = False) -> Caller:
        """Let a caller in, and return who they are now: a token alone makes no administrator, nor does a row alone.

        `afresh` looks at the row as it is now, for what outlasts the answer.

        Raises
        ------
        StudioError
            USER_DISABLED, UNAUTHORIZED.
        """
        if self._is_administrator(caller, afresh=afresh) and self._has_second_factor(caller.sub):
            return caller
        return replace(caller, role=Role.USER)

    def admit_administrator(self, caller: Caller, *, by_token: bool = False) -> Caller:
        """Let an administrator in; `by_token` even where no row says so yet.

        Raises
        ------
        StudioError
            USER_DISABLED, UNAUTHORIZED, SECOND_FACTOR_MISSING.
        """
        if not (self._is_administrator(caller) or (by_token and caller.is_admin)):
            raise StudioError(ErrorType.UNAUTHORIZED, _ADMINISTRATORS_ONLY)
        if not self._has_second_factor(caller.sub):
            message = "Administrators need a second factor here. Please set one up and sign in again."
            raise StudioError(ErrorType.SECOND_FACTOR_MISSING, message)
        return caller

    def _is_administrator(self, caller: Caller, *, afresh: bool = False) -> bool:
        """Refuse who is not let in; return of the others whether both token and row, read afresh, say administrator."""
        if afresh or caller.is_admin:
            self._seen.pop(caller.sub, None)
        person = self._person(caller.sub)
        if person:
            refuse(person, caller)
        return caller.is_admin and person is not None and person.role == Role.ADMIN

    def _person(self, id_: str) -> Person | None:
        now = self._clock()
        self._seen = {known: seen for known, seen in self._seen.items() if seen[0] > now}
        if id_ not in self._seen:
            self._seen[id_] = now + SECONDS, self._people.find(id_)
        return self._seen[id_][1]
