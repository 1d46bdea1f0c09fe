"""Every page that people see on this machine, served with something on it; addresses by name."""

import json
from collections.abc import AsyncGenerator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from pathlib import Path

from aiohttp import web
from aiohttp.test_utils import TestServer

from local.bank.vnpay_wire import signed_url
from local.mailbox.server import build_app as build_mailbox
from local.models.page import HTML as MODEL_PAGE
from resolvers.webhooks.return_page import return_headers, return_page
from studio.mail.compose import compose
from studio.mail.model import MailKind
from studio.payments.model import PaymentProvider, PaymentStatus
from studio.payments.providers.protocol import PayerReturn
from tests.unit.bank.conftest import HASH_SECRET, Bank, Merchant, introduce, running_bank
from tests.unit.local.explored import ExplorerSite
from tests.unit.mail.test_compose import ADA, FACTS, STOP
from tests.unit.payments.shop import pending
from tests.unit.printer.conftest import running_printer
from tests.unit.world import NOON, USER

LONG = "Collage_and_album_of_the_summer_2026_with_a_name_that_nobody_would_break"


@asynccontextmanager
async def every_page(folder: Path) -> AsyncGenerator[Mapping[str, str]]:
    async with AsyncExitStack() as held:
        bank = await held.enter_async_context(running_bank(Merchant(), folder))
        await introduce(bank)
        printer = await held.enter_async_context(running_printer(folder))
        first = await printer.submit(reference=LONG)
        await printer.does(first, "start", "ship")
        await printer.submit(key="key-2")
        mailbox = await held.enter_async_context(TestServer(build_mailbox(mails(folder), "arn:topic", None)))
        explorer = await held.enter_async_context(TestServer(ExplorerSite().app()))
        model = await held.enter_async_context(TestServer(_page(MODEL_PAGE.read_text())))
        yield {
            **await _of_bank(bank),
            "printer": f"{printer.url}/_printer/",
            "mailbox": str(mailbox.make_url("/")),
            "mailbox, a mail opened": str(mailbox.make_url("/mails/2")),
            "explorer": str(explorer.make_url("/")),
            **await _ways_back(held),
            "the model's page": str(model.make_url("/")),
        }


async def _ways_back(held: AsyncExitStack) -> Mapping[str, str]:
    """Serve the page that payers come back to, of a payment that is paid and of one that nothing is known of."""
    paid = replace(pending(PaymentProvider.VNPAY, USER, NOON), status=PaymentStatus.PAID, standing=100, balance=1_119)
    back = PayerReturn(None, "0b9c1f6e5f5e4f0e9d530a3f7c1f2b11", paid.id)
    pages = {"back from the bank, paid": (paid, back), "back from the bank, unknown": (None, None)}
    urls: dict[str, str] = {}
    for name, (payment, signed) in pages.items():
        html = return_page(payment, signed, "https://localhost:1/")
        server = TestServer(_page(html, return_headers(payment, signed, "")))
        urls[name] = str((await held.enter_async_context(server)).make_url("/"))
    return urls


async def _of_bank(bank: Bank) -> Mapping[str, str]:
    def pay_url(ref: str, **others: str) -> str:
        return signed_url(f"{bank.url}/paymentv2/vpcpay.html", bank.params(ref, **others), HASH_SECRET)

    addresses = {
        "VNPAY": pay_url("OPEN", vnp_OrderInfo=LONG),
        "VNPAY in English": pay_url("ENGLISH", vnp_Locale="en"),
        "VNPAY, paid": pay_url("PAID"),
        "VNPAY, refused": pay_url("WRONG", vnp_Amount="-1"),
    }
    await bank.visit(bank.params("PAID"))
    await bank.choose("PAID", "pay")
    sessions = [(await bank.session()).id for _ in range(3)]
    for action in ("pay", "refund"):
        await bank.act(sessions[1], action)
    await bank.act(sessions[2], "expire")
    await bank.delivered("PAID")
    return addresses | {
        "Stripe": f"{bank.url}/c/pay/{sessions[0]}",
        "Stripe, paid": f"{bank.url}/c/pay/{sessions[1]}",
        "Stripe, expired": f"{bank.url}/c/pay/{sessions[2]}",
        "bank": f"{bank.url}/_bank/",
    }


def mails(folder: Path) -> Path:
    """Keep a mail of ours and one of Cognito's."""
    kept = folder / "mail"
    kept.mkdir()
    receipt = compose(MailKind.RECEIPT, ADA, FACTS, STOP)
    common = {"from": "NamO Studio <studio@mail.namo.test>", "to": ["a.rather.long.name@namo.test"], "messageId": "m"}
    headers = {"List-Unsubscribe": f"<https://hooks.namo.example/unsubscribe?{'x' * 120}>"}
    ours = {"subject": receipt.subject, "text": receipt.text, "html": receipt.html, "tags": {"kind": "RECEIPT"}}
    code = {"subject": "Your verification code", "text": "Your code is 123456", "html": "", "tags": {}}
    for id_, mail in {"1": {**code, "headers": {}}, "2": {**ours, "headers": headers}}.items():
        whole = {"id": id_, "at": "2026-11-20T09:30:00.000+00:00", **common, **mail}
        (kept / f"{id_}.json").write_text(json.dumps(whole))
    return kept


def _page(html: str, headers: Mapping[str, str] | None = None) -> web.Application:
    app = web.Application()
    shown = {"content-type": "text/html; charset=utf-8", **(headers or {})}

    async def show(_request: web.Request) -> web.Response:
        return web.Response(body=html.encode(), headers=shown)

    app.router.add_get("/", show)
    return app
