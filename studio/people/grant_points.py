"""An administrator gives points or takes some back."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from studio.audit.model import Act, AuditRecord
from studio.audit.note import checked_note
from studio.audit.table import AuditTrail
from studio.clock import iso
from studio.dynamo import ConditionFailed, Item, transact
from studio.errors import ErrorType, StudioError
from studio.ledger.model import Entry, PointsReason
from studio.people.find_or_create import PersonFinder
from studio.people.guard import refuse_acting
from studio.people.join import unknown
from studio.people.model import MAX_BALANCE, Caller, Person
from studio.requests.table import Request, Requests, checked_id, fingerprint

if TYPE_CHECKING:
    from studio.inputs import GrantPointsInput

MAX_GRANT = 1_000_000  # a typing error should not make a millionaire of many
_REQUEST, _MOVE = range(2)
_DIGITS = 32


@dataclass(frozen=True)
class Grant:
    """A checked GrantPointsInput: `points` below 0 takes back."""

    client_request_id: str
    user_id: str
    points: int
    note: str


def grant(given: "GrantPointsInput") -> Grant:
    """Check the input.

    Raises
    ------
    StudioError
        REQUEST_ID_MALFORMED, POINTS_OUT_OF_RANGE, NOTE_MALFORMED.
    """
    points = given["points"]
    if not 0 < abs(points) <= MAX_GRANT:
        message = f"points must be 1 to {MAX_GRANT:,}, or as many below 0."
        raise StudioError(ErrorType.POINTS_OUT_OF_RANGE, message, min=-MAX_GRANT, max=MAX_GRANT)
    return Grant(checked_id(given["clientRequestId"]), given["userId"], points, checked_note(given["note"]))


@dataclass(frozen=True)
class Grants:
    """Moves points by an administrator's word: once for each clientRequestId of theirs."""

    person_finder: PersonFinder
    requests: Requests
    audit: AuditTrail

    def give(self, admin: Caller, asked: Grant, now: datetime) -> Person:
        """Move the points and return the person as they stand afterwards.

        Raises
        ------
        StudioError
            USER_UNKNOWN, USER_IS_SELF, POINTS_NOT_ENOUGH or POINTS_OUT_OF_RANGE (a balance neither falls below 0 nor
            passes its ceiling), REQUEST_ID_REUSED.
        """
        if asked.user_id == admin.sub:
            raise StudioError(ErrorType.USER_IS_SELF, "Another administrator has to give points to you.")
        person = self.person_finder.anyone(asked.user_id, now)
        thing = _thing(admin, asked)
        arguments = {"userId": asked.user_id, "points": asked.points, "note": asked.note}
        request = Request(admin.sub, asked.client_request_id, fingerprint("grantPoints", arguments), (thing,))
        entry = Entry(person.id, PointsReason.GRANT, thing, asked.points, iso(now), note=asked.note)
        said = {"points": asked.points, "clientRequestId": asked.client_request_id}
        record = AuditRecord(Act.POINTS_GRANTED, thing, admin.sub, person.id, iso(now), said, admin.ip)
        people = self.person_finder.people
        writes = [
            self.requests.new(request, iso(now)),
            people.move(person.id, asked.points),
            self.person_finder.ledger.append(entry),
            self.audit.append(record),
            people.acting(admin),
        ]
        try:
            transact(people.client, writes)
        except ConditionFailed as failed:
            refuse_acting(failed, admin)
            if _REQUEST not in failed.refused:
                raise _refusal(failed.refused.get(_MOVE), asked.points) from None
            self.requests.same(request, failed.refused[_REQUEST])
        return self.person_finder.anyone(person.id, now)


def _thing(admin: Caller, asked: Grant) -> str:
    """Name a grant so that it happens once, and that the owner of the line does not read whose it was."""
    return hashlib.sha256(f"{admin.sub}#{asked.client_request_id}".encode()).hexdigest()[:_DIGITS]


def _refusal(person: Item | None, points: int) -> StudioError:
    if person and person.get("leftAt"):
        return unknown()
    if points > 0:
        return StudioError(ErrorType.POINTS_OUT_OF_RANGE, f"Nobody can have more than {MAX_BALANCE:,} points.")
    return StudioError(ErrorType.POINTS_NOT_ENOUGH, "The user has fewer points than that.")
