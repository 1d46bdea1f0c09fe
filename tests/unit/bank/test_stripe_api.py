import base64
import time
from typing import Any, get_args

import pytest
import stripe

from local.bank.stripe_objects import API_VERSION
from tests.unit.bank.conftest import API_KEY, Bank, Merchant

MINUTE, DAY = 60, 86400


def required(kind: type) -> set[str]:
    """The fields that are never null."""
    return {name for name, hint in kind.__annotations__.items() if type(None) not in get_args(hint)}


def known(thing: stripe.StripeObject) -> set[str]:
    return {name for name in type(thing).__annotations__ if not name.startswith("_") and name != "OBJECT_NAME"}


def fits(thing: stripe.StripeObject) -> None:
    """Has every field that the package's type says is never null, and none that it does not know."""
    given = set(thing.to_dict())
    assert given <= known(thing)
    assert known(thing) & required(type(thing)) <= given


def test_the_version_is_the_packages() -> None:
    assert stripe.api_version.rpartition(".")[2] == API_VERSION.rpartition(".")[2]


async def test_a_session(bank: Bank) -> None:
    session = await bank.session()
    fits(session)
    assert session.id.startswith("cs_test_")
    assert session.url == f"{bank.url}/c/pay/{session.id}"
    assert (session.amount_total, session.currency) == (999, "usd")
    assert (session.status, session.payment_status, session.payment_intent) == ("open", "unpaid", None)
    assert session.client_reference_id == "payment-1"
    assert session.metadata
    assert session.metadata.to_dict() == {"payment": "payment-1"}
    assert session.livemode is False
    again = await bank.client().v1.checkout.sessions.retrieve_async(session.id)
    assert again.to_dict() == session.to_dict()


async def test_lines_add_up_and_currencies_are_lower_case(bank: Bank) -> None:
    def line(amount: int, quantity: int) -> Any:
        price = {"currency": "VND", "unit_amount": amount, "product_data": {"name": "points"}}
        return {"price_data": price, "quantity": quantity}

    session = await bank.session(line_items=[line(1000, 3), line(250_000, 1)])
    assert (session.amount_total, session.currency) == (253_000, "vnd")


@pytest.mark.parametrize("seconds", [29 * MINUTE, DAY + MINUTE])
async def test_a_session_lives_from_half_an_hour_to_a_day(bank: Bank, seconds: int) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="`expires_at` timestamp must be") as caught:
        await bank.session(expires_at=int(time.time()) + seconds)
    assert caught.value.param == "expires_at"


async def test_a_session_lives_a_day_unless_told(bank: Bank) -> None:
    session_params = bank.session_params()
    del session_params["expires_at"]
    session = await bank.client().v1.checkout.sessions.create_async(session_params)
    assert session.expires_at - session.created == DAY


@pytest.mark.parametrize(
    ("others", "code", "param"),
    [
        ({"colour": "red"}, "parameter_unknown", "colour"),
        ({"line_items": []}, "parameter_missing", "line_items"),
        ({"line_items": [{"quantity": 1}]}, "parameter_missing", "line_items[0][price_data][unit_amount]"),
        ({"success_url": "javascript:alert(1)"}, "url_invalid", "success_url"),
        ({"expires_at": "soon"}, "parameter_invalid_integer", "expires_at"),
        ({"mode": "subscription"}, None, "mode"),
        ({"metadata": "text"}, None, "metadata"),
    ],
)
async def test_bad_parameters(bank: Bank, others: dict[str, Any], code: str | None, param: str) -> None:
    with pytest.raises(stripe.InvalidRequestError) as caught:
        await bank.session(**others)
    assert (caught.value.http_status, caught.value.code, caught.value.param) == (400, code, param)


async def test_an_amount_has_eight_digits_at_most(bank: Bank) -> None:
    def line(amount: int) -> dict[str, Any]:
        return {"price_data": {"currency": "vnd", "unit_amount": amount, "product_data": {"name": "x"}}, "quantity": 1}

    assert (await bank.session(line_items=[line(99_999_999)])).amount_total == 99_999_999
    with pytest.raises(stripe.InvalidRequestError) as caught:
        await bank.session(line_items=[line(99_999_999), line(1)])
    assert caught.value.code == "amount_too_large"


async def test_metadata_may_be_empty(bank: Bank) -> None:
    session = await bank.session(metadata="", payment_intent_data={"metadata": {}})
    assert session.metadata is not None
    assert session.metadata.to_dict() == {}


