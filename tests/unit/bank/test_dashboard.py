import json
import subprocess
import sys
import urllib.request
from html import escape
from pathlib import Path

import pytest

from tests.unit.bank.conftest import KEYS, NAME, Bank, Merchant

ROOT = Path(__file__).resolve().parents[3]
BROWSER = {"Accept": "text/html"}


async def dashboard(bank: Bank) -> str:
    return await (await bank.http.get("/_bank/")).text()


async def test_shows_payments_and_what_was_answered(bank: Bank, merchant: Merchant) -> None:
    merchant.answers = [{"RspCode": "99", "Message": "<i>later</i>"}, {"RspCode": "00", "Message": "ok"}]
    await bank.visit(bank.params(vnp_OrderInfo="<b>100 points</b>"))
    await bank.choose("ORDER1", "pay")
    await bank.delivered("ORDER1")
    session = await bank.session()
    await bank.visit(bank.params("ORDER2"))
    page = await dashboard(bank)
    assert "<b>100 points" not in page
    assert "&lt;b&gt;100 points&lt;/b&gt;" in page
    assert "&lt;i&gt;later&lt;/i&gt;" in page
    assert 'id="tell-ORDER1"' in page
    assert f'id="expire-{session.id}"' in page
    places = [page.index(f'data-ref="{ref}"') for ref in ("ORDER2", session.id, "ORDER1")]
    assert places == sorted(places)  # newest first


async def test_the_buttons_follow_the_payment(bank: Bank) -> None:
    session = await bank.session()
    await bank.act(session.id, "pay")

    async def buttons() -> set[str]:
        page = await dashboard(bank)
        names = ("tell", "refund", "refund-half", "dispute", "win", "lose", "expire", "arrive")
        return {name for name in names if f'id="{name}-{session.id}"' in page}

    assert await buttons() == {"tell", "refund", "refund-half", "dispute"}
    await bank.act(session.id, "refund?amount=499")
    assert await buttons() == {"tell", "refund", "refund-half", "dispute"}
    await bank.act(session.id, "dispute")
    assert await buttons() == {"tell", "win", "lose"}
    await bank.act(session.id, "win")
    assert await buttons() == {"tell", "refund", "refund-half"}
    await bank.act(session.id, "refund")
    assert await buttons() == {"tell"}


async def test_what_went_back_does_not_look_paid(bank: Bank) -> None:
    async def status(*actions: str) -> str:
        session = await bank.session()
        for action in actions:
            await bank.act(session.id, action)
        card = (await dashboard(bank)).partition(f'data-ref="{session.id}" data-status="')[2]
        return card.partition('"')[0]

    assert await status() == "open"
    assert await status("pay") == "paid"
    assert await status("pay", "refund") == "returned"
    assert await status("pay", "refund?amount=1") == "returned"
    assert await status("pay", "dispute") == "returned"
    assert await status("pay", "dispute", "lose") == "returned"
    assert await status("pay", "dispute", "win") == "paid"


async def test_what_can_be_tried_is_said_in_both_languages(bank: Bank) -> None:
    for locale in ("vn", "en"):
        _, shown = await bank.visit(bank.params(vnp_Locale=locale))
        assert "Thanh toán một số tiền khác · Pay another amount" in shown
        assert "Tình huống thử nghiệm · Situations to try" in shown
    stripe_page = await (await bank.http.get(f"/c/pay/{(await bank.session()).id}")).text()
    assert "Pay with a card that is declined · Trả bằng thẻ bị từ chối" in stripe_page


async def test_a_browser_comes_back_to_the_dashboard(bank: Bank) -> None:
    session = await bank.session()
    path = f"/_bank/payments/{session.id}/pay"
    response = await bank.http.post(path, headers=BROWSER, allow_redirects=False)
    assert (response.status, response.headers["Location"]) == (303, "/_bank/")


@pytest.mark.parametrize(
    ("path", "status"), [("no/pay", 404), ("{}/fly", 404), ("{}/refund?amount=-1", 400), ("{}/win", 409)]
)
async def test_what_cannot_be_done(bank: Bank, path: str, status: int) -> None:
    session = await bank.session()
    response = await bank.act(*path.format(session.id).split("/"))
    assert response.status == status
    assert (await response.json())["error"]


@pytest.mark.parametrize("body", ['{"vnpayIpnUrl": "file:///etc/passwd"}', '{"ipn": "http://a"}', "[]", "{"])
async def test_bad_addresses(bank: Bank, body: str) -> None:
    assert (await bank.http.put("/_bank/merchant", data=body)).status == 400


async def test_rates(bank: Bank) -> None:
    rates = await (await bank.http.get("/v6/latest/USD")).json()
    assert (rates["result"], rates["base_code"], rates["rates"]["USD"]) == ("success", "USD", 1)
    assert isinstance(rates["time_last_update_unix"], int)
    await bank.http.put("/_bank/rates", json={"VND": 26000, "SGD": 1.3})
    changed = await (await bank.http.get("/v6/latest/SGD")).json()
    assert changed["rates"]["VND"] == 20000
    assert (await bank.http.get("/v6/latest/XXX")).status == 404


async def test_broken_rates(bank: Bank) -> None:
    await bank.http.put("/_bank/rates", json={"fail": 500})
    assert (await bank.http.get("/v6/latest/USD")).status == 500
    await bank.http.put("/_bank/rates", json={})
    assert (await bank.http.get("/v6/latest/USD")).status == 200
    for bad in ("[" * 100_000, '{"VND": 0}', '{"VND": "many"}', '{"fail": 7}', "[]", "{", "null", "7"):
        assert (await bank.http.put("/_bank/rates", data=bad)).status == 400


def test_says_that_it_is_ready(tmp_path: Path) -> None:
    keys = tmp_path / "keys.json"
    keys.write_text(json.dumps(KEYS))
    command = [sys.executable, "-m", "local.bank", "--port", "0", "--secrets", str(keys), "--repeat-seconds", "0.1"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            said = json.loads(process.stdout.readline())
            assert said["ready"] is True
            with urllib.request.urlopen(f"{said['url']}/healthz", timeout=5) as answer:
                assert json.load(answer) == {"ready": True}
        finally:
            process.terminate()
    assert process.returncode == 0


async def test_payers_see_the_merchants_name(bank: Bank) -> None:
    name = escape(NAME)
    _, shown = await bank.visit(bank.params())
    assert f'<dd id="merchant">{name} · LOCALTMN</dd>' in shown
    stripe_page = await (await bank.http.get(f"/c/pay/{(await bank.session()).id}")).text()
    assert f'<span id="merchant">{name}</span>' in stripe_page
    assert bank.shop_url.partition("//")[2] not in stripe_page.replace(f"{bank.shop_url}/back", "")


async def test_what_is_at_its_end_and_not_among_the_newest_is_folded(bank: Bank) -> None:
    async def folded() -> list[bool]:
        cards = (await dashboard(bank)).split("<details")[1:]
        return [" open>" not in card.partition("\n")[0] for card in reversed(cards)]

    sessions = [(await bank.session()).id for _ in range(5)]
    assert await folded() == [False] * 5
    for id_ in sessions[1:]:
        await bank.act(id_, "pay")
    assert await folded() == [False, True, False, False, False]
    await bank.act(sessions[1], "dispute")
    assert await folded() == [False] * 5
    await bank.act(sessions[1], "win")
    assert await folded() == [False, True, False, False, False]
