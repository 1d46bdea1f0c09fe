"""Where people are kept: their rows and balances."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from operator import itemgetter
from typing import Any

from studio.clock import iso, millis
from studio.dynamo import ConditionFailed, Item, Page, Table, Write, update
from studio.errors import UnreadableError
from studio.paging import index_pages, rows_of
from studio.people.address import kept
from studio.people.item import person_from_item, person_to_item
from studio.people.model import LISTED, MAX_BALANCE, UNSETTLED, Aspect, Caller, Person, Role
from studio.sweeping import pause, readable, tries_of

# What an administrator decided is to reach Cognito soon after Cognito is back.
_LONGEST_PAUSE = timedelta(minutes=10)

# What `guard.refuse` says of a row that was read, said to DynamoDB.
LET_IN = (
    "#disabled = :no AND (attribute_not_exists(#signedOutAt) OR #signedOutAt < :issued)"
    " AND NOT contains(#ahead, :tokens)"
)
# What `guard.refuse_entering` says: nobody has demoted or disabled them, which signs out, and is never forgotten.
ENTERS = f"{LET_IN} AND attribute_not_exists(#signedOutAt)"


def let_in(caller: Caller) -> dict[str, Any]:
    return {"no": False, "issued": caller.issued_at, "tokens": Aspect.TOKENS}


class People(Table):
    """The People table. A balance only ever changes beside a line of the ledger, in one transaction."""

    def new(self, person: Person) -> Write:
        return self.put(person_to_item(person), new="id")

    def find(self, id_: str) -> Person | None:
        item = self.get({"id": id_})
        return person_from_item(item) if item else None

    def find_mending(self, id_: str) -> Person | None:
        """Find somebody whose address may be one that nothing can answer: then a stand-in replaces it first."""
        try:
            return self.find(id_)
        except UnreadableError:
            email = (self.get({"id": id_}) or {}).get("email")
            if not isinstance(email, str) or (stand_in := kept(email, id_)) == email:
                raise
            with suppress(ConditionFailed):  # somebody else did so
                change = update(
                    {"id": id_},
                    condition="#email = :seen",
                    values={"seen": email},
                    set={"email": stand_in},
                    add={"rev": 1},
                )
                self.apply(change)
            return self.find(id_)

    def find_many(self, ids: Sequence[str]) -> list[Person]:
        """Return the people that there are and can be read, in the order of their ids."""
        return readable(rows_of(self, ids), person_from_item, what="person to read", name=itemgetter("id"))

    def of_email(self, email: str) -> list[Person]:
        """Return who has this address; more than one, where a user was removed from Cognito by hand."""
        page = self.query("#email = :email", {"email": email.lower()}, index="EmailIndex", limit=10)
        return self.find_many([row["id"] for row in page.rows])

    def everybody(self, limit: int, start: Item | None) -> Page:
        """Return one page of the keys of those who have not left, newest first."""
        return self.query("#listed = :listed", {"listed": LISTED}, index="everybody", limit=limit, start=start)

    def unsettled(self, now: datetime) -> Iterator[Item]:
        """Yield the rows of those whom Cognito has yet to follow and of those who leave, the longest waiting first.

        They are as they are kept: one that cannot be read is for its reader to put off.
        """
        values = {"unsettled": UNSETTLED, "now": iso(now)}
        condition = "#unsettled = :unsettled AND #since <= :now"
        for keys in index_pages(self, condition, values, "unsettled", newest_first=False):
            yield from rows_of(self, [key["id"] for key in keys])

    def put_off(self, row: Item, now: datetime) -> None:
        """See to somebody again after a growing pause, unless their row has been marked anew meanwhile."""
        tries = tries_of(row) + 1
        since = iso(now + pause(tries, longest=_LONGEST_PAUSE))
        with suppress(ConditionFailed):
            self.apply(
                update(
                    {"id": row["id"]},
                    condition="#since = :seen",
                    values={"seen": row["since"]},
                    set={"since": since, "tries": tries},
                )
            )

    def spend(
        self, caller: Caller, points: int, lines: int, begun: set[str], room: int, now: datetime, *, as_admin: bool
    ) -> Write:
        """Describe taking points for new work, which also asks whether the person may generate at all.

        `begun` are the new jobs, which become the person's running ones: there may be `room` of those before.
        """
        return self.change(
            update(
                {"id": caller.sub},
                condition=f"#points >= :points AND #closedUntil <= :now AND {LET_IN}"
                " AND (attribute_not_exists(#running) OR size(#running) <= :room) AND #role IN (:admin, :any)",
                values={"points": points, "now": millis(now), "room": room, **let_in(caller)}
                | {"admin": Role.ADMIN, "any": Role.ADMIN if as_admin else Role.USER},
                add={"points": -points, "moves": lines, "running": begun},
            )
        )

    def begin(self, caller: Caller, begun: set[str], room: int) -> Write:
        """Describe beginning jobs that cost nothing, as `spend` does those that do."""
        return self.change(
            update(
                {"id": caller.sub},
                condition=f"{LET_IN} AND (attribute_not_exists(#running) OR size(#running) <= :room)",
                values={"room": room, **let_in(caller)},
                add={"running": begun},
            )
        )

    def acting(self, admin: Caller) -> Write:
        """Describe the check that the caller is an administrator now: part of every write that takes one."""
        return self.check({"id": admin.sub}, f"#role = :admin AND {LET_IN}", {"admin": Role.ADMIN, **let_in(admin)})

    def pay(self, caller: Caller, payment: str, points: int, most: int) -> Write:
        """Describe beginning a payment for points, which becomes one of at most so many that the person is paying."""
        return self.change(
            update(
                {"id": caller.sub},
                condition=f"{LET_IN} AND (attribute_not_exists(#paying) OR size(#paying) < :most) AND #points <= :room",
                values={"most": most, "room": MAX_BALANCE - points, **let_in(caller)},
                add={"paying": {payment}},
            )
        )

    def order(self, id_: str, order: str, most: int) -> Write:
        """Describe beginning an order, which becomes one of at most so many that are open, of who has not left."""
        return self.change(
            update(
                {"id": id_},
                condition="attribute_exists(#id) AND attribute_not_exists(#leftAt)"
                " AND (attribute_not_exists(#ordering) OR size(#ordering) < :most)",
                values={"most": most},
                add={"ordering": {order}},
            )
        )

    def ended(self, id_: str, among: str, ids: set[str]) -> Write:
        """Describe taking what has ended out of the ids `among` "running", "paying" or "ordering"; twice is once."""
        taken = update({"id": id_}, condition="attribute_exists(#id)", delete={among: ids})
        return self.change(taken)

    def credit(self, id_: str, points: int) -> Write:
        """Describe giving points back, even to somebody who has left."""
        return self._move(id_, points, "attribute_exists(#id)", {})

    def move(self, id_: str, points: int) -> Write:
        """Describe giving points to somebody who has not left and has room, or below 0 taking what they have."""
        held, limit = ("#points <= :limit", MAX_BALANCE - points) if points > 0 else ("#points >= :limit", -points)
        return self._move(id_, points, f"{held} AND attribute_not_exists(#leftAt)", {"limit": limit})

    def credit_counted(
        self, person: Person, points: int, name: str, times: Sequence[int], closed_until: int | None
    ) -> Write:
        """Describe a refund that also counts what it is for; refused where the row changed since it was read."""
        seen = person.counted[name]
        same = "#times = :seen" if seen else "(attribute_not_exists(#times) OR #times = :seen)"
        closed = {"closedUntil": closed_until, "closedBy": name} if closed_until else {}
        return self.change(
            update(
                {"id": person.id},
                condition=f"#moves = :moves AND {same}",
                names={"times": name},
                values={"moves": person.moves, "seen": list(seen)},
                set={name: list(times), **closed},
                add={"points": points, "moves": 1 if points else 0},  # a free image has no line in the ledger
            )
        )

    def _move(self, id_: str, points: int, condition: str, values: Mapping[str, Any]) -> Write:
        add = {"points": points, "moves": 1}
        return self.change(update({"id": id_}, condition=condition, values=values, add=add))
