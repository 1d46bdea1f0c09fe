"""What an order would cost, and for how long that holds."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Final

from studio import ids
from studio.clock import after, iso
from studio.errors import ErrorType, StudioError
from studio.money import Currency
from studio.orders.address import checked_country
from studio.orders.asked_items import AskedItem, asked_items, is_printed
from studio.orders.model import OrderItem, OrderItemKind, OrderQuote
from studio.orders.offer import Offer, OfferMaker
from studio.orders.table import Quotes
from studio.orders.warnings import OrderWarning, warnings_of
from studio.people.model import Caller

if TYPE_CHECKING:
    from studio.inputs import OrderQuoteInput

VALID_SECONDS: Final = 48 * 3600


@dataclass(frozen=True)
class QuoteRequest:
    """A checked OrderQuoteInput; `country` is where parcels go, None where there are none."""

    items: tuple[AskedItem, ...]
    currency: Currency
    country: str | None

    @classmethod
    def of(cls, given: "OrderQuoteInput") -> "QuoteRequest":
        """Check the input.

        Raises
        ------
        StudioError
            As of the items; COUNTRY_MISSING, COUNTRY_NOT_SERVED, ADDRESS_MALFORMED.
        """
        items, code = asked_items(given["items"]), given.get("countryCode")
        if not is_printed(items):
            return cls(items, Currency(given["currency"]), None)
        if code is None:
            raise StudioError(ErrorType.COUNTRY_MISSING, "Please say to which country parcels go.")
        return cls(items, Currency(given["currency"]), checked_country(code))


@dataclass(frozen=True)
class Quoting:
    """Makes quotes."""

    offers: OfferMaker
    quotes: Quotes

    def quote(self, caller: Caller, asked: QuoteRequest, now: datetime) -> tuple[OrderQuote, list[OrderWarning]]:
        """Return what an order of these items costs, and what in it would look poor.

        Raises
        ------
        StudioError
            As `OfferMaker.make`.
        """
        offer = self.offers.make(caller, asked.items, asked.currency, asked.country, now)
        quote = OrderQuote(
            id=ids.new(),
            owner=caller.sub,
            items=offer.items,
            shipping=offer.shipping,
            versions=dict(offer.versions),
            created_at=iso(now),
            valid_until=iso(after(now, VALID_SECONDS)),
            country=offer.country,
        )
        self.quotes.add(quote)
        return quote, warnings_of(offer)


def as_quoted(offer: Offer, quote: OrderQuote) -> Offer:
    """Return an offer at the price that was quoted for the same.

    Raises
    ------
    StudioError
        QUOTE_MISMATCH.
    """
    where = quote.country, quote.shipping.currency
    if _asked(quote.items) != _asked(offer.items) or where != (offer.country, offer.shipping.currency):
        raise _mismatch("is for other items, another currency or another country")
    prices = {(each.kind, each.document): each.unit_price for each in quote.items}
    items = tuple(replace(each, unit_price=prices[each.kind, each.document]) for each in offer.items)
    if quote.versions != offer.versions or {*items} != {*quote.items}:
        raise _mismatch("is for an album or a collage as it was before it was changed")
    return replace(offer, items=items, shipping=quote.shipping)


def _asked(items: Sequence[OrderItem]) -> set[tuple[OrderItemKind, str, int]]:
    return {(each.kind, each.document, each.quantity) for each in items}


def _mismatch(why: str) -> StudioError:
    return StudioError(ErrorType.QUOTE_MISMATCH, f"The quote {why}. Please ask for a new one.")
