"""What somebody asks to order, checked as far as can be without looking at the documents."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from studio import ids
from studio.documents.spec import DocumentKind
from studio.errors import ErrorType, StudioError
from studio.orders.model import OrderItemKind

if TYPE_CHECKING:
    from studio.inputs import OrderItemInput

MAX_ITEMS: Final = 10
MAX_COPIES: Final = 20


@dataclass(frozen=True)
class AskedItem:
    """A checked OrderItemInput."""

    kind: OrderItemKind
    document: str
    quantity: int


def asked_items(given: "Sequence[OrderItemInput]") -> tuple[AskedItem, ...]:
    """Check the items of an order.

    Raises
    ------
    StudioError
        ITEMS_OUT_OF_RANGE, ITEM_MISMATCH, ITEM_REPEATED, QUANTITY_OUT_OF_RANGE, ID_MALFORMED.
    """
    if not 1 <= len(given) <= MAX_ITEMS:
        raise StudioError(ErrorType.ITEMS_OUT_OF_RANGE, f"An order has 1 to {MAX_ITEMS} items.", min=1, max=MAX_ITEMS)
    items = tuple(_item(each) for each in given)
    if len({(each.kind, each.document) for each in items}) < len(items):
        raise StudioError(ErrorType.ITEM_REPEATED, "The same thing is ordered twice: name it once, with its quantity.")
    return items


def is_printed(items: Sequence[AskedItem]) -> bool:
    """Tell whether anything of it is printed."""
    return any(item.kind.is_printed for item in items)


def _item(given: "OrderItemInput") -> AskedItem:
    kind = OrderItemKind(given["kind"])
    return AskedItem(kind, ids.checked(_document(given, kind)), _quantity(given["quantity"], kind))


def _document(given: "OrderItemInput", kind: OrderItemKind) -> str:
    album, collage = given.get("albumId"), given.get("collageId")
    named, other = (album, collage) if kind.document == DocumentKind.ALBUM else (collage, album)
    if named is None or other is not None:
        of, wanted = ("an album", "albumId") if kind.document == DocumentKind.ALBUM else ("a collage", "collageId")
        raise StudioError(ErrorType.ITEM_MISMATCH, f"What is ordered of {of} has {wanted}, and no other id.")
    return named


def _quantity(quantity: int, kind: OrderItemKind) -> int:
    most = MAX_COPIES if kind.is_printed else 1
    if not 1 <= quantity <= most:
        message = f"The quantity of a print is 1 to {most}." if kind.is_printed else "The quantity of a file is 1."
        raise StudioError(ErrorType.QUANTITY_OUT_OF_RANGE, message, min=1, max=most)
    return quantity
