"""What an order would be of: documents as they are now, what each costs, and what is to be rendered of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from studio.albums.find import own_document
from studio.albums.specs import document_spec
from studio.albums.table import Documents, Photos
from studio.documents.album import PdfProduct
from studio.documents.contents import album_of
from studio.documents.pages import plan
from studio.documents.spec import DocumentSpec
from studio.documents.templates import TEMPLATES, CollageTemplate
from studio.errors import ErrorType, StudioError
from studio.money import Currency, Money
from studio.optimistic import retry
from studio.orders.asked_items import AskedItem
from studio.orders.model import OrderItem, OrderItemKind
from studio.orders.prices import shipping_price, total_price, unit_price
from studio.people.model import Caller, Language
from studio.people.table import People
from studio.printing.products import ALBUM, Product, print_for


@dataclass(frozen=True)
class Offer:
    """Items with their prices; `specs` and `versions` are their documents', by id. `country` is where parcels go."""

    items: tuple[OrderItem, ...]
    specs: Mapping[str, DocumentSpec]
    versions: Mapping[str, int]
    country: str | None
    shipping: Money

    @property
    def total(self) -> Money:
        return total_price(self.items, self.shipping)


@dataclass(frozen=True)
class OfferMaker:
    """Looks at documents, and prices what is ordered of them."""

    documents: Documents
    photos: Photos
    people: People

    def make(
        self, caller: Caller, asked: Sequence[AskedItem], currency: Currency, country: str | None, now: datetime
    ) -> Offer:
        """Price items, to be sent to a country where something is printed.

        Raises
        ------
        StudioError
            DOCUMENT_UNKNOWN, DOCUMENT_EMPTY, UPLOAD_NOT_READY, PICTURES_MISMATCH, TOO_MANY_PAGES.
        """
        person = self.people.find(caller.sub)
        language = person.language if person else Language.EN
        specs, versions = dict[str, DocumentSpec](), dict[str, int]()
        for item in {each.document: each for each in asked}.values():
            read = partial(self._read, caller, item, language, now)
            specs[item.document], versions[item.document] = retry(read)
        items = tuple(_priced(each, specs[each.document], currency) for each in asked)
        return Offer(items, specs, versions, country, shipping_price(items, country, currency))

    def _read(self, caller: Caller, item: AskedItem, language: Language, now: datetime) -> tuple[DocumentSpec, int]:
        document = own_document(self.documents, caller, item.document, item.kind.document)
        if document is None:
            kind = item.kind.document.lower()
            raise StudioError(ErrorType.DOCUMENT_UNKNOWN, f"There is no such {kind} of yours.")
        return document_spec(self.documents, self.photos, document, item.kind.product, language, now), document.version


def _priced(asked: AskedItem, spec: DocumentSpec, currency: Currency) -> OrderItem:
    product = printed_as(asked.kind, spec)
    pages = len(plan(album_of(spec), PdfProduct.PRINT)) if product and product.pages else None
    if product and pages:
        check_pages(product, pages)
    price = unit_price(asked.kind, product, pages, currency)
    return OrderItem(asked.kind, asked.document, asked.quantity, price, pages, product.id if product else None)


def printed_as(kind: OrderItemKind, spec: DocumentSpec) -> Product | None:
    """Return what is printed of a document: of a collage, the print that it fills best."""
    if kind == OrderItemKind.ALBUM_PRINT:
        return ALBUM
    if kind == OrderItemKind.COLLAGE_PRINT:
        sheet = TEMPLATES[CollageTemplate(spec.design)]
        return print_for(sheet.width, sheet.height)
    return None


def check_pages(product: Product, pages: int) -> None:
    """Refuse a book that cannot be bound.

    Raises
    ------
    StudioError
        TOO_MANY_PAGES.
    """
    if product.pages and not product.pages.fits(pages):
        message = f"A printed book has {product.pages.most} pages at most, and this one would have {pages}."
        raise StudioError(ErrorType.TOO_MANY_PAGES, message, max=product.pages.most, have=pages)
