"""What Prodigi is sent: the bodies of a quote's and of an order's request.

https://www.prodigi.com/print-api/docs/reference/#create-quote and #create-order. `pageCount`, of an asset, is in the
example of the order object; quotes take it as well, as clients have tried.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from studio.printing.cost import Cost
from studio.printing.protocol import PrintRefusedError, Refusal
from studio.printing.request import PrintItem, PrintRequest, QuoteItem, Recipient, ShippingMethod

METHODS: Mapping[ShippingMethod, str] = {
    ShippingMethod.BUDGET: "Budget",
    ShippingMethod.STANDARD: "Standard",
    ShippingMethod.STANDARD_PLUS: "StandardPlus",
    ShippingMethod.EXPRESS: "Express",
    ShippingMethod.OVERNIGHT: "Overnight",
}
# The one place where a file goes on all of our products; a book's is its covers and its pages in one.
_PRINT_AREA = "default"


def quote(items: Sequence[QuoteItem], country: str, currency: str) -> dict[str, Any]:
    """Ask for a quote of every shipping method: none is named."""
    return {
        "destinationCountryCode": country,
        "currencyCode": currency,
        "items": [_product(item) | {"assets": [_asset(item)]} for item in items],
    }


def order(request: PrintRequest, callback_url: str | None) -> dict[str, Any]:
    """Write an order.

    Raises
    ------
    PrintRefusedError
        ADDRESS: Prodigi wants a postal code of every address, and what it makes of none is not known.
    """
    return {
        "idempotencyKey": request.key,
        "merchantReference": request.reference,
        "shippingMethod": METHODS[request.method],
        **_given({"callbackUrl": callback_url}),
        "recipient": _recipient(request.recipient),
        "items": [_item(item) for item in request.items],
    }


def _recipient(recipient: Recipient) -> dict[str, Any]:
    if not recipient.postal_code:
        raise PrintRefusedError(Refusal.ADDRESS, ["recipient.address.postalOrZipCode: missing"])
    address = {
        "line1": recipient.line1,
        "line2": recipient.line2,
        "postalOrZipCode": recipient.postal_code,
        "countryCode": recipient.country,
        "townOrCity": recipient.city,
        "stateOrCounty": recipient.region,
    }
    contact = {"email": recipient.email, "phoneNumber": recipient.phone}
    return {"name": recipient.name, **_given(contact), "address": _given(address)}


def _item(item: PrintItem) -> dict[str, Any]:
    return {
        "merchantReference": item.reference,
        **_product(item),
        "sizing": item.product.sizing,
        **_given({"recipientCost": _cost(item.price) if item.price else None}),
        "assets": [_asset(item) | {"url": item.url, "md5Hash": item.md5}],
    }


def _cost(cost: Cost) -> dict[str, str]:
    return {"amount": cost.amount, "currency": cost.currency}


def _product(item: QuoteItem) -> dict[str, Any]:
    return {"sku": item.product.sku, "copies": item.copies, "attributes": dict(item.product.attributes)}


def _asset(item: QuoteItem) -> dict[str, Any]:
    return {"printArea": _PRINT_AREA, **_given({"pageCount": item.pages})}


def _given(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}
