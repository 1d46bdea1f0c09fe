"""Where an order begins: documents are taken as they are, at the price that was quoted, or that is asked now."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from studio import ids
from studio.clock import after, iso, millis, parse
from studio.dynamo import ConditionFailed, Write, transact
from studio.errors import ErrorType, StudioError
from studio.optimistic import retry
from studio.orders.model import ENDED, Order, OrderDocument, OrderEvent, OrderQuote, OrderStatus
from studio.orders.offer import Offer, OfferMaker
from studio.orders.order_request import OrderRequest, request_of
from studio.orders.quote import as_quoted
from studio.orders.table import OrderDocuments, Orders, Quotes
from studio.payments.table import GRACE
from studio.people.guard import refuse
from studio.people.item import person_from_item
from studio.people.model import Caller, Person
from studio.requests.table import Request, Requests

if TYPE_CHECKING:
    from studio.inputs import CreateOrderInput

# So many orders of one person may be open at a time.
MAX_OPEN_ORDERS: Final = 20
PAY_SECONDS: Final = 48 * 3600
_REQUEST, _PERSON = range(2)


@dataclass(frozen=True)
class OrderCreator:
    """Makes orders; `payment_seconds` is how long whoever has begun to pay may take."""

    orders: Orders
    order_documents: OrderDocuments
    quotes: Quotes
    requests: Requests
    offers: OfferMaker
    payment_seconds: int

    def create(self, caller: Caller, given: "CreateOrderInput", now: datetime) -> Order:
        """Return a new order; the same request again is the same order.

        Raises
        ------
        StudioError
            What the caller must change.
        """
        request = request_of(given, caller.sub, ids.new())
        made = self.requests.made_before(request)
        return self._made(made[0]) if made else self._write(caller, OrderRequest.of(given), request, now)

    def _write(self, caller: Caller, asked: OrderRequest, request: Request, now: datetime) -> Order:
        offer = self._offer(caller, asked, now)
        order = self._new(caller, asked, offer, request.made[0], now)
        writes = [
            self.requests.new(request, iso(now)),
            self.offers.people.order(caller.sub, order.id, MAX_OPEN_ORDERS),
            self.orders.new(order),
            *self._documents(order, offer),
        ]

        def attempt() -> Order:
            try:
                transact(self.orders.client, writes)
            except ConditionFailed as failed:
                if _REQUEST in failed.refused:
                    return self._made(self.requests.same(request, failed.refused[_REQUEST])[0])
                if row := failed.refused.get(_PERSON):
                    person = person_from_item(row)
                    refuse(person, caller)
                    self._make_room(person)
                raise
            return order

        return retry(attempt)

    def _offer(self, caller: Caller, asked: OrderRequest, now: datetime) -> Offer:
        quote = self._quote(caller, asked.quote, now) if asked.quote is not None else None
        offer = self.offers.make(caller, asked.items, asked.currency, asked.country, now)
        return as_quoted(offer, quote) if quote else offer

    def _quote(self, caller: Caller, id_: str, now: datetime) -> OrderQuote:
        quote = self.quotes.find(caller.sub, ids.checked(id_))
        if quote is None:
            raise StudioError(ErrorType.QUOTE_UNKNOWN, "There is no such quote of yours.")
        if parse(quote.valid_until) <= now:
            raise StudioError(ErrorType.QUOTE_EXPIRED, "This quote is no longer valid. Please ask for a new one.")
        return quote

    def _new(self, caller: Caller, asked: OrderRequest, offer: Offer, id_: str, now: datetime) -> Order:
        pay_by = after(now, PAY_SECONDS)
        return Order(
            id=id_,
            customer=caller.sub,
            status=OrderStatus.PENDING,
            version=1,
            items=offer.items,
            shipping=offer.shipping,
            total=offer.total,
            created_at=iso(now),
            updated_at=iso(now),
            pay_by=iso(pay_by),
            country=offer.country,
            address=asked.address,
            quote=asked.quote,
            # Who begins to pay at the last moment may still do so.
            due=millis(pay_by + timedelta(seconds=self.payment_seconds) + GRACE),
            history=(OrderEvent(1, OrderStatus.PENDING, iso(now)),),
        )

    def _documents(self, order: Order, offer: Offer) -> list[Write]:
        specs = [replace(spec, order=order.id) for spec in offer.specs.values()]
        return [self.order_documents.new(OrderDocument(order.id, spec)) for spec in specs]

    def _make_room(self, person: Person) -> None:
        """Take what has ended, or is gone, out of the person's open orders, unless all of them are open."""
        found = self.orders.find_many([*person.ordering])
        over = person.ordering - {order.id for order in found if order.status not in ENDED}
        if not over:
            message = f"{MAX_OPEN_ORDERS} of your orders are open. Please wait until one has ended, or cancel one."
            raise StudioError(ErrorType.TOO_MANY_ORDERS, message, max=MAX_OPEN_ORDERS)
        people = self.offers.people
        transact(people.client, [people.ended(person.id, "ordering", {*over})])

    def _made(self, id_: str) -> Order:
        order = self.orders.find(id_)
        if order is None:  # it was never paid
            raise StudioError(ErrorType.REQUEST_DELETED, "What this clientRequestId ordered is gone.")
        return order
