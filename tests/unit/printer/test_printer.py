"""The local printer itself: who may use it, its page, its own API."""

import io
import json
import subprocess
import sys
import urllib.request
import zlib
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

import pytest

from local.printer.assets import count_pages
from tests.unit.printer.conftest import KEY, Merchant, Printer, pdf

ROOT = Path(__file__).resolve().parents[3]
BROWSER = {"Accept": "text/html"}
WITH_KEY = {"X-API-Key": KEY}


async def page(printer: Printer) -> str:
    return await (await printer.http.get("/_printer/")).text()


async def test_shows_orders_and_what_was_answered(printer: Printer, merchant: Merchant) -> None:
    first = await printer.submit(reference="<b>order</b>")
    second = await printer.submit(key="key-2")
    await printer.does(second, "start", "ship")
    await printer.sent(first)
    await printer.sent(second)
    shown = await page(printer)
    assert "<b>order" not in shown
    assert "&lt;b&gt;order&lt;/b&gt;" in shown
    assert shown.index(f'data-ref="{second}"') < shown.index(f'data-ref="{first}"')  # newest first
    number = (await printer.shown(second))["shipments"][0]["tracking"]["number"]
    assert number in shown
    assert "shipments.shipment#Complete" in shown


async def test_the_buttons_follow_the_order(printer: Printer) -> None:
    id_ = await printer.submit()

    async def buttons() -> set[str]:
        shown = await page(printer)
        return {name for name in ("start", "ship", "complete", "reject", "send") if f'id="{name}-{id_}"' in shown}

    await printer.sent(id_)
    assert await buttons() == {"start", "reject", "send"}
    await printer.does(id_, "start")
    assert await buttons() == {"ship", "reject", "send"}
    await printer.does(id_, "ship")
    assert await buttons() == {"ship", "send"}
    await printer.does(id_, "ship")
    assert await buttons() == {"complete", "send"}
    await printer.does(id_, "complete")
    assert await buttons() == {"send"}


async def test_an_issue_and_a_waiting_callback_are_shown(printer: Printer, merchant: Merchant) -> None:
    merchant.files.clear()
    await printer.put("late", value=True)
    await printer.submit()
    shown = await page(printer)
    assert "order.items.assets.FailedToDownloaded" in shown
    assert "2 not sent yet" in shown
    assert "Callbacks wait" in shown


@pytest.mark.parametrize("path", ["orders/{}/start", "send", "late"])
async def test_a_browser_comes_back_to_the_page(printer: Printer, path: str) -> None:
    id_ = await printer.submit()
    response = await printer.http.post(f"/_printer/{path.format(id_)}", headers=BROWSER, allow_redirects=False)
    assert (response.status, response.headers["Location"]) == (303, "/_printer/")


@pytest.mark.parametrize(
    ("path", "status"),
    [("ord_1/start", 404), ("{}/fly", 409), ("{}/ship", 409), ("{}/complete", 409), ("{}/start?parcels=0", 400)],
)
async def test_what_cannot_be_done(printer: Printer, path: str, status: int) -> None:
    id_ = await printer.submit()
    response = await printer.http.post(f"/_printer/orders/{path.format(id_)}")
    assert response.status == status
    assert (await response.json())["error"]


async def test_as_many_parcels_as_one_likes(printer: Printer) -> None:
    id_ = await printer.submit()
    await printer.http.post(f"/_printer/orders/{id_}/start?parcels=3")
    assert len((await printer.find(id_)).parcels) == 3


@pytest.mark.parametrize(
    ("path", "given"),
    [
        ("late", '"yes"'),
        ("late", "{"),
        ("faults", "503"),
        ("faults", "[200]"),
        ("faults", '["gone"]'),
        ("faults", "[true]"),
    ],
)
async def test_bad_settings(printer: Printer, path: str, given: str) -> None:
    assert (await printer.http.put(f"/_printer/{path}", data=given)).status == 400


