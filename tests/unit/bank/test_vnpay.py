import json
import re
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest

from local.bank.vnpay_wire import is_signed, read_stamp, signed_url, stamp
from tests.unit.bank.conftest import HASH_SECRET, KEYS, Bank, Merchant, introduce

HOUR = timedelta(hours=1)


def query(url: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(url).query))


def ago(delta: timedelta) -> str:
    return stamp(datetime.now(UTC) - delta)


async def test_a_signed_url_shows_the_order(bank: Bank) -> None:
    status, page = await bank.visit(bank.params())
    assert status == 200
    assert "250.000 VND" in page
    assert "Nap 100 diem: don hang ORDER1" in page
    for button in ("pay", "refuse", "not-enough", "pay-late", "pay-twice", "pay-wrong-amount", "pay-suspected"):
        assert f'id="{button}"' in page


async def test_the_page_speaks_english(bank: Bank) -> None:
    _, page = await bank.visit(bank.params(vnp_Locale="en"))
    assert '<html lang="en">' in page
    assert "250,000 VND" in page
    assert "Cancel the transaction" in page


async def test_what_is_shown_is_escaped(bank: Bank) -> None:
    _, page = await bank.visit(bank.params(vnp_OrderInfo='<script>alert(1)</script> & "so"'))
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;so&quot;" in page


def test_a_signature_that_was_made_elsewhere() -> None:
    # printf 'vnp_A=1&vnp_B=a+b%%26c%%2F%%E1%%BA%%BF' | openssl dgst -sha512 -hmac hash-secret
    claimed = (
        "4c94c884a29a149bc3ed1ed8366ddc25312b584b27dcf95725769901ec9c8bb4"
        "8d3187a9a3674aeecdfc8fc9ffc384aecbe7f2bb0346d5aef17b4c3869473c14"
    )
    assert is_signed({"vnp_B": "a b&c/ế", "vnp_A": "1", "vnp_SecureHash": claimed}, HASH_SECRET)
    assert not is_signed({"vnp_B": "a b&c/e", "vnp_A": "1", "vnp_SecureHash": claimed}, HASH_SECRET)


@pytest.mark.parametrize(
    ("code", "others"),
    [
        ("03", {"vnp_Version": "2.0.1"}),
        ("03", {"vnp_Command": "refund"}),
        ("03", {"vnp_Amount": "250000.00"}),
        ("03", {"vnp_Amount": "0"}),
        ("03", {"vnp_CurrCode": "USD"}),
        ("03", {"vnp_OrderInfo": "Nạp điểm"}),
        ("03", {"vnp_ReturnUrl": "javascript:alert(1)"}),
        ("03", {"vnp_ExpireDate": "20260230000000"}),
        ("03", {"vnp_TxnRef": ""}),
        ("72", {"vnp_TmnCode": "SOMEBODY"}),
        ("15", {"vnp_CreateDate": ago(2 * HOUR), "vnp_ExpireDate": ago(HOUR)}),
    ],
)
async def test_a_bad_order_leads_to_the_error_page(bank: Bank, code: str, others: dict[str, str]) -> None:
    _, page = await bank.visit(bank.params(**others))
    assert f'data-code="{code}"' in page


@pytest.mark.parametrize("name", ["vnp_CreateDate", "vnp_IpAddr", "vnp_OrderType"])
async def test_nothing_required_may_miss(bank: Bank, name: str) -> None:
    params = bank.params()
    del params[name]
    _, page = await bank.visit(params)
    assert 'data-code="03"' in page


async def test_an_order_without_an_end_waits_a_quarter_of_an_hour(bank: Bank) -> None:
    params = bank.params()
    del params["vnp_ExpireDate"]
    assert 'id="pay"' in (await bank.visit(params))[1]
    payment = await bank.payment("ORDER1")
    wait = datetime.fromisoformat(payment["expiresAt"]) - read_stamp(params["vnp_CreateDate"])
    assert wait == timedelta(minutes=15)
    _, page = await bank.visit({**params, "vnp_TxnRef": "ORDER2", "vnp_CreateDate": ago(HOUR)})
    assert 'data-code="15"' in page
    _, page = await bank.visit({**params, "vnp_TxnRef": "ORDER3", "vnp_ExpireDate": ""})
    assert 'data-code="03"' in page


