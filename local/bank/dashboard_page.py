"""The dashboard's page."""

from collections.abc import Mapping
from typing import Any, Final

from local.bank.pages import fill, frame, money
from local.notices import Address
from local.pages import Safe, join, opened

NOTE: Final = "A local stand-in for VNPAY and Stripe: no money moves"
NAMES: Final = {"vnpay": "VNPAY", "stripe": "Stripe"}
Json = dict[str, Any]


def dashboard(payments: list[Json], deliveries: list[Json], addresses: Mapping[str, Address]) -> Safe:
    """Everything that happened, newest payment first."""
    cards = [_card(payment, _of(payment, deliveries), place) for place, payment in enumerate(reversed(payments))]
    body = fill(
        "dashboard.html",
        late=sum(payment["late"] for payment in payments),
        addresses=join([_address(provider, address) for provider, address in addresses.items()]),
        cards=join(cards) or Safe('<p class="empty">No payment yet.</p>'),
    )
    return frame("The bank", NOTE, body, look="dashboard")


def _of(payment: Json, deliveries: list[Json]) -> list[Json]:
    return [delivery for delivery in deliveries if delivery["ref"] == payment["ref"]]


def _address(provider: str, address: Address) -> Safe:
    return fill("dashboard_address.html", provider=NAMES[provider], url=address.url or "not told yet: notices wait")


def _card(payment: Json, deliveries: list[Json], place: int) -> Safe:
    return fill(
        "dashboard_card.html",
        open=opened(_is_under_way(payment), place),
        ref=payment["ref"],
        provider=payment["provider"],
        name=NAMES[payment["provider"]],
        description=payment["description"],
        amount=money(payment["amount"], payment["currency"]),
        state=_state(payment),
        status=_status(payment),
        buttons=join([_button(payment, *choice) for choice in _choices(payment)]),
        deliveries=join([_delivery(delivery) for delivery in deliveries]),
    )


def _is_under_way(payment: Json) -> bool:
    """Tell whether something is still to come of it."""
    waits = payment["status"] in {"open", "pending"} or payment["dispute"] == "needs_response"
    return bool(waits or payment["refunding"] or payment["late"])


def _status(payment: Json) -> str:
    """Return what a payment's colour says: what is paid is good only while all of the money is here."""
    if payment["status"] == "paid" and (payment["refunded"] or payment["dispute"] not in {None, "won"}):
        return "returned"
    return payment["status"]


def _state(payment: Json) -> str:
    """Say how far a payment is, with all that came after."""
    words = [payment["status"]]
    if payment["status"] == "paid" and payment["paid"] != payment["amount"]:
        words.append(f"paid {money(payment['paid'], payment['currency'])}")
    if payment["refunded"]:
        words.append(f"refunded {money(payment['refunded'], payment['currency'])}")
    if payment["refunding"]:
        words.append("refund under way")
    if payment["dispute"]:
        words.append(f"dispute: {payment['dispute'].replace('_', ' ')}")
    if payment["late"]:
        words.append("not told yet")
    return " · ".join(words)


def _choices(payment: Json) -> list[tuple[str, str, str]]:
    """What can be done now: the button's id, where it posts to, its label."""
    if payment["status"] == "open":
        return [("expire", "expire", "Expire")]
    found = [("tell", "tell", "Tell now" if payment["late"] else "Tell again")]
    if payment["status"] == "pending":
        return [*found, ("arrive", "arrive", "The money arrives"), ("bounce", "bounce", "It does not")]
    if payment["refunding"]:
        found += [
            ("refund-done", "refund_done", "The refund arrives"),
            ("refund-returned", "refund_returned", "It fails"),
        ]
    if payment["provider"] == "stripe" and payment["status"] == "paid":
        found += _money_choices(payment)
    return found


def _money_choices(payment: Json) -> list[tuple[str, str, str]]:
    left = payment["paid"] - payment["refunded"]
    if payment["dispute"] == "needs_response":
        return [("win", "win", "Win the dispute"), ("lose", "lose", "Lose the dispute")]
    if payment["dispute"] == "lost" or not left:
        return []
    refunds = [("refund", "refund", "Refund in full" if not payment["refunded"] else "Refund the rest")]
    half = payment["paid"] // 2
    if 0 < half < left:
        refunds.append(("refund-half", f"refund?amount={half}", "Refund half"))
    return refunds if payment["dispute"] else [*refunds, ("dispute", "dispute", "Dispute")]


def _button(payment: Json, name: str, action: str, label: str) -> Safe:
    return fill("dashboard_button.html", id=f"{name}-{payment['ref']}", ref=payment["ref"], action=action, label=label)


def _delivery(delivery: Json) -> Safe:
    return fill(
        "dashboard_delivery.html",
        at=delivery["at"][11:23],
        notice=delivery["notice"],
        attempt=delivery["attempt"],
        mark="ok" if delivery["accepted"] else "no",
        status=delivery["status"] or "no answer",
        answer=delivery["answer"],
    )