@pytest.mark.parametrize("headers", [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}])
async def test_another_site_changes_nothing(printer: Printer, headers: dict[str, str]) -> None:
    id_ = await printer.submit()
    response = await printer.http.post(f"/_printer/orders/{id_}/start", headers=headers)
    assert response.status == 403
    assert not (await printer.find(id_)).in_production


async def test_another_name_is_not_answered(printer: Printer) -> None:
    assert (await printer.http.get("/_printer/orders", headers={"Host": "evil.example"})).status == 421


@pytest.mark.parametrize("key", [{}, {"X-API-Key": "another"}, {"X-API-Key": "é"}])
async def test_the_api_wants_its_key(printer: Printer, key: dict[str, str]) -> None:
    for method, path in (("GET", "orders/ord_1"), ("POST", "orders"), ("POST", "quotes"), ("GET", "products/x")):
        response = await printer.http.request(method, f"/v4.0/{path}", headers=key)
        assert response.status == 401


@pytest.mark.parametrize("body", ["", "{", "[]", "null", '{"items": 7}', '{"items": [{}]}', '{"items": [7]}'])
@pytest.mark.parametrize("path", ["orders", "quotes"])
async def test_what_is_no_order_is_refused(printer: Printer, path: str, body: str) -> None:
    response = await printer.http.post(f"/v4.0/{path}", data=body, headers=WITH_KEY)
    assert response.status == 400
    answer = await response.json()
    assert (answer["outcome"], bool(answer["failures"])) == ("ValidationFailed", True)


async def test_a_callback_to_elsewhere_is_refused(printer: Printer) -> None:
    body = {"callbackUrl": "https://studio.example/callback"}
    response = await printer.http.post("/v4.0/orders", json=body, headers=WITH_KEY)
    assert "callbackUrl" in (await response.json())["failures"]


async def test_product_details(printer: Printer) -> None:
    response = await printer.http.get("/v4.0/products/global-fap-10x10", headers=WITH_KEY)
    product: Any = (await response.json())["product"]
    assert product["sku"] == "GLOBAL-FAP-10X10"
    assert product["variants"][0]["printAreaSizes"]["default"]["horizontalResolution"] == 3000
    assert (await printer.http.get("/v4.0/products/none", headers=WITH_KEY)).status == 404


def packed(pages: int) -> bytes:
    """Return a PDF whose pages are in an object stream."""
    stream = zlib.compress(b" ".join(b"<</Type/Page/Parent 2 0 R>>" for _ in range(pages)))
    head = b"%%PDF-1.7\n5 0 obj <</Type/ObjStm/N %d/Filter/FlateDecode/Length %d>>stream\r\n" % (pages, len(stream))
    return head + stream + b"\nendstream endobj"


@pytest.mark.parametrize(
    ("data", "pages"),
    [
        (pdf(1), 1),
        (pdf(200), 200),
        (packed(30), 30),
        (packed(1).replace(b"\x78", b"\x00", 1), 0),
        (b"\xff\xd8\xff\xe0", 1),
        (b"\x89PNG\r\n\x1a\n", 1),
        (b"<html>/Type /Page</html>", 0),
        (b"", 0),
    ],
)
def test_pages_are_counted(data: bytes, pages: int) -> None:
    with TemporaryFile() as file:
        file.write(data)
        file.flush()
        assert count_pages(file) == pages


def test_says_that_it_is_ready(tmp_path: Path) -> None:
    key = tmp_path / "printer.json"
    key.write_text(json.dumps({"apiKey": KEY}))
    command = [sys.executable, "-m", "local.printer", "--port", "0", "--key", str(key)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert isinstance(process.stdout, io.TextIOBase)
        try:
            said = json.loads(process.stdout.readline())
            assert said["ready"] is True
            with urllib.request.urlopen(f"{said['url']}/healthz", timeout=5) as answer:
                assert json.load(answer) == {"ready": True}
        finally:
            process.terminate()
    assert process.returncode == 0