async def test_the_banks_are_the_merchants(bank: Bank) -> None:
    path = "/qrpayauth/api/merchant/get_bank_list"
    banks = await (await bank.http.post(path, data={"tmn_code": "LOCALTMN"})).json()
    assert {"VNPAYQR", "NCB"} <= {each["bank_code"] for each in banks}
    assert all(each["logo_link"].startswith("/") and each["bank_name"] for each in banks)
    assert (await bank.http.post(path, data={"tmn_code": "SOMEBODY"})).status == 400


async def test_nothing_may_come_twice(bank: Bank) -> None:
    url = urlsplit(signed_url("/paymentv2/vpcpay.html", bank.params(), HASH_SECRET))
    response = await bank.http.get(f"{url.path}?vnp_Amount=100&{url.query}")
    assert 'data-code="03"' in await response.text()


async def test_a_bad_signature(bank: Bank) -> None:
    _, page = await bank.visit(bank.params(), secret="another secret")
    assert 'data-code="70"' in page
    assert "Sai chữ ký" in page


async def test_new_keys_hold_at_once(bank: Bank) -> None:
    bank.keys_file.write_text("{half a fi")
    assert 'id="pay"' in (await bank.visit(bank.params()))[1]
    bank.keys_file.write_text(json.dumps(KEYS | {"vnpay": {"tmnCode": "LOCALTMN", "hashSecret": "new"}}))
    assert 'data-code="70"' in (await bank.visit(bank.params("ORDER2")))[1]
    assert 'id="pay"' in (await bank.visit(bank.params("ORDER2"), secret="new"))[1]


async def test_a_reference_is_good_for_one_order_a_day(bank: Bank) -> None:
    await bank.visit(bank.params())
    assert 'id="pay"' in (await bank.visit(bank.params()))[1]
    assert 'data-code="01"' in (await bank.visit(bank.params(vnp_Amount="100000")))[1]
    tomorrow = stamp(datetime.now(UTC) + timedelta(days=1))
    later = {"vnp_CreateDate": tomorrow, "vnp_ExpireDate": stamp(datetime.now(UTC) + timedelta(days=2))}
    assert 'id="pay"' in (await bank.visit(bank.params(vnp_Amount="100000", **later)))[1]


async def test_paid(bank: Bank, merchant: Merchant) -> None:
    await bank.visit(bank.params())
    url = await bank.choose("ORDER1", "pay")
    [request] = await merchant.received(1)
    params = request.params
    assert is_signed(params, HASH_SECRET)
    assert {name: params[name] for name in ("vnp_Amount", "vnp_TxnRef", "vnp_TmnCode", "vnp_ResponseCode")} == {
        "vnp_Amount": "25000000",
        "vnp_TxnRef": "ORDER1",
        "vnp_TmnCode": "LOCALTMN",
        "vnp_ResponseCode": "00",
    }
    assert params["vnp_TransactionStatus"] == "00"
    assert re.fullmatch(r"\d{14}", params["vnp_PayDate"])
    assert {"vnp_BankCode", "vnp_BankTranNo", "vnp_CardType", "vnp_TransactionNo"} < params.keys()
    assert url.startswith(f"{bank.shop_url}/return?lang=vi&")
    assert query(url) == params | {"lang": "vi"}
    assert (await bank.payment("ORDER1"))["status"] == "paid"


@pytest.mark.parametrize(("action", "code", "at"), [("refuse", "24", "VNPAY"), ("not_enough", "51", "NCB")])
async def test_not_paid(bank: Bank, merchant: Merchant, action: str, code: str, at: str) -> None:
    await bank.visit(bank.params())
    url = await bank.choose("ORDER1", action)
    [request] = await merchant.received(1)
    assert (request.params["vnp_ResponseCode"], request.params["vnp_TransactionStatus"]) == (code, "02")
    assert request.params["vnp_BankCode"] == at
    assert (request.params["vnp_TransactionNo"] == "0") == (action == "refuse")
    assert "vnp_BankTranNo" not in request.params
    assert query(url)["vnp_ResponseCode"] == code
    assert (await bank.payment("ORDER1"))["status"] == "failed"


