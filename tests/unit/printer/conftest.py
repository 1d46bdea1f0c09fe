import asyncio
import hashlib
import json
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

import pytest
import urllib3
from aiohttp import ClientResponse, web
from aiohttp.test_utils import TestClient, TestServer

from local.printer.keys import KeyFile
from local.printer.server import build_app
from studio.printing.model import PrintOrder
from studio.printing.prodigi.api import Api
from studio.printing.prodigi.provider import Prodigi
from studio.printing.products import ALBUM
from studio.printing.request import PrintItem, PrintRequest, Recipient, ShippingMethod
from tests.unit.payments.shop import Vault

Json = dict[str, Any]
T = TypeVar("T")
KEY = "a-key-of-the-printer"
PAGES = 24


def pdf(pages: int) -> bytes:
    """Return a PDF of so many empty pages, as far as a printer counts them."""
    kids = b" ".join(b"%d 0 R" % number for number in range(3, pages + 3))
    parts = [b"%PDF-1.7", b"1 0 obj <</Type /Catalog /Pages 2 0 R>> endobj"]
    parts.append(b"2 0 obj <</Type /Pages /Count %d /Kids [%s]>> endobj" % (pages, kids))
    parts += [b"%d 0 obj <</Type /Page /Parent 2 0 R>> endobj" % number for number in range(3, pages + 3)]
    return b"\n".join([*parts, b"trailer <</Root 1 0 R>>", b"%%EOF"])


BOOK = pdf(PAGES)


@dataclass
class Merchant:
    """Serves files, not to the first `too_early` requests; answers each callback with the next status, or the last."""

    files: dict[str, bytes] = field(default_factory=lambda: {"/album.pdf": BOOK})
    answers: list[int] = field(default_factory=lambda: [200])
    requests: list[bytes] = field(default_factory=list[bytes])
    fetched: list[str] = field(default_factory=list[str])
    too_early: int = 0

    async def file(self, request: web.Request) -> web.Response:
        self.fetched.append(request.path)
        if request.path not in self.files or len(self.fetched) <= self.too_early:
            raise web.HTTPNotFound
        return web.Response(body=self.files[request.path])

    async def receive(self, request: web.Request) -> web.Response:
        self.requests.append(await request.read())
        return web.Response(status=self.answers.pop(0) if len(self.answers) > 1 else self.answers[0])

    @property
    def events(self) -> list[str]:
        return [json.loads(body)["type"].removeprefix("com.prodigi.order.") for body in self.requests]


@dataclass
class Printer:
    """The local printer, its merchant, and the studio's own client of it."""

    http: TestClient[web.Request, web.Application]
    merchant: Merchant
    merchant_url: str
    key_file: Path
    pauses: list[float] = field(default_factory=list[float])

    @property
    def url(self) -> str:
        return str(self.http.make_url("")).rstrip("/")

    def client(self, key: str = KEY) -> Prodigi:
        api = Api(Vault(apiKey=key).secret(), f"{self.url}/v4.0", urllib3.PoolManager(), self.pauses.append)
        return Prodigi(api, f"{self.merchant_url}/callback")

    async def ask(self, what: Callable[..., T], *arguments: Any) -> T:
        """Have the studio, which does one thing at a time, ask the printer."""
        return await asyncio.to_thread(what, *arguments)

    def request(self, **changes: Any) -> PrintRequest:
        item = PrintItem(
            product=ALBUM,
            copies=1,
            pages=PAGES,
            reference="item-1",
            url=f"{self.merchant_url}/album.pdf?X-Signature=1",
            md5=hashlib.md5(BOOK).hexdigest(),
        )
        recipient = Recipient(name="Lan", line1="12 Lý Tự Trọng", city="Hà Nội", postal_code="100000", country="VN")
        whole = PrintRequest(
            key="key-1", reference="order-1", method=ShippingMethod.STANDARD, recipient=recipient, items=(item,)
        )
        of_item = {name: changes.pop(name) for name in ("url", "md5", "pages", "copies", "product") if name in changes}
        return replace(whole, items=(replace(item, **of_item),), **changes)

    async def submit(self, **changes: Any) -> str:
        """Place an order and wait until its files are fetched, or given up."""
        id_ = await self.ask(self.client().submit, self.request(**changes))
        await self.settled(id_)
        return id_

    async def find(self, id_: str) -> PrintOrder:
        found = await self.ask(self.client().find, id_)
        assert found is not None
        return found

    # ---- the printer's own side

    async def act(self, id_: str, action: str) -> ClientResponse:
        return await self.http.post(f"/_printer/orders/{id_}/{action}")

    async def does(self, id_: str, *actions: str) -> PrintOrder:
        for action in actions:
            response = await self.act(id_, action)
            assert response.status == 200, await response.text()
        return await self.find(id_)

    async def put(self, name: str, value: Any) -> None:
        assert (await self.http.put(f"/_printer/{name}", json=value)).status == 200

    async def orders(self) -> list[Json]:
        return (await (await self.http.get("/_printer/orders")).json())["orders"]

    async def shown(self, id_: str) -> Json:
        return next(order for order in await self.orders() if order["id"] == id_)

    async def settled(self, id_: str) -> Json:
        return await self._until(id_, lambda order: not order["downloading"])

    async def sent(self, id_: str) -> Json:
        """Wait until no callback of an order is under way."""
        return await self._until(id_, lambda order: not order["sending"])

    async def _until(self, id_: str, holds: Callable[[Json], bool]) -> Json:
        async with asyncio.timeout(30):
            while not holds(order := await self.shown(id_)):
                pass
        return order


@asynccontextmanager
async def running_printer(folder: Path) -> AsyncGenerator[Printer]:
    key_file = folder / "printer.json"
    key_file.write_text(json.dumps({"apiKey": KEY}))
    merchant, shop = Merchant(), web.Application()
    shop.router.add_post("/callback", merchant.receive)
    shop.router.add_get("/{path:.*}", merchant.file)
    app = build_app(KeyFile(key_file), repeat_seconds=0)
    async with TestServer(shop) as shop_server, TestClient(TestServer(app)) as http:
        yield Printer(http, merchant, str(shop_server.make_url("")).rstrip("/"), key_file)


@pytest.fixture
async def printer(tmp_path: Path) -> AsyncIterator[Printer]:
    async with running_printer(tmp_path) as printer:
        yield printer


@pytest.fixture
def merchant(printer: Printer) -> Merchant:
    return printer.merchant
