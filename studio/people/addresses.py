"""Whose address has been here before: remembered by a keyed hash, from which no address can be read."""

import hashlib
import hmac
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from studio.dynamo import Table, Write, update
from studio.people.address import mailbox
from studio.people.item import brakes_to_item, known_from_item
from studio.people.model import KnownAddress, Person
from studio.secrets import Values

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient


class Addresses(Table):
    """The Addresses table.

    `keys` are those of the hash, the one for new rows first; an address is looked for under each.
    """

    def __init__(self, name: str, keys: Callable[[], Values], client: "DynamoDBClient | None" = None) -> None:
        super().__init__(name, client)
        self._keys = keys

    def hashes(self, email: str) -> list[str]:
        text = mailbox(email).encode(errors="surrogatepass")
        return [hmac.new(key.encode(), text, hashlib.sha256).hexdigest() for key in self._keys().values()]

    def find(self, *hashes: str) -> KnownAddress | None:
        """Return what is known under the first of these that there is."""
        rows = {row["address"]: row for row in self.get_many([{"address": each} for each in dict.fromkeys(hashes)])}
        return next((known_from_item(rows[each]) for each in hashes if each in rows), None)

    def begin(self, hash_: str, owner: str, at: str) -> Write:
        """Describe that somebody comes with an address for the first time."""
        return self.put({"address": hash_, "owner": owner, "at": at}, new="address")

    def pass_on(self, known: KnownAddress, owner: str) -> Write:
        """Describe that an address has another owner; refused where it is no longer as it was read."""
        condition, values = _unchanged(known)
        kept, gone = {"owner": owner}, ("day", "used", "brakes")
        return self.change(update({"address": known.key}, condition=condition, values=values, set=kept, remove=gone))

    def unchanged(self, known: KnownAddress) -> Write:
        """Describe the check that an address is as it was read."""
        return self.check({"address": known.key}, *_unchanged(known))

    def shut(self, hash_: str, person: Person, at: int, *, new: bool = False) -> Write:
        """Describe that an administrator disabled, demoted or let in somebody of a mailbox: `person`, as they are then.

        A `new` one, which nobody came with yet, is theirs.
        """
        members = {"locked": {person.id}}
        return self.change(
            update(
                {"address": hash_},
                condition="attribute_not_exists(#address)" if new else "",
                set={"signedOutAt": at, "owner": person.id if new else None},
                add={"rev": 1, **(members if person.disabled else {})},
                delete={} if person.disabled else members,
            )
        )

    def leave(self, hash_: str, known: KnownAddress | None, person: Person, day: str, used: Mapping[str, int]) -> Write:
        """Describe that an address's owner leaves, and what of theirs would count for who comes back with it."""
        return self.change(
            update(
                {"address": hash_},
                **_as_read(known.owner if known else None),
                set={"day": day, "used": dict(used), "brakes": brakes_to_item(person)},
                remove=("owner",),
            )
        )


def _unchanged(known: KnownAddress) -> tuple[str, Mapping[str, Any]]:
    owner = "#owner = :seen" if known.owner else "attribute_not_exists(#owner)"
    rev = "#rev = :rev" if known.rev else "attribute_not_exists(#rev)"
    values = {"seen": known.owner, "rev": known.rev or None}
    return f"{owner} AND {rev}", {name: value for name, value in values.items() if value is not None}


def _as_read(owner: str | None) -> Mapping[str, Any]:
    if owner is None:
        return {"condition": "attribute_not_exists(#owner)"}
    return {"condition": "#owner = :seen", "values": {"seen": owner}}
