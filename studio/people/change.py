"""Changing who a person is: the row first, in one transaction with its audit record, then Cognito."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from studio.audit.model import Act, AuditRecord
from studio.audit.table import AuditTrail
from studio.clock import iso, millis
from studio.dynamo import ConditionFailed, Write, transact, update
from studio.errors import ErrorType, StudioError
from studio.optimistic import retry
from studio.people.cognito_sync import CognitoSync
from studio.people.find_or_create import PersonFinder
from studio.people.guard import refuse, refuse_acting, refuse_entering
from studio.people.item import own_to_item, person_from_item
from studio.people.model import UNSETTLED, Aspect, Avatar, Caller, Person, Role
from studio.people.table import ENTERS, LET_IN, let_in

_log = logging.getLogger(__name__)

_OF_MAIL = ("language", "mailing", "unreachable")
Fields = Mapping[str, str | bool | Avatar | None]


@dataclass(frozen=True)
class _Change:
    """What fields of a row become, in which aspects Cognito has to follow, and which act it is, if one.

    One that is `always` made is made of a row that says so already, too. An act is of one field.
    """

    fields: Fields
    ahead: Sequence[Aspect] = ()
    act: Act | None = None
    always: bool = False

    def is_due(self, person: Person) -> bool:
        return self.always or any(getattr(person, name) != value for name, value in self.fields.items())

    def details(self, person: Person) -> dict[str, Any]:
        ((name, value),) = self.fields.items()
        return {"from": getattr(person, name), "to": value}


@dataclass(frozen=True)
class Changed:
    """A person before and after a change; the same where there was none to make."""

    before: Person
    after: Person


@dataclass(frozen=True)
class Changes:
    """Changes people. Each answers once the row is written: where Cognito fails, the reconciler finishes it."""

    person_finder: PersonFinder
    audit: AuditTrail
    cognito_sync: CognitoSync

    def set_own(self, caller: Caller, fields: Fields, now: datetime) -> Changed:
        """Change the caller's name, language, wish for mail or avatar; a name at Cognito too."""
        change = _Change(fields, [Aspect.NAME] if "name" in fields else [])
        return self._make(caller, lambda: self.person_finder.caller(caller, now), change, now)

    def set_role(self, admin: Caller, id_: str, role: Role, now: datetime) -> Person:
        """Make somebody an administrator, or no longer one, which ends all that they are signed in to.

        The latter of anybody: Cognito's group may have been given by hand, of which the row says nothing. Whom it was
        given so enter it into their row by this, unless an administrator has demoted or disabled them before.

        Raises
        ------
        StudioError
            USER_UNKNOWN, UNAUTHORIZED, USER_IS_SELF: the last administrator cannot be lost this way.
        """
        ends = role != Role.ADMIN
        tokens = [Aspect.TOKENS] if ends else []
        change = _Change({"role": role}, [Aspect.ROLE, *tokens], Act.ROLE_SET, always=ends)
        return self._govern(admin, id_, change, now, ends=ends)

    def set_disabled(self, admin: Caller, id_: str, disabled: bool, now: datetime) -> Person:  # noqa: FBT001 - the schema's
        """Lock somebody out, or let them in again; either way, what they were signed in to ends.

        Raises
        ------
        StudioError
            USER_UNKNOWN, USER_IS_SELF.
        """
        change = _Change({"disabled": disabled}, [Aspect.ENABLED, Aspect.TOKENS], Act.DISABLED_SET)
        return self._govern(admin, id_, change, now, ends=disabled)

    def leave(self, caller: Caller, now: datetime) -> None:
        """Close the caller's account, once: nothing is theirs from here on, and the reconciler removes what was."""

        def attempt() -> None:
            person = self.person_finder.caller(caller, now)
            try:
                transact(self.person_finder.people.client, self._closing(caller, person, now))
            except ConditionFailed as failed:
                if row := failed.refused.get(0):
                    if row.get("leftAt"):
                        return  # has left already
                    refuse(person_from_item(row), caller)
                raise

        retry(attempt)

    def _closing(self, caller: Caller, person: Person, now: datetime) -> list[Write]:
        people = self.person_finder.people
        close = update(
            {"id": person.id},
            condition=f"attribute_not_exists(#leftAt) AND {LET_IN}",
            values=let_in(caller),
            set={"disabled": True, "leftAt": iso(now), "signedOutAt": millis(now), **_mark(now)},
            add={"rev": 1},
            remove=(
                "listed",
                "email",
                "address",
                "name",
                "avatar",
                *_OF_MAIL,
                "running",
                "paying",
                "ordering",
                "ahead",
            ),
        )
        record = AuditRecord(Act.PERSON_LEFT, person.id, caller.sub, person.id, iso(now), source_ip=caller.ip)
        return [people.change(close), self.audit.append(record), *self.person_finder.person_creator.leave(person, now)]

    def _govern(self, admin: Caller, id_: str, change: _Change, now: datetime, *, ends: bool) -> Person:
        if ends and id_ == admin.sub:
            raise StudioError(ErrorType.USER_IS_SELF, "Another administrator has to do this to you.")
        return self._make(admin, lambda: self.person_finder.user(id_, now), change, now).after

    def _make(self, caller: Caller, read: Callable[[], Person], change: _Change, now: datetime) -> Changed:
        """Write the row with its audit record, whatever else changes in between, and let Cognito follow."""

        def attempt() -> Changed:
            person = read()
            if not change.is_due(person):
                return Changed(person, person)
            try:
                transact(self.person_finder.people.client, self._writes(caller, person, change, now))
            except ConditionFailed as failed:
                if person.id == caller.sub:
                    (refuse_entering if "role" in change.fields else refuse)(
                        person_from_item(failed.refused[0]), caller
                    )
                else:
                    refuse_acting(failed, caller)
                raise
            return Changed(person, read())

        changed = retry(attempt)
        return replace(changed, after=self._followed(changed.after))

    def _writes(self, caller: Caller, person: Person, change: _Change, now: datetime) -> list[Write]:
        people, rev = self.person_finder.people, person.rev + 1
        stamp = {"signedOutAt": millis(now)} if Aspect.TOKENS in change.ahead else {}
        ahead = {"ahead": sorted({*person.ahead, *change.ahead}), **_mark(now)} if change.ahead else {}
        own = person.id == caller.sub
        allowed = ENTERS if "role" in change.fields else LET_IN
        row = update(
            {"id": person.id},
            condition="#rev = :rev AND attribute_not_exists(#leftAt)" + (f" AND {allowed}" if own else ""),
            values={"rev": person.rev, **(let_in(caller) if own else {})},
            set={**own_to_item(change.fields), "rev": rev, **ahead, **stamp},
            remove=tuple(name for name, value in change.fields.items() if value is None),
        )
        writes = [people.change(row)]
        if change.act:
            key = f"{person.id}#{rev}"
            record = AuditRecord(change.act, key, caller.sub, person.id, iso(now), change.details(person), caller.ip)
            writes.append(self.audit.append(record))
        if Aspect.TOKENS in change.ahead:
            writes += self.person_finder.person_creator.shut(replace(person, **change.fields), now)
        if not own:
            writes.append(people.acting(caller))
        return writes

    def _followed(self, person: Person) -> Person:
        try:
            if person.ahead:
                self.cognito_sync.settle(person)
        except Exception:  # noqa: BLE001 - logged; the row stays marked
            _log.exception("Cognito does not follow %s yet", person.id)
        return person


def _mark(now: datetime) -> dict[str, str]:
    return {"unsettled": UNSETTLED, "since": iso(now)}