async def test_another_amount(bank: Bank, merchant: Merchant) -> None:
    await bank.visit(bank.params())
    await bank.choose("ORDER1", "pay_wrong_amount")
    [request] = await merchant.received(1)
    assert is_signed(request.params, HASH_SECRET)
    assert request.params["vnp_Amount"] == "12500000"
    assert (await bank.payment("ORDER1"))["paid"] == 125_000


async def test_twice_at_once(bank: Bank, merchant: Merchant) -> None:
    await bank.visit(bank.params())
    await bank.choose("ORDER1", "pay_twice")
    first, second, *_ = await merchant.received(2)  # a busy machine may answer too late, and is notified again
    assert first == second


async def test_a_choice_is_made_once(bank: Bank, merchant: Merchant) -> None:
    await bank.visit(bank.params())
    paid = await bank.choose("ORDER1", "pay")
    assert await bank.choose("ORDER1", "refuse") == paid
    await bank.delivered("ORDER1")
    assert len(merchant.requests) == 1
    assert (await bank.act("ORDER1", "pay")).status == 409
    assert 'id="end"' in (await bank.visit(bank.params()))[1]


@pytest.mark.parametrize("code", ["00", "02"])
async def test_repeats_until_it_is_confirmed(bank: Bank, merchant: Merchant, code: str) -> None:
    merchant.answers = [{"RspCode": "99", "Message": "later"}, 500, None, 200, {"RspCode": code, "Message": "ok"}]
    await bank.visit(bank.params())
    await bank.choose("ORDER1", "pay")
    await bank.delivered("ORDER1")
    assert len(merchant.requests) == 5
    deliveries = await bank.deliveries()
    assert [delivery["status"] for delivery in deliveries] == [200, 500, None, 200, 200]
    assert [delivery["accepted"] for delivery in deliveries] == [False, False, False, False, True]


@pytest.mark.parametrize("code", ["01", "04", "97", "99"])
async def test_gives_up_after_ten(bank: Bank, merchant: Merchant, code: str) -> None:
    merchant.answers = [{"RspCode": code, "Message": "no"}]
    await bank.visit(bank.params())
    await bank.choose("ORDER1", "pay")
    await bank.delivered("ORDER1")
    assert len(merchant.requests) == 10


async def test_late(bank: Bank, merchant: Merchant) -> None:
    await bank.visit(bank.params())
    assert query(await bank.choose("ORDER1", "pay_late"))["vnp_ResponseCode"] == "00"
    await bank.visit(bank.params("ORDER2"))
    await bank.choose("ORDER2", "pay")
    await bank.delivered("ORDER2")
    assert [request.params["vnp_TxnRef"] for request in merchant.requests] == ["ORDER2"]
    assert (await bank.payment("ORDER1"))["late"] == 1
    assert await (await bank.http.post("/_bank/tell")).json() == {"told": 1}
    await bank.delivered("ORDER1")
    assert len(merchant.requests) == 2


async def test_again(bank: Bank, merchant: Merchant) -> None:
    await bank.visit(bank.params())
    await bank.choose("ORDER1", "pay")
    await bank.delivered("ORDER1")
    assert (await bank.act("ORDER1", "tell")).status == 200
    first, second = await merchant.received(2)
    assert first == second


async def test_notices_wait_for_an_address(stranger: Bank, merchant: Merchant) -> None:
    await stranger.visit(stranger.params())
    await stranger.choose("ORDER1", "pay")
    assert (await stranger.payment("ORDER1"))["telling"] == 1
    assert merchant.requests == []
    await introduce(stranger)
    assert len(await merchant.received(1)) == 1


async def test_expires(bank: Bank, merchant: Merchant) -> None:
    await bank.visit(bank.params())
    assert (await bank.act("ORDER1", "expire")).status == 200
    [request] = await merchant.received(1)
    assert request.params["vnp_ResponseCode"] == "11"
    assert (await bank.payment("ORDER1"))["status"] == "expired"


async def test_vnpay_tells_nobody_of_a_refund(bank: Bank) -> None:
    await bank.visit(bank.params())
    await bank.choose("ORDER1", "pay")
    assert (await bank.act("ORDER1", "refund")).status == 409
