"""VNPAY's refund: the wire, and what is made of every answer."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

import pytest
import urllib3

from studio.alarms import Alarm
from studio.payments.model import Facts, Payment, PaymentProvider
from studio.payments.providers.protocol import RefundAnswer, UnansweredError
from studio.payments.providers.vnpay import query as vnpay_query
from studio.payments.providers.vnpay import refunds as vnpay_refunds
from studio.payments.providers.vnpay.api import VnpayApi
from studio.payments.providers.vnpay.query import VnpayQuery
from studio.payments.providers.vnpay.refunds import VnpayRefunds
from studio.payments.providers.vnpay.signature import sealed
from studio.payments.refund import refunding
from studio.payments.refund_request import RefundRequest, RefundStatus
from studio.payments.transactions import Refund, RefundState, Taken, Transaction
from tests.unit.payments.shop import PRICE, VNPAY_KEYS, Vault, pending
from tests.unit.payments.vnpay_api import Http
from tests.unit.raised import Raised
from tests.unit.world import NOON, USER

# Each signature was made with:
#   printf '%s' "$TEXT" | openssl dgst -sha512 -hmac ASECRETOFTHIRTYTWOCHARACTERS0001
ASKED = (
    "5f0c1e|2.1.0|refund|NAMO0001|02|0b9c1f6e5f5e4f0e9d530a3f7c1f2b11|24900000|14422574|20261120190000|NamO Studio"
    "|20261120190000|127.0.0.1|Refund of 0b9c1f6e5f5e4f0e9d530a3f7c1f2b11"
)
ASKED_HASH = (
    "748c46593fa9bb36de7d07bedc8e688f846aaa46107d8a234d982f2c883e1d79"
    "c681c2c3f06963725f5948d01828ccfb44a6d8deb5e30af298b6504b367ff6f7"
)
ANSWERED = (
    "fa14|refund|00|Refund success|NAMO0001|0b9c1f6e5f5e4f0e9d530a3f7c1f2b11|24900000|NCB|20261120201001|14836054|02"
    "|05|Refund of 0b9c1f6e5f5e4f0e9d530a3f7c1f2b11"
)
ANSWERED_HASH = (
    "cb9074014f9c6e86ac5ad114730ac3280ef43ce08dbb13872b252bbaed4c9009"
    "3347b08214775b8ea3b112eb8beaffa84ed098ab3a0f6d3e52a41e3fba707a6a"
)
PAID = Taken(PRICE, "VND")
MADE, FAILED = RefundState.MADE, RefundState.FAILED
Answer = Callable[[dict[str, str]], Any]


def asked_back(*transactions: Transaction) -> tuple[Payment, RefundRequest]:
    found = {str(14422574 + i): each for i, each in enumerate(transactions or (Transaction(PAID),))}
    payment = replace(pending(PaymentProvider.VNPAY, USER, NOON), facts=Facts(found))
    payment = refunding(payment, "its order failed", "orders", NOON)
    return payment, payment.facts.refund_requests["14422574"]


def answered(question: dict[str, str], code: str = "00", status: str = "05", **changes: str) -> dict[str, str]:
    """Return what VNPAY answers to a question about a refund, signed."""
    answer = {
        "vnp_ResponseId": "fa14",
        "vnp_Command": question["vnp_Command"],
        "vnp_ResponseCode": code,
        "vnp_Message": "Refund success",
        "vnp_TmnCode": "NAMO0001",
        "vnp_TxnRef": question["vnp_TxnRef"],
        "vnp_Amount": str(PRICE * 100),
        "vnp_BankCode": "NCB",
        "vnp_PayDate": "20261120201001",
        "vnp_TransactionNo": "14836054",
        "vnp_TransactionType": "02",
        "vnp_TransactionStatus": status,
        "vnp_OrderInfo": question["vnp_OrderInfo"],
        **changes,
    }
    names = vnpay_refunds.ANSWERED if question["vnp_Command"] == "refund" else vnpay_query.ANSWERED
    text = "|".join(answer.get(name, "") for name in names)
    return {**answer, "vnp_SecureHash": sealed(text, VNPAY_KEYS)}


@dataclass
class Vnpay:
    """VNPAY, as a refund and a query are answered."""

    refund: Answer
    query: Answer = lambda question: answered(question, status="00", vnp_TransactionType="01")
    asked: list[dict[str, str]] = field(default_factory=list[dict[str, str]])

    @property
    def commands(self) -> list[str]:
        return [each["vnp_Command"] for each in self.asked]

    @property
    def api(self) -> VnpayRefunds:
        http: Any = Http(lambda question: getattr(self, question["vnp_Command"].removesuffix("dr"))(question))
        http.asked = self.asked
        api = VnpayApi(Vault(**VNPAY_KEYS).secret(), "https://vnpay.example/query", http)
        return VnpayRefunds(api, VnpayQuery(api))


def ask(vnpay: Vnpay, *, again: bool = False) -> RefundAnswer:
    return vnpay.api.refund(*asked_back(), NOON, again=again)


def silence(_: dict[str, str]) -> Exception:
    return urllib3.exceptions.ReadTimeoutError(None, "", "late")  # pyright: ignore[reportArgumentType]


def test_a_question_is_signed_as_documented() -> None:
    payment, request = asked_back()
    vnpay = Vnpay(answered)
    vnpay.api.refund(payment, request, NOON, again=False)
    (asked,) = vnpay.asked
    text = "|".join(asked[name] for name in vnpay_refunds.ASKED)
    ours = text.replace(UUID(payment.id).hex, "0b9c1f6e5f5e4f0e9d530a3f7c1f2b11").replace(
        UUID(request.id).hex, "5f0c1e"
    )
    assert (ours, sealed(ASKED, VNPAY_KEYS)) == (ASKED, ASKED_HASH)
    assert asked["vnp_SecureHash"] == sealed(text, VNPAY_KEYS)
    assert asked.keys() == {*vnpay_refunds.ASKED, "vnp_SecureHash"}
    assert sealed(ANSWERED, VNPAY_KEYS) == ANSWERED_HASH


def test_a_request_keeps_its_name_whenever_it_is_asked() -> None:
    payment, request = asked_back()
    vnpay = Vnpay(answered)
    for again in (False, True):
        vnpay.api.refund(payment, request, NOON, again=again)
    first, *_, last = [each for each in vnpay.asked if each["vnp_Command"] == "refund"]
    assert first["vnp_RequestId"] == last["vnp_RequestId"] == UUID(request.id).hex


def test_a_part_is_asked_for_as_one() -> None:
    part = Transaction(PAID, refunds={"re_1": Refund(Taken(PRICE - 1000, "VND"), MADE, 1)})
    payment, request = asked_back(part)
    vnpay = Vnpay(lambda question: answered(question, vnp_Amount="100000", vnp_TransactionType="03"))
    assert vnpay.api.refund(payment, request, NOON, again=False).status == RefundStatus.UNDER_WAY
    assert (vnpay.asked[0]["vnp_TransactionType"], vnpay.asked[0]["vnp_Amount"]) == ("03", "100000")


@pytest.mark.parametrize(
    ("status", "stands", "state"),
    [
        ("00", RefundStatus.DONE, MADE),
        ("05", RefundStatus.UNDER_WAY, MADE),
        ("06", RefundStatus.UNDER_WAY, MADE),
        ("01", RefundStatus.UNDER_WAY, MADE),
        ("09", RefundStatus.REFUSED, FAILED),
        ("02", RefundStatus.REFUSED, FAILED),
    ],
)
@pytest.mark.parametrize("later", [False, True])
def test_what_vnpay_took_stands_as_it_says(status: str, stands: RefundStatus, state: RefundState, later: bool) -> None:
    payment, request = asked_back()
    vnpay = Vnpay(
        lambda question: answered(question, status=status), lambda question: answered(question, status=status)
    )
    act = vnpay.api.progress(payment, request, NOON) if later else vnpay.api.refund(payment, request, NOON, again=False)
    assert (act.status, act.refunds) == (stands, {request.id: Refund(PAID, state, int(NOON.timestamp()))})
    assert (act.cause is None) == (stands != RefundStatus.REFUSED)


@pytest.mark.parametrize("code", ["91", "93", "95"])
def test_a_refusal_counts_where_vnpay_signed_it(code: str) -> None:
    answer = ask(Vnpay(lambda question: answered(question, code)))
    assert (answer.status, answer.refunds, answer.cause) == (RefundStatus.REFUSED, {}, f"VNPAY answers {code}")
    with pytest.raises(UnansweredError, match="not VNPAY's"):
        ask(Vnpay(lambda question: {**answered(question, code), "vnp_SecureHash": ""}))


@pytest.mark.parametrize(
    ("code", "alarms"),
    [("98", []), ("99", []), ("04", []), *((each, [Alarm.PROVIDER_REFUSES]) for each in ("02", "03", "97"))],
)
def test_what_passes_or_is_ours_to_mend_is_asked_again(raised: Raised, code: str, alarms: list[Alarm]) -> None:
    with pytest.raises(UnansweredError, match=code):
        ask(Vnpay(lambda question: answered(question, code)))
    assert raised.names() == alarms


@pytest.mark.parametrize(
    "spoil",
    [
        {"vnp_SecureHash": "0" * 128},
        {"vnp_TransactionStatus": "00"},
        {"vnp_Amount": "100"},
        {"vnp_TxnRef": "0" * 32},
        {"vnp_ResponseCode": "0"},
    ],
)
def test_what_was_changed_on_its_way_is_no_answer(spoil: dict[str, str]) -> None:
    with pytest.raises(UnansweredError):
        ask(Vnpay(lambda question: {**answered(question), **spoil}))


@pytest.mark.parametrize("spoil", [{"vnp_Amount": "100"}, {"vnp_TxnRef": "0" * 32}, {"vnp_Command": "querydr"}])
def test_what_is_signed_has_to_answer_this_question(spoil: dict[str, str]) -> None:
    with pytest.raises(UnansweredError):
        ask(Vnpay(lambda question: answered(question, **spoil)))


@pytest.mark.parametrize("answer", [silence, lambda _: b"[]", lambda _: b"{"])
def test_silence_is_no_answer(answer: Answer) -> None:
    with pytest.raises(UnansweredError):
        ask(Vnpay(answer))


# ---- asked again


def test_one_that_may_have_been_asked_for_is_looked_for_first() -> None:
    vnpay = Vnpay(answered, answered)
    assert ask(vnpay, again=True).status == RefundStatus.UNDER_WAY
    assert vnpay.commands == ["querydr"]


def test_where_there_is_none_it_is_asked_for() -> None:
    vnpay = Vnpay(answered)
    assert ask(vnpay, again=True).status == RefundStatus.UNDER_WAY
    assert vnpay.commands == ["querydr", "refund"]


def test_while_vnpay_does_not_say_whether_there_is_one_none_is_asked_for() -> None:
    vnpay = Vnpay(answered, silence)
    with pytest.raises(UnansweredError):
        ask(vnpay, again=True)
    assert vnpay.commands == ["querydr"]


def test_a_duplicate_is_under_way_where_the_query_says_so() -> None:
    vnpay = Vnpay(lambda question: answered(question, "94"), lambda question: answered(question, status="06"))
    assert ask(vnpay).status == RefundStatus.UNDER_WAY
    assert vnpay.commands == ["refund", "querydr"]


@pytest.mark.parametrize("again", [False, True])
def test_a_duplicate_that_the_query_does_not_know_is_asked_for_again(again: bool) -> None:
    with pytest.raises(UnansweredError, match="94"):
        ask(Vnpay(lambda question: answered(question, "94")), again=again)


def test_a_refund_of_another_amount_is_not_ours() -> None:
    vnpay = Vnpay(answered, lambda question: answered(question, vnp_Amount="100"))
    with pytest.raises(UnansweredError, match="another amount"):
        ask(vnpay, again=True)


def test_the_query_may_show_it_as_the_payments_own_status() -> None:
    vnpay = Vnpay(answered, lambda question: answered(question, status="06", vnp_TransactionType="01"))
    assert ask(vnpay, again=True).status == RefundStatus.UNDER_WAY
    assert vnpay.commands == ["querydr"]


def test_under_way_it_stays_while_vnpay_says_nothing_of_it() -> None:
    answer = Vnpay(answered).api.progress(*asked_back(), NOON)
    assert (answer.status, answer.refunds) == (RefundStatus.UNDER_WAY, {})


def test_what_was_paid_twice_is_for_an_administrator() -> None:
    vnpay = Vnpay(answered)
    answer = vnpay.api.refund(*asked_back(Transaction(PAID), Transaction(PAID)), NOON, again=False)
    assert (answer.status, vnpay.asked) == (RefundStatus.REFUSED, [])
