import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
import urllib3

from local.bank.vnpay_query import ASKED, sealed
from local.bank.vnpay_wire import stamp
from studio.payments.model import Payment, PaymentProvider
from studio.payments.notice import Result
from studio.payments.providers.vnpay.api import VnpayApi
from studio.payments.providers.vnpay.events import read
from studio.payments.providers.vnpay.query import VnpayQuery
from studio.payments.providers.vnpay.values import Parameters
from studio.payments.transactions import Taken
from tests.unit.bank.conftest import HASH_SECRET, Bank, Json
from tests.unit.payments.shop import Vault, pending
from tests.unit.world import USER


def question(**changes: str) -> dict[str, str]:
    now = stamp(datetime.now(UTC))
    asked = {
        "vnp_RequestId": "1",
        "vnp_Version": "2.1.0",
        "vnp_Command": "querydr",
        "vnp_TmnCode": "LOCALTMN",
        "vnp_TxnRef": "ORDER1",
        "vnp_TransactionDate": now,
        "vnp_CreateDate": now,
        "vnp_IpAddr": "127.0.0.1",
        "vnp_OrderInfo": "What became of ORDER1",
    } | changes
    return {"vnp_SecureHash": sealed(asked, tuple(ASKED), HASH_SECRET), **asked}


async def answer(bank: Bank, body: Json) -> str:
    response = await bank.http.post("/merchant_webapi/api/transaction", json=body)
    assert response.status == 200
    return (await response.json())["vnp_ResponseCode"]


async def test_a_good_question_is_answered_once(bank: Bank) -> None:
    await bank.visit(bank.params())
    assert await answer(bank, question()) == "00"
    assert await answer(bank, question()) == "94"
    assert await answer(bank, question(vnp_RequestId="2")) == "00"


async def test_dates_and_ids_may_be_numbers(bank: Bank) -> None:
    await bank.visit(bank.params())
    asked = question()
    numbers = {name: int(asked[name]) for name in ("vnp_RequestId", "vnp_TransactionDate", "vnp_CreateDate")}
    assert await answer(bank, {**asked, **numbers}) == "00"
    assert await answer(bank, {**asked, **numbers}) == "94"


@pytest.mark.parametrize("value", [None, True, 1.5, [], {"a": 1}, 10**400])
@pytest.mark.parametrize("name", [*ASKED, "vnp_SecureHash"])
async def test_whatever_is_asked_is_answered(bank: Bank, name: str, value: object) -> None:
    assert await answer(bank, {**question(), name: value}) in {"03", "97"}


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("03", {"vnp_Version": "2.0.1"}),
        ("03", {"vnp_RequestId": "with space"}),
        ("03", {"vnp_CreateDate": "today"}),
        ("02", {"vnp_TmnCode": "OTHERTMN"}),
        ("91", {"vnp_TxnRef": "ORDER2"}),
    ],
)
async def test_a_bad_question_is_answered_with_its_code(bank: Bank, code: str, changes: dict[str, str]) -> None:
    await bank.visit(bank.params())
    assert await answer(bank, question(**changes)) == code


async def test_a_tampered_question_is_refused(bank: Bank) -> None:
    await bank.visit(bank.params())
    assert await answer(bank, {**question(), "vnp_TxnRef": "ORDER2"}) == "97"
    assert await answer(bank, {}) == "03"
    response = await bank.http.post("/merchant_webapi/api/transaction", data=b"[")
    assert (await response.json())["vnp_ResponseCode"] == "03"


@pytest.fixture
def mine() -> Payment:
    return pending(PaymentProvider.VNPAY, USER, datetime.now(UTC))


async def asked(bank: Bank, payment: Payment) -> Parameters | None:
    """Ask as the studio does."""
    secret = Vault(tmnCode="LOCALTMN", hashSecret=HASH_SECRET).secret()
    with urllib3.PoolManager() as http:
        query = VnpayQuery(VnpayApi(secret, f"{bank.url}/merchant_webapi/api/transaction", http))
        return await asyncio.to_thread(query.end_of, payment, datetime.now(UTC) + timedelta(hours=1))


async def test_the_studio_understands_the_answers(bank: Bank, mine: Payment) -> None:
    assert await asked(bank, mine) is None
    ref = UUID(mine.id).hex
    await bank.visit(bank.params(ref))
    assert await asked(bank, mine) is None
    await bank.choose(ref, "pay_late")
    answer = await asked(bank, mine)
    assert answer
    notice = read(answer)
    assert (notice.payment_id, notice.result, notice.amount) == (mine.id, Result.PAID, Taken(250_000, "VND"))


@pytest.mark.parametrize(
    ("action", "result"),
    [("refuse", Result.FAILED), ("not_enough", Result.FAILED), ("pay_suspected", Result.SUSPECTED)],
)
async def test_the_studio_understands_how_else_it_ended(bank: Bank, mine: Payment, action: str, result: Result) -> None:
    ref = UUID(mine.id).hex
    await bank.visit(bank.params(ref))
    await bank.choose(ref, action)
    answer = await asked(bank, mine)
    assert answer
    assert read(answer).result == result
