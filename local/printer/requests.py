"""What a merchant asks for, a quote or an order: read, or refused with the failures of each field."""

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from local.printer.catalogue import COUNTRIES, CURRENCIES, METHODS, PRODUCTS, Product

Json = dict[str, Any]
MOST_COPIES = 1000
SIZINGS = frozenset({"fillPrintArea", "fitPrintArea", "stretchToPrintArea"})
MD5 = re.compile("[0-9a-f]{32}", re.IGNORECASE)
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class RefusedError(Exception):
    """A request that is not carried out: by field, the codes and the values that were provided."""

    def __init__(self, failures: dict[str, list[Json]]) -> None:
        super().__init__(", ".join(failures))
        self.failures = failures


@dataclass(frozen=True)
class Line:
    """So many copies of a product, with its file where it is to be printed."""

    product: Product
    copies: int
    reference: str | None = None
    sizing: str = ""
    url: str = ""
    md5: str | None = None
    pages: int | None = None
    price: Any = None

    @property
    def cents(self) -> int:
        return self.copies * self.product.price(self.pages)


@dataclass
class Reader:
    """Reads fields of a request and notes each failure where it is."""

    failures: defaultdict[str, list[Json]] = field(default_factory=lambda: defaultdict[str, list[Json]](list))

    def fail(self, path: str, code: str, value: Any = None) -> None:
        self.failures[path].append({"code": code, "providedValue": value})

    def text(self, values: Json, path: str, *, required: bool = True) -> str | None:
        """Return a text; the last part of the path is its name."""
        value = values.get(path.rpartition(".")[2])
        if value is None and not required:
            return None
        if isinstance(value, str) and value.strip():
            return value
        self.fail(path, "Required" if value in (None, "") else "Invalid", value)
        return None

    def choice(self, values: Json, path: str, choices: Any, *, required: bool = True) -> str | None:
        value = self.text(values, path, required=required)
        if value is not None and value not in choices:
            self.fail(path, "NotSupported", value)
            return None
        return value

    def whole(self, values: Json, path: str, most: int) -> int:
        value = values.get(path.rpartition(".")[2])
        if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= most:
            return value
        self.fail(path, "OutOfRange", value)
        return 1

    def part(self, values: Json, name: str) -> Json:
        value = values.get(name)
        if isinstance(value, dict):
            return value
        self.fail(name, "Required", value)
        return {}

    def lines(self, values: Json, *, printed: bool) -> tuple[Line, ...]:
        items = values.get("items")
        if not isinstance(items, list) or not items or not all(isinstance(item, dict) for item in items):
            self.fail("items", "Required")
            return ()
        return tuple(self._lines(items, printed=printed))

    def _lines(self, items: list[Json], *, printed: bool) -> Iterator[Line]:
        for number, item in enumerate(items):
            line = self._line(item, f"items[{number}]", printed=printed)
            if line:
                yield line

    def _line(self, item: Json, path: str, *, printed: bool) -> Line | None:
        sku = (self.text(item, f"{path}.sku") or "").upper()
        if sku not in PRODUCTS:
            self.fail(f"{path}.sku", "SkuNotFound", sku)
            return None
        product, copies = PRODUCTS[sku], self.whole(item, f"{path}.copies", MOST_COPIES)
        asset = self._asset(item, path)
        pages = self._pages(asset, f"{path}.assets[0]", product)
        if not printed:
            return Line(product, copies, pages=pages)
        return Line(
            product,
            copies,
            self.text(item, f"{path}.merchantReference", required=False),
            self.choice(item, f"{path}.sizing", SIZINGS) or "",
            self._url(asset, f"{path}.assets[0].url"),
            self._md5(asset, f"{path}.assets[0].md5Hash"),
            pages,
            item.get("recipientCost"),
        )

    def _asset(self, item: Json, path: str) -> Json:
        assets = item.get("assets")
        if not isinstance(assets, list) or len(assets) != 1 or not isinstance(assets[0], dict):
            self.fail(f"{path}.assets", "Required", assets)
            return {}
        self.choice(assets[0], f"{path}.assets[0].printArea", {"default"})
        return assets[0]

    def _pages(self, asset: Json, path: str, product: Product) -> int | None:
        pages = asset.get("pageCount")
        if product.pages is None:
            return None
        if not isinstance(pages, int) or pages not in product.pages:
            self.fail(f"{path}.pageCount", "OutOfRange", pages)
        return pages if isinstance(pages, int) else None

    def _url(self, asset: Json, path: str) -> str:
        url = self.text(asset, path) or ""
        if url and not is_here(url):
            self.fail(path, "NotReachable", url)
        return url

    def _md5(self, asset: Json, path: str) -> str | None:
        md5 = self.text(asset, path, required=False)
        if md5 is not None and not MD5.fullmatch(md5):
            self.fail(path, "Invalid", md5)
        return md5

    def end(self) -> None:
        if self.failures:
            raise RefusedError(dict(self.failures))


@dataclass(frozen=True)
class QuoteRequest:
    """What a quote is asked for; without a method, for each."""

    methods: tuple[str, ...]
    country: str
    currency: str
    lines: tuple[Line, ...]

    @classmethod
    def read(cls, values: Json) -> "QuoteRequest":
        """Raise RefusedError."""
        reader = Reader()
        method = reader.choice(values, "shippingMethod", METHODS, required=False)
        country = reader.choice(values, "destinationCountryCode", COUNTRIES) or ""
        currency = reader.choice(values, "currencyCode", CURRENCIES, required=False) or "USD"
        lines = reader.lines(values, printed=False)
        reader.end()
        return cls((method,) if method else tuple(METHODS), country, currency, lines)


@dataclass(frozen=True)
class OrderRequest:
    """What an order is asked for."""

    key: str | None
    reference: str | None
    method: str
    callback_url: str | None
    recipient: Json
    lines: tuple[Line, ...]
    metadata: Any

    @classmethod
    def read(cls, values: Json) -> "OrderRequest":
        """Raise RefusedError."""
        reader = Reader()
        method = reader.choice(values, "shippingMethod", METHODS) or ""
        recipient = reader.part(values, "recipient")
        _check_recipient(reader, recipient)
        callback_url = reader.text(values, "callbackUrl", required=False)
        if callback_url is not None and not is_here(callback_url):
            reader.fail("callbackUrl", "NotReachable", callback_url)
        lines = reader.lines(values, printed=True)
        key = reader.text(values, "idempotencyKey", required=False)
        reference = reader.text(values, "merchantReference", required=False)
        reader.end()
        return cls(key, reference, method, callback_url, recipient, lines, values.get("metadata"))

    @property
    def fingerprint(self) -> str:
        """What may not change under one key: all but addresses, which are signed anew for each request."""
        lines = [(line.product.sku, line.copies, line.sizing, line.md5, line.pages) for line in self.lines]
        return json.dumps([self.reference, self.method, self.recipient, lines], sort_keys=True)


def _check_recipient(reader: Reader, recipient: Json) -> None:
    reader.text(recipient, "recipient.name")
    address = recipient.get("address")
    if not isinstance(address, dict):
        reader.fail("recipient.address", "Required", address)
        return
    for name in ("line1", "postalOrZipCode", "townOrCity"):
        reader.text(address, f"recipient.address.{name}")
    reader.choice(address, "recipient.address.countryCode", COUNTRIES)


def is_here(url: str) -> bool:
    """Tell whether an address is one of this machine."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and parts.hostname in LOOPBACK
