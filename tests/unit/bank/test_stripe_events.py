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
    [heard] = await merchant.hears(1)
    event = heard.event
    fits(event)
    assert (event.type, event.livemode, event.object) == (COMPLETED, False, "event")
    told = event.data.object
    assert (told["id"], told["status"], told["payment_status"]) == (session.id, "complete", "paid")
    assert told["payment_intent"].startswith("pi_")
    assert (told["amount_total"], told["client_reference_id"]) == (999, "payment-1")
    assert (await bank.client().v1.checkout.sessions.retrieve_async(session.id)).payment_status == "paid"
    assert 'id="end"' in await (await bank.http.get(f"/c/pay/{session.id}")).text()


async def test_a_signature_holds_for_its_body_secret_and_time(bank: Bank, merchant: Merchant) -> None:
    await press(bank, await bank.session(), "pay")
    [heard] = await merchant.hears(1)
    construct = stripe.Webhook.construct_event
    with pytest.raises(stripe.SignatureVerificationError):
        construct(heard.body + b" ", heard.signature, WEBHOOK_SECRET)
    with pytest.raises(stripe.SignatureVerificationError):
        construct(heard.body, heard.signature, "whsec_other")


async def test_new_keys_sign_at_once(bank: Bank, merchant: Merchant) -> None:
    merchant.answers = [500, 200]
    changed = KEYS | {"stripe": {"apiKey": "sk_test_local", "webhookSecret": "whsec_new"}}
    session = await bank.session()
    bank.keys_file.write_text(json.dumps(changed))
    await bank.act(session.id, "pay")
    [first, _] = await merchant.hears(2)
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
    await bank.told(session.id)
    assert merchant.events == [COMPLETED]


async def test_twice_is_the_same_event(bank: Bank, merchant: Merchant) -> None:
    await press(bank, await bank.session(), "pay_twice")
    first, second = await merchant.hears(2)
    assert first.event.id == second.event.id


async def test_late(bank: Bank, merchant: Merchant) -> None:
    session = await bank.session()
    await press(bank, session, "pay_late")
    assert (await bank.payment(session.id))["late"] == 1
    assert merchant.heard == []
    await bank.act(session.id, "tell")
    await bank.told(session.id)
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
    [first] = await merchant.hears(1)
    told = first.event.data.object
    assert (first.event.type, told["status"], told["payment_status"]) == (COMPLETED, "complete", "unpaid")
    assert (await bank.payment(session.id))["status"] == "pending"
    assert (await bank.act(session.id, "refund")).status == 409
    await bank.act(session.id, action)
    [_, second] = await merchant.hears(2)
    assert second.event.type == f"checkout.session.async_payment_{end}"
    assert second.event.data.object["payment_status"] == payment_status
    assert (await bank.payment(session.id))["status"] == status
    assert (await bank.act(session.id, action)).status == 409


async def test_another_amount(bank: Bank, merchant: Merchant) -> None:
    session = await bank.session()
    await bank.act(session.id, "pay_wrong_amount")
    [heard] = await merchant.hears(1)
    assert heard.event.data.object["amount_total"] == 499


async def test_repeats_until_2xx_a_handful_of_times(bank: Bank, merchant: Merchant) -> None:
    merchant.answers = [500, None, 302, 204]
    session = await bank.session()
    await bank.act(session.id, "pay")
    await bank.told(session.id)
    assert [delivery["status"] for delivery in await bank.deliveries()] == [500, None, 302, 204]
    assert len({heard.event.id for heard in merchant.heard}) == 1
    merchant.answers = [400]
    await bank.act(session.id, "tell")
    await bank.told(session.id)
    assert len(merchant.heard) == 4 + 5


async def test_a_refund_carries_the_charge(bank: Bank, merchant: Merchant) -> None:
    session = await bank.session()
    await bank.act(session.id, "pay")
    assert (await bank.act(session.id, "refund?amount=400")).status == 200
    await merchant.hears(2)
    [event] = [heard.event for heard in merchant.heard if heard.event.type == "charge.refunded"]
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
    await bank.told(session.id)
    opened = next(heard.event for heard in merchant.heard if heard.event.type == "charge.dispute.created")
    dispute = opened.data.object
    assert isinstance(dispute, stripe.Dispute)
    fits(dispute)
    assert (dispute.amount, dispute.status) == (999, "needs_response")
    assert dispute.payment_intent == (await bank.payment(session.id))["paymentIntent"]
    assert (await bank.act(session.id, "refund")).status == 409
    merchant.heard.clear()
    await bank.act(session.id, action)
    await bank.told(session.id)
    assert set(merchant.events) == kinds
    assert all(heard.event.created >= opened.created for heard in merchant.heard)
    assert {heard.event.data.object["status"] for heard in merchant.heard} == {status}
    assert (await bank.act(session.id, action)).status == 409
