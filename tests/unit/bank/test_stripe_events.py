import json

import pytest
import stripe

from tests.unit.bank.conftest import KEYS, WEBHOOK_SECRET, Bank, Merchant
from tests.unit.bank.test_stripe_api import fits

COMPLETED = "checkout.session.completed"


async def press(bank: Bank, session: stripe.checkout.Session, action: str, number: str = "4242 4242 4242 4242") -> str:
    """Press a button of the Checkout page; where it leads, or the page that stays."""
    form = {"action": action, "number": number}
    response = await bank.http.post(f"/c/pay/{session.id}", data=form, allow_redirects=False)
    return response.headers["Location"] if response.status == 302 else await response.text()


async def test_the_page_shows_what_is_sold(bank: Bank) -> None:
    price = {"currency": "usd", "unit_amount": 123456, "product_data": {"name": "<b>100 points</b>"}}
    session = await bank.session(line_items=[{"price_data": price, "quantity": 2}])
    page = await (await bank.http.get(f"/c/pay/{session.id}")).text()
    assert "2,469.12 USD" in page
    assert "&lt;b&gt;100 points&lt;/b&gt;" in page
    assert bank.shop_url.removeprefix("http://") in page
    for button in ("pay", "refuse", "pay-late", "pay-twice", "pay-async", "back"):
        assert f'id="{button}"' in page


async def test_paid(bank: Bank, merchant: Merchant) -> None:
    session = await bank.session()
    assert await press(bank, session, "pay") == f"{bank.shop_url}/done?session={session.id}"
    [request] = await merchant.received(1)
    event = request.event
    fits(event)
    assert (event.type, event.livemode, event.object) == (COMPLETED, False, "event")
    object_ = event.data.object
    assert (object_["id"], object_["status"], object_["payment_status"]) == (session.id, "complete", "paid")
    assert object_["payment_intent"].startswith("pi_")
    assert (object_["amount_total"], object_["client_reference_id"]) == (999, "payment-1")
    assert (await bank.client().v1.checkout.sessions.retrieve_async(session.id)).payment_status == "paid"
    assert 'id="end"' in await (await bank.http.get(f"/c/pay/{session.id}")).text()


async def test_a_signature_holds_for_its_body_secret_and_time(bank: Bank, merchant: Merchant) -> None:
    await press(bank, await bank.session(), "pay")
    [request] = await merchant.received(1)
    construct = stripe.Webhook.construct_event
    with pytest.raises(stripe.SignatureVerificationError):
        construct(request.body + b" ", request.signature, WEBHOOK_SECRET)
    with pytest.raises(stripe.SignatureVerificationError):
        construct(request.body, request.signature, "whsec_other")


async def test_new_keys_sign_at_once(bank: Bank, merchant: Merchant) -> None:
    merchant.answers = [500, 200]
    changed = KEYS | {"stripe": KEYS["stripe"] | {"webhookSecret": "whsec_new"}}
    session = await bank.session()
    bank.keys_file.write_text(json.dumps(changed))
    await bank.act(session.id, "pay")
    [first, _] = await merchant.received(2)
    assert stripe.Webhook.construct_event(first.body, first.signature, "whsec_new").type == COMPLETED


@pytest.mark.parametrize("number", ["4000 0000 0000 0002", "4000000000009995"])
async def test_a_declined_card_leaves_the_session_open(bank: Bank, merchant: Merchant, number: str) -> None:
    session = await bank.session()
    page = await press(bank, session, "pay", number)
    assert "Your card" in page
    assert 'id="pay"' in page
    assert "Your card was declined." in await press(bank, session, "refuse")
    assert (await bank.payment(session.id))["status"] == "open"
    await press(bank, session, "pay")
    await bank.delivered(session.id)
    assert merchant.events == [COMPLETED]


async def test_twice_is_the_same_event(bank: Bank, merchant: Merchant) -> None:
    await press(bank, await bank.session(), "pay_twice")
    first, second = await merchant.received(2)
    assert first.event.id == second.event.id


