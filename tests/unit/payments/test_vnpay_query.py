"""What became of a payment, asked of VNPAY: the wire, and what the reconciler makes of the answers."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
import urllib3

from studio.alarms import Alarm
from studio.payments.model import Outcome, Payment, PaymentEventState, PaymentProvider, PaymentStatus, ReviewReason
from studio.payments.providers.protocol import UnansweredError
from studio.payments.providers.vnpay import query as vnpay_query
from studio.payments.providers.vnpay.api import VnpayApi
from studio.payments.providers.vnpay.events import read
from studio.payments.providers.vnpay.query import VnpayQuery
from studio.payments.providers.vnpay.signature import sealed
from studio.payments.providers.vnpay.values import Parameters
from studio.payments.reconcile import ASK_FOR, MOST_UNANSWERED
from studio.payments.transactions import Taken
from tests.unit.payments.shop import PRICE, VNPAY_KEYS, Shop, Vault, pending
from tests.unit.payments.vnpay_api import Http
from tests.unit.raised import Raised
from tests.unit.world import NOON, USER

SECRET = {"hashSecret": "ASECRETOFTHIRTYTWOCHARACTERS0001"}
# Each signature was made with:
#   printf '%s' "$TEXT" | openssl dgst -sha512 -hmac ASECRETOFTHIRTYTWOCHARACTERS0001
ASKED = (
    "5f0c1e|2.1.0|querydr|NAMO0001|0b9c1f6e5f5e4f0e9d530a3f7c1f2b11|20261120190000|20261120201000|127.0.0.1"
    "|What became of 0b9c1f6e5f5e4f0e9d530a3f7c1f2b11"
)
ASKED_HASH = (
    "e14173262236f4f6d312ec20784235df12a83d0c53711e43b493ab3f3b2cfb91"
    "54c2263f32b20c8d3f7f9d0099386bf711449e039dc05003889680c738fda40c"
)
ANSWER = {
    "vnp_ResponseId": "b7d2",
    "vnp_Command": "querydr",
    "vnp_ResponseCode": "00",
    "vnp_Message": "QueryDR Success",
    "vnp_TmnCode": "NAMO0001",
    "vnp_TxnRef": "0b9c1f6e5f5e4f0e9d530a3f7c1f2b11",
    "vnp_Amount": "24900000",
    "vnp_BankCode": "NCB",
    "vnp_PayDate": "20261120190500",
    "vnp_TransactionNo": "14422574",
    "vnp_TransactionType": "01",
    "vnp_TransactionStatus": "00",
    "vnp_OrderInfo": "Đơn hàng 1+1 100% tiện & lợi",
}
ANSWER_TEXT = (
    "b7d2|querydr|00|QueryDR Success|NAMO0001|0b9c1f6e5f5e4f0e9d530a3f7c1f2b11|24900000|NCB|20261120190500|14422574"
    "|01|00|Đơn hàng 1+1 100% tiện & lợi||"
)
ANSWER_HASH = (
    "4000fb86a3eecd6cf7313444e294443c4b1350f34cc0e3a7f571a9dd2b48fd34"
    "6cd233a8296561a3adfb6cef7744b918b039cd030e0a3a7153f959862496790f"
)


def payment() -> Payment:
    return pending(PaymentProvider.VNPAY, USER, NOON)


def answered(to: Payment, keys: Mapping[str, str] = SECRET, /, **changes: str) -> dict[str, str]:
    """Return what VNPAY answers of a payment that was paid, with changes, signed."""
    answer = {**ANSWER, "vnp_TxnRef": UUID(to.id).hex, **changes}
    text = "|".join(answer.get(name, "") for name in vnpay_query.ANSWERED)
    return {**answer, "vnp_SecureHash": sealed(text, keys)}


def ask(of: Payment, http: Http, vault: Vault | None = None) -> Parameters | None:
    secret = (vault or Vault(**VNPAY_KEYS)).secret()
    query = VnpayQuery(VnpayApi(secret, "https://vnpay.example/query", http))  # pyright: ignore[reportArgumentType]
    return query.end_of(of, NOON + timedelta(hours=1, minutes=10))


def test_a_question_is_signed_as_openssl_does(monkeypatch: pytest.MonkeyPatch) -> None:
    mine = payment()
    http = Http(answered(mine, vnp_ResponseCode="91"))
    monkeypatch.setattr(vnpay_query, "uuid", SimpleNamespace(uuid4=lambda: UUID(int=1)))
    assert ask(mine, http) is None
    (asked,) = http.asked
    text = "|".join(asked[name] for name in vnpay_query.ASKED)
    ours, theirs = UUID(mine.id).hex, "0b9c1f6e5f5e4f0e9d530a3f7c1f2b11"
    assert text.replace(ours, theirs).replace(UUID(int=1).hex, "5f0c1e") == ASKED
    assert sealed(ASKED, SECRET) == ASKED_HASH
    assert asked["vnp_SecureHash"] == sealed(text, SECRET)


def test_an_answer_is_signed_as_openssl_does() -> None:
    mine = payment()
    text = ANSWER_TEXT.replace("0b9c1f6e5f5e4f0e9d530a3f7c1f2b11", UUID(mine.id).hex)
    assert sealed(ANSWER_TEXT, SECRET) == ANSWER_HASH
    answer = {**ANSWER, "vnp_TxnRef": UUID(mine.id).hex, "vnp_SecureHash": sealed(text, SECRET).upper()}
    assert ask(mine, Http(answer)) == answer


def test_each_question_has_an_id_of_its_own() -> None:
    mine = payment()
    http = Http(answered(mine, vnp_ResponseCode="91"))
    for _ in range(3):
        ask(mine, http)
    assert len({asked["vnp_RequestId"] for asked in http.asked}) == 3


def test_numbers_may_be_numbers() -> None:
    mine = payment()
    event = ask(mine, Http({**answered(mine), "vnp_Amount": 24900000, "vnp_TransactionNo": 14422574}))
    assert event
    assert read(event).amount == Taken(PRICE, "VND")


def test_after_a_rotation_both_keys_are_good() -> None:
    mine, vault = payment(), Vault(**VNPAY_KEYS)
    vault.rotate(tmnCode="NAMO0001", hashSecret="ANOTHER")
    http = Http(answered(mine))
    assert ask(mine, http, vault)
    assert http.asked[0]["vnp_SecureHash"] != ""
    assert ask(mine, Http(answered(mine, {"hashSecret": "ANOTHER"})), vault)


@pytest.mark.parametrize(
    "changes", [{"vnp_TransactionStatus": "01"}, {"vnp_TransactionType": "02"}, {"vnp_TransactionType": "03"}]
)
def test_what_is_unfinished_or_a_refund_is_no_end(changes: dict[str, str], raised: Raised) -> None:
    mine = payment()
    assert ask(mine, Http(answered(mine, **changes))) is None
    assert raised.names() == [Alarm.REFUND_UNMATCHED] * ("vnp_TransactionType" in changes)


def wrong_answers(mine: Payment) -> Iterator[Http]:
    good = answered(mine)
    yield Http(urllib3.exceptions.NewConnectionError(None, "refused"))  # pyright: ignore[reportArgumentType]
    yield Http(good, status=503)
    for body in (b"", b"<html>", b"[]", b"null", b"[" * 100_000):
        yield Http(body)
    for code in ("02", "03", "94", "97", "99"):
        yield Http(answered(mine, vnp_ResponseCode=code))
    yield Http({})
    for code in ("91", "\u0669\u0661", "x" * 1000):
        yield Http({"vnp_ResponseCode": code})
    absent = answered(mine, vnp_ResponseCode="91")
    yield Http({name: value for name, value in absent.items() if name != "vnp_SecureHash"})
    yield Http({**absent, "vnp_TxnRef": UUID(int=1).hex})
    yield Http(answered(payment(), vnp_ResponseCode="91"))
    yield Http({**good, "vnp_ResponseCode": "91"})
    yield Http({**good, "vnp_Amount": "1"})
    yield Http({name: value for name, value in good.items() if name != "vnp_SecureHash"})
    yield Http({**good, "vnp_SecureHash": "é"})
    yield Http(answered(mine, {"hashSecret": "forged"}))
    yield Http(answered(payment()))
    yield Http(answered(mine, vnp_TmnCode="OTHER001"))
    yield Http(answered(mine, vnp_Command="refund"))


def test_what_cannot_be_believed_is_no_answer() -> None:
    mine = payment()
    for http in wrong_answers(mine):
        with pytest.raises(UnansweredError):
            ask(mine, http)


# ---- the reconciler


def asking(shop: Shop, **changes: str) -> None:
    shop.ask = lambda payment, _now: answered(payment, **changes)


def test_money_that_was_not_told_of_is_found_and_credited(shop: Shop) -> None:
    mine = shop.waiting()
    shop.world.later(3600 + 600)
    asking(shop)
    done = shop.reconcile()
    assert (done.learned, done.expired) == (1, 0)
    assert shop.now(mine).status == PaymentStatus.PAID
    assert shop.is_sound(mine)
    (event,) = shop.events_of(mine)
    assert (event.type, event.state, event.source_ip) == ("querydr 00", PaymentEventState.HANDLED, None)
    assert shop.send_ipn(shop.ipn(mine)) == "02"
    assert shop.reconcile().learned == 0


def test_what_failed_untold_has_failed(shop: Shop) -> None:
    mine = shop.waiting()
    shop.world.later(3600 + 600)
    asking(shop, vnp_TransactionStatus="02")
    assert shop.reconcile().learned == 1
    assert shop.now(mine).status == PaymentStatus.FAILED


@pytest.mark.parametrize("status", ["04", "07"])
def test_what_is_suspected_untold_goes_to_review(shop: Shop, status: str) -> None:
    mine = shop.waiting()
    shop.world.later(3600 + 600)
    asking(shop, vnp_TransactionStatus=status)
    assert shop.reconcile().learned == 1
    now = shop.now(mine)
    assert (now.status, now.review) == (PaymentStatus.REVIEW, ReviewReason.SUSPECTED)
    assert shop.reconcile().learned == 0


def test_another_amount_goes_to_review_as_if_it_had_been_told(shop: Shop) -> None:
    mine = shop.waiting()
    shop.world.later(3600 + 600)
    asking(shop, vnp_Amount="100")
    shop.reconcile()
    now = shop.now(mine)
    assert (now.status, now.review) == (PaymentStatus.REVIEW, ReviewReason.WRONG_AMOUNT)


def test_nobody_is_asked_before_the_time_or_about_stripe(shop: Shop) -> None:
    asked: list[str] = []
    shop.ask = lambda payment, _now: asked.append(payment.id)
    early, mine = shop.waiting(PaymentProvider.STRIPE), shop.waiting()
    shop.world.later(3600 + 599)
    shop.reconcile()
    assert asked == []
    shop.world.later(1)
    assert shop.reconcile().expired == 2
    assert asked == [mine.id]
    assert shop.now(early).status == PaymentStatus.EXPIRED


def silent(payment: Payment, _now: Any) -> None:
    raise UnansweredError(payment.id)


def test_while_vnpay_is_away_payments_wait_but_not_for_ever(shop: Shop) -> None:
    waiting = [shop.waiting() for _ in range(MOST_UNANSWERED + 2)]
    shop.ask = silent
    shop.world.later(3600 + 600)
    done = shop.reconcile()
    assert (done.unanswered, done.expired, done.errors) == (MOST_UNANSWERED, 0, 0)
    assert {shop.now(each).status for each in waiting} == {PaymentStatus.PENDING}
    shop.world.later(ASK_FOR.total_seconds())
    assert shop.reconcile().expired == len(waiting)


def test_those_that_vnpay_keeps_not_answering_hold_up_no_others(shop: Shop) -> None:
    stuck = {shop.waiting().id for _ in range(2 * MOST_UNANSWERED)}
    shop.world.later(1)
    good = [shop.waiting() for _ in range(3)]
    asked: list[str] = []

    def ask(payment: Payment, _now: Any) -> None:
        asked.append(payment.id)
        if payment.id in stuck:
            raise UnansweredError(payment.id)

    shop.ask = ask
    shop.world.later(3600 + 600)
    for _ in range(3):
        shop.reconcile()
        shop.world.later(60)
    assert {shop.now(each).status for each in good} == {PaymentStatus.EXPIRED}
    for _ in range(240):
        shop.world.later(60)
        shop.reconcile()
    times = [asked.count(id_) for id_ in stuck]
    assert 4 < min(times) <= max(times) < 15  # in four hours
    assert {each.status for each in shop.payments.find_many([*stuck])} == {PaymentStatus.PENDING}


def test_pauses_between_questions_grow_and_end_with_the_day(shop: Shop) -> None:
    mine = shop.waiting()
    shop.ask = silent
    shop.world.later(3600 + 600)
    begun, pauses = shop.world.time, list[float]()
    while shop.reconcile().unanswered:
        row = shop.payments.get({"id": mine.id})
        assert row
        pauses.append(row["due"] / 1000 - shop.world.time.timestamp())
        shop.world.later(pauses[-1])
    assert pauses[:6] == [60, 120, 240, 480, 960, 1920]
    assert max(pauses) <= 3600
    assert shop.now(mine).status == PaymentStatus.EXPIRED
    assert shop.world.time - begun == ASK_FOR - timedelta(minutes=10)


def test_an_answer_that_cannot_be_read_is_kept_once_and_asked_for_again_later(shop: Shop) -> None:
    mine = shop.waiting()
    ids = iter(range(99))
    shop.ask = lambda payment, _now: answered(payment, vnp_TransactionNo="", vnp_ResponseId=str(next(ids)))
    shop.world.later(3600 + 600)
    for _ in range(10):
        assert shop.reconcile().errors == 0
        shop.world.later(60)
    assert next(ids) == 4  # after 0, 1, 3 and 7 minutes
    [event] = shop.events_of()
    assert (event.payment_id, event.outcome) == (mine.id, Outcome.NOT_UNDERSTOOD)
    assert shop.now(mine).status == PaymentStatus.PENDING


def test_that_nothing_was_paid_is_believed_of_vnpay_alone(shop: Shop) -> None:
    """Who stands between could otherwise end a payment whose notices they keep from us, and its money be overlooked."""
    mine = shop.waiting()
    http: Any = Http({"vnp_ResponseCode": "91"})
    query = VnpayQuery(VnpayApi(Vault(**VNPAY_KEYS).secret(), "https://vnpay.example/query", http))
    shop.ask = query.end_of
    shop.world.later(3600 + 600)
    assert shop.reconcile().unanswered == 1
    assert shop.now(mine).status == PaymentStatus.PENDING
    shop.world.later(60)
    asking(shop)
    assert shop.reconcile().learned == 1
    assert shop.now(mine).status == PaymentStatus.PAID


def test_stripes_payments_do_not_wait_for_vnpay(shop: Shop) -> None:
    for _ in range(MOST_UNANSWERED):
        shop.waiting()
    shop.world.later(1)
    other = shop.waiting(PaymentProvider.STRIPE)
    shop.ask = silent
    shop.world.later(3600 + 600)
    assert shop.reconcile().expired == 1
    assert shop.now(other).status == PaymentStatus.EXPIRED


def test_money_that_is_told_of_while_vnpay_is_asked_is_credited_once(shop: Shop) -> None:
    mine = shop.waiting()
    shop.world.later(3600 + 600)

    def meanwhile(payment: Payment, _now: Any) -> Parameters:
        assert shop.send_ipn(shop.ipn(payment)) == "00"
        return answered(payment)

    shop.ask = meanwhile
    shop.reconcile()
    assert shop.is_sound(mine)
    assert [entry.points for entry in shop.world.entries(USER) if entry.payment_id] == [100]