async def test_a_wrong_key(bank: Bank) -> None:
    with pytest.raises(stripe.AuthenticationError, match=r"Invalid API Key provided: sk_test_\*\*\*\*ther"):
        await bank.client("sk_test_another").v1.checkout.sessions.create_async(bank.session_params())


async def test_no_key(bank: Bank) -> None:
    response = await bank.http.post("/v1/checkout/sessions")
    assert response.status == 401
    assert (await response.json())["error"]["type"] == "invalid_request_error"


@pytest.mark.parametrize(("key", "status"), [(API_KEY, 404), ("sk_test_another", 401)])
async def test_basic_authorization(bank: Bank, key: str, status: int) -> None:
    header = "Basic " + base64.b64encode(f"{key}:".encode()).decode()
    response = await bank.http.get("/v1/checkout/sessions/cs_test_none", headers={"Authorization": header})
    assert response.status == status


async def test_the_same_key_gives_the_same_session(bank: Bank) -> None:
    sessions, session_params = bank.client().v1.checkout.sessions, bank.session_params()
    first = await sessions.create_async(session_params, {"idempotency_key": "payment-1"})
    again = await sessions.create_async(session_params, {"idempotency_key": "payment-1"})
    other = await sessions.create_async(session_params, {"idempotency_key": "payment-2"})
    assert again.to_dict() == first.to_dict()
    assert again.last_response
    assert again.last_response.headers["Idempotent-Replayed"] == "true"
    assert other.id != first.id


async def test_the_same_key_for_something_else(bank: Bank) -> None:
    sessions = bank.client().v1.checkout.sessions
    await sessions.create_async(bank.session_params(), {"idempotency_key": "payment-1"})
    with pytest.raises(stripe.IdempotencyError, match="can only be used with the same parameters"):
        await sessions.create_async(bank.session_params(client_reference_id="other"), {"idempotency_key": "payment-1"})


async def test_a_refused_call_does_not_use_its_key_up(bank: Bank) -> None:
    sessions = bank.client().v1.checkout.sessions
    with pytest.raises(stripe.InvalidRequestError):
        await sessions.create_async(bank.session_params(mode="setup"), {"idempotency_key": "payment-1"})
    assert (await sessions.create_async(bank.session_params(), {"idempotency_key": "payment-1"})).status == "open"


async def test_expire(bank: Bank, merchant: Merchant) -> None:
    sessions = bank.client().v1.checkout.sessions
    session = await bank.session()
    expired = await sessions.expire_async(session.id)
    assert (expired.status, expired.url) == ("expired", None)
    await merchant.received(1)
    assert merchant.events == ["checkout.session.expired"]
    with pytest.raises(stripe.InvalidRequestError):
        await sessions.expire_async(session.id)


async def test_refunds_add_up(bank: Bank, merchant: Merchant) -> None:
    session = await bank.session()
    await bank.act(session.id, "pay")
    intent_id = (await bank.payment(session.id))["paymentIntent"]
    intent = await bank.client().v1.payment_intents.retrieve_async(intent_id)
    fits(intent)
    assert (intent.status, intent.amount_received, intent.metadata["payment"]) == ("succeeded", 999, "payment-1")
    refunds = bank.client().v1.refunds
    part = await refunds.create_async({"payment_intent": intent_id, "amount": 400})
    fits(part)
    assert (part.amount, part.status, part.payment_intent) == (400, "succeeded", intent_id)
    with pytest.raises(stripe.InvalidRequestError, match="greater than unrefunded amount"):
        await refunds.create_async({"payment_intent": intent_id, "amount": 600})
    rest = await refunds.create_async({"payment_intent": intent_id})
    assert rest.amount == 599
    with pytest.raises(stripe.InvalidRequestError) as caught:
        await refunds.create_async({"payment_intent": intent_id})
    assert caught.value.code == "charge_already_refunded"
    await merchant.received(3)
    charges = [request.event.data.object for request in merchant.requests if request.event.type == "charge.refunded"]
    states = {(charge["amount_refunded"], charge["refunded"]) for charge in charges}
    assert states == {(400, False), (999, True)}


async def test_what_is_unknown(bank: Bank) -> None:
    client = bank.client()
    with pytest.raises(stripe.InvalidRequestError, match=r"No such checkout\.session: 'cs_test_no'"):
        await client.v1.checkout.sessions.retrieve_async("cs_test_no")
    with pytest.raises(stripe.InvalidRequestError, match="No such payment_intent: 'pi_no'"):
        await client.v1.refunds.create_async({"payment_intent": "pi_no"})
    with pytest.raises(stripe.InvalidRequestError, match="Unrecognized request URL"):
        await client.v1.customers.retrieve_async("cus_no")
