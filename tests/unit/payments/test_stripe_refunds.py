"""Stripe's Refunds API: what is sent, and what is made of every answer."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from studio.alarms import Alarm
from studio.payments.model import Facts, Payment, PaymentProvider
from studio.payments.providers.protocol import RefundAnswer, UnansweredError
from studio.payments.providers.stripe.refunds import StripeRefunds
from studio.payments.refund import refunding
from studio.payments.refund_request import RefundRequest, RefundStatus
from studio.payments.transactions import Refund, Refunded, RefundState, Taken, Transaction
from tests.unit.payments.shop import CENTS, Vault, pending
from tests.unit.payments.stripe_refunds_api import StripeRefundsApi
from tests.unit.raised import Raised
from tests.unit.serving import serving
from tests.unit.world import NOON, USER

AT = int(NOON.timestamp())
WHOLE = Taken(CENTS, "USD")


@pytest.fixture
def api() -> Iterator[StripeRefundsApi]:
    api = StripeRefundsApi()
    with serving(api):
        yield api


def asked_back(transaction: Transaction | None = None) -> tuple[Payment, RefundRequest]:
    facts = Facts({"pi_1": transaction or Transaction(WHOLE)})
    payment = replace(pending(PaymentProvider.STRIPE, USER, NOON), facts=facts)
    payment = refunding(payment, "its order failed", "orders", NOON)
    return payment, payment.facts.refund_requests["pi_1"]


def refunds(api: StripeRefundsApi) -> StripeRefunds:
    return StripeRefunds(Vault(apiKey="rk_test_1").secret(), api.address)


def ask(api: StripeRefundsApi) -> RefundAnswer:
    return refunds(api).refund(*asked_back(), NOON, again=False)


def refusal(status: int, code: str | None = None, kind: str = "invalid_request_error") -> tuple[int, dict[str, object]]:
    return status, {"error": {"type": kind, "code": code, "message": "of somebody@namo.example"}}


def test_what_is_asked_names_the_money_and_our_refund(api: StripeRefundsApi) -> None:
    payment, request = asked_back()
    answer = refunds(api).refund(payment, request, NOON, again=False)
    ((method, headers, given),) = api.asked
    assert (method, headers["authorization"]) == ("POST", "Bearer rk_test_1")
    assert headers["idempotency-key"] == request.id
    assert given == {
        "payment_intent": "pi_1",
        "amount": str(CENTS),
        "reason": "requested_by_customer",
        "metadata[paymentId]": payment.id,
        "metadata[refundId]": request.id,
    }
    assert (answer.status, answer.refunds) == (RefundStatus.DONE, {"re_1": Refund(WHOLE, RefundState.MADE, AT)})
    assert '"re_1"' in answer.said


@pytest.mark.parametrize(
    ("said", "status", "state"),
    [
        ("succeeded", RefundStatus.DONE, RefundState.MADE),
        ("pending", RefundStatus.UNDER_WAY, RefundState.MADE),
        ("requires_action", RefundStatus.UNDER_WAY, RefundState.MADE),
        ("failed", RefundStatus.REFUSED, RefundState.FAILED),
        ("canceled", RefundStatus.REFUSED, RefundState.FAILED),
    ],
)
def test_a_refund_stands_as_stripe_says(
    api: StripeRefundsApi, said: str, status: RefundStatus, state: RefundState
) -> None:
    payment, request = asked_back()
    api.status = said
    at_once = refunds(api).refund(payment, request, NOON, again=False)
    later = refunds(api).progress(payment, request, NOON)
    assert at_once == later
    assert (later.status, later.refunds) == (status, {"re_1": Refund(WHOLE, state, AT)})
    assert (later.cause is None) == (status != RefundStatus.REFUSED)


def test_asked_again_it_is_the_same_refund(api: StripeRefundsApi) -> None:
    payment, request = asked_back()
    answers = [refunds(api).refund(payment, request, NOON, again=again) for again in (False, True)]
    assert answers[0] == answers[1]
    assert len(api.made) == 1


def test_when_the_key_is_forgotten_the_refund_is_found(api: StripeRefundsApi) -> None:
    payment, request = asked_back()
    first = refunds(api).refund(payment, request, NOON, again=False)
    api.forget()
    api.refusal = refusal(400, "charge_already_refunded")
    assert refunds(api).refund(payment, request, NOON, again=True) == first
    assert api.asked[-1][2] == {"payment_intent": "pi_1", "limit": "100"}


def test_what_somebody_else_sent_back_is_learned_and_is_not_ours(api: StripeRefundsApi) -> None:
    payment, request = asked_back()
    api.made = [{"id": "re_by_hand", "amount": CENTS, "currency": "usd", "status": "succeeded", "metadata": None}]
    api.refusal = refusal(400, "charge_already_refunded")
    answer = refunds(api).refund(payment, request, NOON, again=False)
    assert (answer.status, answer.refunds.keys()) == (RefundStatus.ASKED, {"re_by_hand"})


def test_of_a_rest_all_refunds_are_learned(api: StripeRefundsApi) -> None:
    payment, request = asked_back(Transaction(WHOLE, Refunded(Taken(400, "USD"), 1)))
    api.made = [{"id": "re_0", "amount": 400, "currency": "usd", "status": "succeeded", "metadata": {}}]
    answer = refunds(api).refund(payment, request, NOON, again=False)
    assert {name: each.taken.minor for name, each in answer.refunds.items()} == {"re_0": 400, "re_2": CENTS - 400}
    assert answer.status == RefundStatus.DONE


@pytest.mark.parametrize("code", ["charge_disputed", "resource_missing", "amount_too_large", None])
def test_a_refusal_is_one(api: StripeRefundsApi, raised: Raised, code: str | None) -> None:
    api.refusal = refusal(400, code)
    answer = ask(api)
    assert (answer.status, answer.refunds) == (RefundStatus.REFUSED, {})
    assert answer.cause == f"Stripe answers {code or 'InvalidRequestError'}"
    assert "somebody" not in answer.said
    assert raised.names() == []


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (500, None, "api_error"),
        (503, None, "api_error"),
        (409, "lock_timeout", "invalid_request_error"),
        (409, "idempotency_key_in_use", "idempotency_error"),
        (400, None, "idempotency_error"),
        (429, "rate_limit", "invalid_request_error"),
        (400, "balance_insufficient", "invalid_request_error"),
    ],
)
def test_what_passes_is_asked_again(api: StripeRefundsApi, status: int, code: str | None, kind: str) -> None:
    api.refusal = refusal(status, code, kind)
    with pytest.raises(UnansweredError, match=f"HTTP {status}"):
        ask(api)
    assert len(api.asked) == 1


@pytest.mark.parametrize("status", [401, 403])
def test_a_key_that_may_not_is_ours_to_mend(api: StripeRefundsApi, raised: Raised, status: int) -> None:
    api.refusal = refusal(status)
    with pytest.raises(UnansweredError):
        ask(api)
    assert raised.names() == [Alarm.PROVIDER_REFUSES]


def test_nobody_there_is_no_answer() -> None:
    away = StripeRefunds(Vault(apiKey="rk_test_1").secret(), "http://127.0.0.1:9")
    for act in (lambda: away.refund(*asked_back(), NOON, again=False), lambda: away.progress(*asked_back(), NOON)):
        with pytest.raises(UnansweredError):
            act()


def test_what_stripe_never_documented_is_no_answer(api: StripeRefundsApi) -> None:
    api.status = "sideways"
    with pytest.raises(UnansweredError, match="status"):
        ask(api)


def test_a_list_that_is_refused_is_no_answer(api: StripeRefundsApi) -> None:
    api.made = [{"id": "re_0", "amount": -1, "currency": "usd", "status": "succeeded", "metadata": {}}]
    with pytest.raises(UnansweredError, match="amount"):
        refunds(api).progress(*asked_back(), NOON)
