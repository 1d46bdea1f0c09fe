"""The permanent mark that makes a costly mutation safe to ask twice."""

import hashlib
import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from studio import rows
from studio.dynamo import Item, Page, Table, Write, update
from studio.errors import ErrorType, StudioError
from studio.rows import Row

_CLIENT_REQUEST_ID = re.compile(r"[\x21-\x7e]{1,128}")


@dataclass(frozen=True)
class Request:
    """What a client asked for under one id, and what came of it. Kept for ever: the id must never charge twice."""

    owner: str
    client_request_id: str
    fingerprint: str
    made: tuple[str, ...]

    @property
    def key(self) -> dict[str, str]:
        return {"owner": self.owner, "request": self.client_request_id}


def fingerprint(operation: str, arguments: Mapping[str, Any]) -> str:
    """Return the same 64 hex digits for the same operation with the same arguments, defaults applied."""
    text = json.dumps([operation, arguments], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def checked_id(client_request_id: str) -> str:
    """Refuse an id that cannot be kept as it is: 1 to 128 visible ASCII characters.

    Raises
    ------
    StudioError
        REQUEST_ID_MALFORMED.
    """
    if not _CLIENT_REQUEST_ID.fullmatch(client_request_id):
        raise StudioError(
            ErrorType.REQUEST_ID_MALFORMED, "clientRequestId must be 1 to 128 visible ASCII characters, e.g. a UUID."
        )
    return client_request_id


def is_back(item: Item, free: str) -> bool:
    """Tell whether a request's row says that a free image was given back."""
    return free in item.get("freeBack", ())


class Requests(Table):
    """The Requests table."""

    def new(self, request: Request, at: str, free: Collection[str] = ()) -> Write:
        """Describe the mark; `free` names the free images that the request took, which no ledger has."""
        made = {"fingerprint": request.fingerprint, "made": list(request.made), "at": at, "free": {*free} or None}
        return self.put({**request.key, **made}, new="request")

    def give_back(self, owner: str, client_request_id: str, free: str, day: str) -> Write:
        """Describe giving a free image back, once; refused where the request did not take it on that day."""
        return self.change(
            update(
                {"owner": owner, "request": client_request_id},
                condition="contains(#free, :free) AND begins_with(#at, :day) AND NOT contains(#freeBack, :free)",
                values={"free": free, "day": day},
                add={"freeBack": {free}},
            )
        )

    def day_of(self, owner: str, client_request_id: str) -> str | None:
        """Return the day on which something was asked for.

        Raises
        ------
        UnreadableError
        """
        item = self.get({"owner": owner, "request": client_request_id})
        return Row(item).get("at", rows.time)[:10] if item else None

    def of_owner(self, owner: str, limit: int, start: Item | None) -> Page:
        return self.query("#owner = :owner", {"owner": owner}, limit=limit, start=start, consistent=True)

    def forget(self, row: Item) -> None:
        """Remove the mark of somebody who has left, and asks for nothing any more."""
        self.discard({"owner": row["owner"], "request": row["request"]})

    def made_before(self, request: Request) -> Sequence[str] | None:
        """Return what this request made when it was first asked, if it was."""
        item = self.get(request.key)
        return self.same(request, item) if item else None

    def made(self, owner: str, client_request_id: str) -> Sequence[str]:
        """Return the ids of what somebody's request made: none where there was no such request.

        Raises
        ------
        UnreadableError
        """
        if not _CLIENT_REQUEST_ID.fullmatch(client_request_id):
            return ()
        item = self.get({"owner": owner, "request": client_request_id})
        return Row(item).get("made", rows.list_of(rows.text)) if item else ()

    def same(self, request: Request, item: Item) -> Sequence[str]:
        """Return what the stored request made.

        Raises
        ------
        StudioError
            REQUEST_ID_REUSED: it was asked with other arguments.
        UnreadableError
        """
        row = Row(item)
        if row.get("fingerprint", rows.text) != request.fingerprint:
            raise StudioError(ErrorType.REQUEST_ID_REUSED, "This clientRequestId was used before, for something else.")
        return row.get("made", rows.list_of(rows.text))
