"""What somebody asks to have ordered, and the mark that makes it safe to ask twice."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from studio.errors import ErrorType, StudioError
from studio.money import Currency
from studio.orders.address import checked_address
from studio.orders.asked_items import AskedItem, asked_items, is_printed
from studio.orders.model import Address
from studio.requests.table import Request, checked_id, fingerprint

if TYPE_CHECKING:
    from studio.inputs import AddressInput, CreateOrderInput


@dataclass(frozen=True)
class OrderRequest:
    """A checked CreateOrderInput."""

    items: tuple[AskedItem, ...]
    currency: Currency
    quote: str | None
    address: Address | None

    @classmethod
    def of(cls, given: "CreateOrderInput") -> "OrderRequest":
        """Check the input.

        Raises
        ------
        StudioError
            As of the items and the address; ADDRESS_MISSING, ADDRESS_NOT_NEEDED.
        """
        items = asked_items(given["items"])
        address = _address(given.get("address"), items)
        return cls(items, Currency(given["currency"]), given.get("quoteId"), address)

    @property
    def country(self) -> str | None:
        return self.address.country if self.address else None


def request_of(given: "CreateOrderInput", owner: str, order: str) -> Request:
    """Return the mark of an input; of all that it says only a hash is kept.

    Raises
    ------
    StudioError
        REQUEST_ID_MALFORMED.
    """
    arguments = {
        "items": [
            [each["kind"], each.get("albumId"), each.get("collageId"), each["quantity"]] for each in given["items"]
        ],
        "currency": given["currency"],
        "quoteId": given.get("quoteId"),
        "address": _written(given.get("address")),
    }
    return Request(owner, checked_id(given["clientRequestId"]), fingerprint("createOrder", arguments), (order,))


def _address(given: "AddressInput | None", items: tuple[AskedItem, ...]) -> Address | None:
    if not is_printed(items):
        if given is not None:
            raise StudioError(ErrorType.ADDRESS_NOT_NEEDED, "Files need no address: nothing of this is sent.")
        return None
    if given is None:
        raise StudioError(ErrorType.ADDRESS_MISSING, "Please say where the parcels go.")
    return checked_address(given)


def _written(address: "AddressInput | None") -> Mapping[str, str | None] | None:
    if address is None:
        return None
    return {
        "name": address["name"],
        "line1": address["line1"],
        "line2": address.get("line2"),
        "city": address["city"],
        "region": address.get("region"),
        "postalCode": address.get("postalCode"),
        "countryCode": address["countryCode"],
        "phone": address.get("phone"),
    }