async def test_late(bank: Bank, merchant: Merchant) -> None:
    session = await bank.session()
    await press(bank, session, "pay_late")
    assert (await bank.payment(session.id))["late"] == 1
    assert merchant.requests == []
    await bank.act(session.id, "tell")
    await bank.delivered(session.id)
    assert merchant.events == [COMPLETED]


@pytest.mark.parametrize(
    ("action", "end", "payment_status", "status"),
    [("arrive", "succeeded", "paid", "paid"), ("bounce", "failed", "unpaid", "failed")],
)
async def test_money_that_arrives_later(
    bank: Bank, merchant: Merchant, action: str, end: str, payment_status: str, status: str
) -> None:
    session = await bank.session()
    assert await press(bank, session, "pay_async") == f"{bank.shop_url}/done?session={session.id}"
    [first] = await merchant.received(1)
    object_ = first.event.data.object
    assert (first.event.type, object_["status"], object_["payment_status"]) == (COMPLETED, "complete", "unpaid")
    assert (await bank.payment(session.id))["status"] == "pending"
    assert (await bank.act(session.id, "refund")).status == 409
    await bank.act(session.id, action)
    [_, second] = await merchant.received(2)
    assert second.event.type == f"checkout.session.async_payment_{end}"
    assert second.event.data.object["payment_status"] == payment_status
    assert (await bank.payment(session.id))["status"] == status
    assert (await bank.act(session.id, action)).status == 409


async def test_another_amount(bank: Bank, merchant: Merchant) -> None:
    session = await bank.session()
    await bank.act(session.id, "pay_wrong_amount")
    [request] = await merchant.received(1)
    assert request.event.data.object["amount_total"] == 499


async def test_repeats_until_2xx_a_handful_of_times(bank: Bank, merchant: Merchant) -> None:
    merchant.answers = [500, None, 302, 204]
    session = await bank.session()
    await bank.act(session.id, "pay")
    await bank.delivered(session.id)
    assert [delivery["status"] for delivery in await bank.deliveries()] == [500, None, 302, 204]
    assert len({request.event.id for request in merchant.requests}) == 1
    merchant.answers = [400]
    await bank.act(session.id, "tell")
    await bank.delivered(session.id)
    assert len(merchant.requests) == 4 + 5


async def test_a_refund_carries_the_charge(bank: Bank, merchant: Merchant) -> None:
    session = await bank.session()
    await bank.act(session.id, "pay")
    assert (await bank.act(session.id, "refund?amount=400")).status == 200
    await merchant.received(2)
    [event] = [request.event for request in merchant.requests if request.event.type == "charge.refunded"]
    charge = event.data.object
    assert isinstance(charge, stripe.Charge)
    fits(charge)
    assert (charge.amount, charge.amount_refunded, charge.refunded) == (999, 400, False)
    assert charge.metadata["payment"] == "payment-1"
    assert charge.payment_intent == (await bank.payment(session.id))["paymentIntent"]
    assert event.data.previous_attributes
    assert event.data.previous_attributes["amount_refunded"] == 0


@pytest.mark.parametrize(
    ("action", "status", "kinds"),
    [
        ("win", "won", {"charge.dispute.funds_reinstated", "charge.dispute.closed"}),
        ("lose", "lost", {"charge.dispute.closed"}),
    ],
)
async def test_disputes(bank: Bank, merchant: Merchant, action: str, status: str, kinds: set[str]) -> None:
    session = await bank.session()
    await bank.act(session.id, "pay")
    await bank.act(session.id, "dispute")
    await bank.delivered(session.id)
    opened = next(request.event for request in merchant.requests if request.event.type == "charge.dispute.created")
    dispute = opened.data.object
    assert isinstance(dispute, stripe.Dispute)
    fits(dispute)
    assert (dispute.amount, dispute.status) == (999, "needs_response")
    assert dispute.payment_intent == (await bank.payment(session.id))["paymentIntent"]
    assert (await bank.act(session.id, "refund")).status == 409
    merchant.requests.clear()
    await bank.act(session.id, action)
    await bank.delivered(session.id)
    assert set(merchant.events) == kinds
    assert all(request.event.created >= opened.created for request in merchant.requests)
    assert {request.event.data.object["status"] for request in merchant.requests} == {status}
    assert (await bank.act(session.id, action)).status == 409
