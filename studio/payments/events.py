"""Events of payment providers: every event is kept before it is acted on, and by its name once."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from operator import itemgetter
from typing import Any

from studio.clock import millis, parse
from studio.dynamo import ConditionFailed, Item, Page, Table, Write, update
from studio.paging import due, index_pages, rows_of
from studio.payments.item import FIRST_LOOK, GIVEN_UP, OPEN, event_from_item, event_to_item
from studio.payments.model import Event, Outcome, PaymentEventState
from studio.sweeping import pause, readable

_LONGEST_PAUSE = timedelta(hours=6)
# So long an event may be ahead of the payment that it names.
PATIENCE = timedelta(days=3)
_KEEP_STRANGERS = timedelta(days=90)


class PaymentEvents(Table):
    """The PaymentEvents table."""

    def keep(self, event: Event) -> Event:
        """Store an event, and return it as it stands: who sends it again gets what came of it the first time."""
        try:
            self.insert(event_to_item(event), new="id")
        except ConditionFailed as failed:
            return event_from_item(failed.refused[0])
        return event

    def handled(self, event: Event, payment_id: str, outcome: Outcome, *, forget: bool) -> Write:
        """Describe what came of an event; `forget` what it said beyond that, where the payment's owner has left."""
        return self.change(
            update(
                {"id": event.id},
                condition="#state <> :done",
                values=_DONE,
                set={"state": PaymentEventState.HANDLED, "paymentId": payment_id, "outcome": outcome},
                remove=["open", "due", "cause", "expiresAt", *(_PERSONAL if forget else ())],
            )
        )

    def put_off(self, event: Event, now: datetime) -> None:
        """Look again later, each time after a longer pause."""
        due_ = millis(now + pause(event.tries + 2, FIRST_LOOK, _LONGEST_PAUSE))
        self._unless_handled(event, set={"due": due_, "tries": event.tries + 1})

    def give_up(self, event: Event, outcome: Outcome | None, cause: str) -> None:
        """Set aside what names no payment of ours, or could never be acted on, for an administrator to see.

        What names no payment at all may be another product's in the same account, and is not kept for ever.
        """
        at = parse(event.at)
        given_up = {"state": PaymentEventState.UNMATCHED, "open": GIVEN_UP, "due": millis(at)}
        expires = None if event.payment_id else round((at + _KEEP_STRANGERS).timestamp())
        self._unless_handled(event, set={**given_up, "outcome": outcome, "cause": cause, "expiresAt": expires})

    def due(self, now: datetime) -> Iterator[list[Item]]:
        """Yield, in batches, the rows of every event whose time to be acted on has come, the longest waiting first."""
        return due(self, OPEN, now)

    def find_many(self, ids: Sequence[str]) -> list[Event]:
        """Return the events that there are and can be read, in the order of their ids."""
        return readable(rows_of(self, ids), event_from_item, what="event to read", name=itemgetter("id"))

    def of_payment(self, payment_id: str, limit: int, start: Item | None) -> Page:
        return self._page("#paymentId = :key", payment_id, "byPayment", limit, start)

    def unmatched(self, limit: int, start: Item | None) -> Page:
        return self._page("#open = :key", GIVEN_UP, "open", limit, start)

    def forget(self, payment_ids: Iterable[str]) -> None:
        """Remove what events of a leaving person's payments say, but not the events, nor what waits to be done."""
        for payment_id in payment_ids:
            for keys in index_pages(self, "#paymentId = :id", {"id": payment_id}, "byPayment"):
                for key in keys:
                    self._forget(key["id"])

    def _page(self, condition: str, key: str, index: str, limit: int, start: Item | None) -> Page:
        return self.query(condition, {"key": key}, index=index, limit=limit, start=start)

    def _forget(self, id_: str) -> None:
        waits = {"waits": PaymentEventState.RECEIVED}
        with suppress(ConditionFailed):
            self.apply(update({"id": id_}, condition="#state <> :waits", values=waits, remove=_PERSONAL))

    def _unless_handled(self, event: Event, set: Mapping[str, Any]) -> None:  # noqa: A002 - DynamoDB's word
        with suppress(ConditionFailed):  # somebody acted on it meanwhile
            self.apply(update({"id": event.id}, condition="#state <> :done", values=_DONE, set=set))


_DONE = {"done": PaymentEventState.HANDLED}
_PERSONAL = ("body", "sourceIp")
