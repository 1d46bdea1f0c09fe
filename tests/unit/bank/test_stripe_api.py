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


async def test_lists_are_newest_first_and_page_by_page(bank: Bank) -> None:
    made = [(await bank.session(client_reference_id=str(i))).id for i in range(5)][::-1]
    sessions = bank.client().v1.checkout.sessions
    page = await sessions.list_async({"limit": 2})
    assert ([each.id for each in page.data], page.has_more) == (made[:2], True)
    page = await sessions.list_async({"limit": 2, "starting_after": made[2]})
    assert ([each.id for each in page.data], page.has_more) == (made[3:], False)
    page = await sessions.list_async({"limit": 2, "ending_before": made[4]})
    assert ([each.id for each in page.data], page.has_more) == (made[2:4], True)
    every = await sessions.list_async({"limit": 2})
    assert [each.id async for each in every.auto_paging_iter()] == made
    assert (await sessions.list_async({"status": "complete"})).data == []
    for given, param in (({"limit": 101}, "limit"), ({"limit": 0}, "limit"), ({"starting_after": "no"}, None)):
        with pytest.raises(stripe.InvalidRequestError) as caught:
            await sessions.list_async(given)  # type: ignore[arg-type]  # what the types allow is no subject here
        assert param is None or caught.value.param == param


async def test_refunds_and_events_are_listed(bank: Bank) -> None:
    v1 = bank.client().v1
    refunds, session = list[str](), None
    for _ in range(2):
        session = await bank.session()
        await bank.act(session.id, "pay")
        intent = (await bank.payment(session.id))["paymentIntent"]
        refunds += [(await v1.refunds.create_async({"payment_intent": intent, "amount": n})).id for n in (1, 2)]
    assert [each.id for each in (await v1.refunds.list_async()).data] == refunds[::-1]
    page = await v1.refunds.list_async({"limit": 1, "starting_after": refunds[2]})
    assert ([each.id for each in page.data], page.has_more) == ([refunds[1]], True)
    kinds = [each.type for each in (await v1.events.list_async()).data]
    assert kinds == [*["charge.refunded"] * 2, "checkout.session.completed"] * 2
    found = await v1.events.list_async({"type": "checkout.session.completed", "limit": 1})
    assert (found.has_more, found.data[0].data.object["id"]) == (True, session and session.id)


async def test_what_is_expanded_is_the_object_itself(bank: Bank) -> None:
    v1 = bank.client().v1
    made = await bank.session(expand=["line_items", "payment_intent"])
    assert made.line_items
    assert [(line.description, line.amount_total) for line in made.line_items.data] == [("100 points", 999)]
    assert made.payment_intent is None
    await bank.act(made.id, "pay")
    paths = ["payment_intent.latest_charge", "payment_intent"]
    session = await v1.checkout.sessions.retrieve_async(made.id, {"expand": paths})
    assert isinstance(session.payment_intent, stripe.PaymentIntent)
    charge = session.payment_intent.latest_charge
    assert isinstance(charge, stripe.Charge)
    fits(charge)
    refund = await v1.refunds.create_async({"payment_intent": session.payment_intent.id, "expand": ["charge"]})
    assert isinstance(refund.charge, stripe.Charge)
    listed = await v1.refunds.list_async({"expand": ["data.payment_intent"]})
    assert isinstance(listed.data[0].payment_intent, stripe.PaymentIntent)
    url, headers = (
        "/v1/refunds?expand[]=data.charge&expand[]=data.payment_intent",
        {"Authorization": f"Bearer {API_KEY}"},
    )
    (plain,) = (await (await bank.http.get(url, headers=headers)).json())["data"]
    assert (plain["charge"]["object"], plain["payment_intent"]["object"]) == ("charge", "payment_intent")


@pytest.mark.parametrize("path", ["customer", "payment_intent.customer", "line_items.data.price", "data", "", "id"])
async def test_what_cannot_be_expanded_is_refused(bank: Bank, path: str) -> None:
    session = await bank.session()
    sessions = bank.client().v1.checkout.sessions
    for call in (sessions.retrieve_async(session.id, {"expand": [path]}), sessions.list_async({"expand": [path]})):
        with pytest.raises(stripe.InvalidRequestError, match="cannot be expanded"):
            await call
    with pytest.raises(stripe.InvalidRequestError, match="cannot be expanded"):
        await bank.session(expand=[path])
    assert len((await sessions.list_async()).data) == 1


@pytest.mark.parametrize(
    ("currency", "least"), [("usd", 50), ("sgd", 50), ("jpy", 50), ("gbp", 30), ("hkd", 400), ("vnd", 13_150)]
)
async def test_an_amount_has_its_currency_s_minimum(bank: Bank, currency: str, least: int) -> None:
    def line(amount: int) -> Any:
        price = {"currency": currency, "unit_amount": amount, "product_data": {"name": "x"}}
        return [{"price_data": price, "quantity": 1}]

    assert (await bank.session(line_items=line(least))).amount_total == least
    with pytest.raises(stripe.InvalidRequestError) as caught:
        await bank.session(line_items=line(least - 1))
    assert caught.value.code == "amount_too_small"


async def test_a_parameter_of_a_question_that_it_has_not_is_refused(bank: Bank) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="unknown parameter: created"):
        await bank.client().v1.checkout.sessions.list_async({"created": 1})


async def test_what_is_unknown(bank: Bank) -> None:
    client = bank.client()
    with pytest.raises(stripe.InvalidRequestError, match=r"No such checkout\.session: 'cs_test_no'"):
        await client.v1.checkout.sessions.retrieve_async("cs_test_no")
    with pytest.raises(stripe.InvalidRequestError, match="No such payment_intent: 'pi_no'"):
        await client.v1.refunds.create_async({"payment_intent": "pi_no"})
    with pytest.raises(stripe.InvalidRequestError, match="Unrecognized request URL"):
        await client.v1.customers.retrieve_async("cus_no")
