"""Stripe's side of the counter: sessions, payments, refunds, disputes, and the events they cause."""

import asyncio
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from local.bank import stripe_objects as objects
from local.bank.actions import NEXT_REFUND, ActionError
from local.bank.keys import KeyFile
from local.bank.stripe_checkout import Checkout, Dispute, Payment, Refund, now
from local.bank.stripe_error import StripeError, no_such
from local.bank.stripe_event import StripeEvent
from local.bank.stripe_session_params import SessionParams
from local.notices import NoticeSender

Json = dict[str, Any]
Acts = Mapping[str, Callable[[Checkout], object]]


class StripeBank:
    """Every session by its id; what happens to one is told to the merchant."""

    def __init__(self, keys: KeyFile, notices: NoticeSender) -> None:
        self._keys = keys
        self._notices = notices
        self._checkouts: dict[str, Checkout] = {}
        self._refunds: list[tuple[Checkout, Payment, Refund]] = []
        self._events: list[Json] = []
        self._acts: Acts = {
            "pay": self.pay,
            "pay_late": partial(self.pay, late=True),
            "pay_twice": partial(self.pay, copies=2),
            "pay_wrong_amount": partial(self.pay, other_amount=True),
            "pay_async": self.promise,
            "arrive": partial(self.settle, arrived=True),
            "bounce": partial(self.settle, arrived=False),
            "refuse": _must_be_open,  # a declined card changes nothing: the session stays open
            "not_enough": _must_be_open,
            "expire": self.expire,
            "dispute": self.dispute,
            "win": partial(self.close_dispute, status="won"),
            "lose": partial(self.close_dispute, status="lost"),
            "refund_done": partial(self.end_refund, status="succeeded"),
            "refund_returned": partial(self.end_refund, status="failed"),
            "tell": lambda checkout: self._notices.tell(checkout.id),
        }

    # ---- what the dashboard asks

    def payments(self) -> list[Json]:
        return [checkout.to_json() for checkout in self._checkouts.values()]

    def knows(self, ref: str) -> bool:
        return ref in self._checkouts

    def act(self, ref: str, action: str, amount: int | None) -> None:
        """Treat a session as a customer, a bank or the dashboard would. Raises ActionError."""
        checkout = self._checkouts[ref]
        try:
            if action == "refund":
                self.refund(checkout, amount, None, {})
            elif action in NEXT_REFUND:
                _paid(checkout).next_refund = action
            elif action in self._acts:
                self._acts[action](checkout)
            else:
                raise ActionError(404, f"There is no action {action!r}.")
        except StripeError as error:
            raise ActionError(409, str(error)) from None

    # ---- finding

    def checkout(self, ref: str) -> Checkout:
        """Raises StripeError."""
        if ref not in self._checkouts:
            raise no_such("checkout.session", ref)
        return self._checkouts[ref]

    def sessions(self) -> list[Json]:
        """Return all sessions, newest first; so are the refunds and the events."""
        return [objects.session(checkout) for checkout in reversed(self._checkouts.values())]

    def refunds(self) -> list[Json]:
        return [objects.refund(*made) for made in reversed(self._refunds)]

    def events(self) -> list[Json]:
        return self._events[::-1]

    def of_intent(self, ref: str) -> tuple[Checkout, Payment]:
        """Raises StripeError."""
        for checkout in self._checkouts.values():
            if checkout.payment and checkout.payment.id == ref:
                return checkout, checkout.payment
        raise no_such("payment_intent", ref)

    # ---- what happens; each raises StripeError where it cannot

    def open(self, params: SessionParams, origin: str) -> Checkout:
        checkout = Checkout(params, origin)
        self._checkouts[checkout.id] = checkout
        asyncio.get_running_loop().call_later(params.expires_at - now(), self._expire_if_open, checkout)
        return checkout

    def pay(self, checkout: Checkout, *, copies: int = 1, late: bool = False, other_amount: bool = False) -> None:
        _must_be_open(checkout)
        amount = max(checkout.params.amount // 2, 1) if other_amount else checkout.params.amount
        checkout.payment = Payment(amount, "succeeded")
        checkout.status, checkout.payment_status = "complete", "paid"
        self._notify(checkout, "checkout.session.completed", objects.session(checkout), copies=copies, late=late)

    def promise(self, checkout: Checkout) -> None:
        """Take a payment whose money arrives later, or never: see settle."""
        _must_be_open(checkout)
        checkout.payment = Payment(checkout.params.amount, "processing")
        checkout.status = "complete"
        self._notify(checkout, "checkout.session.completed", objects.session(checkout))

    def settle(self, checkout: Checkout, *, arrived: bool) -> None:
        payment = checkout.payment
        if payment is None or payment.status != "processing":
            raise StripeError(400, "No money is on its way for this session.")
        payment.status = "succeeded" if arrived else "requires_payment_method"
        checkout.payment_status = "paid" if arrived else "unpaid"
        end = "succeeded" if arrived else "failed"
        self._notify(checkout, f"checkout.session.async_payment_{end}", objects.session(checkout))

    def expire(self, checkout: Checkout) -> None:
        _must_be_open(checkout)
        checkout.status = "expired"
        self._notify(checkout, "checkout.session.expired", objects.session(checkout))

    def refund(
        self,
        checkout: Checkout,
        amount: int | None,
        reason: str | None,
        metadata: dict[str, str],
        status: str = "succeeded",
    ) -> Refund:
        payment = _paid(checkout)
        if payment.dispute and payment.dispute.status != "won":
            raise StripeError(400, f"Charge {payment.charge_id} has been charged back.", code="charge_disputed")
        if payment.left == 0:
            raise StripeError(
                400, f"Charge {payment.charge_id} has already been refunded.", code="charge_already_refunded"
            )
        made = Refund(payment.left if amount is None else amount, reason, metadata, status)
        if not 0 < made.amount <= payment.left:
            message = f"Refund amount ({made.amount}) is greater than unrefunded amount on charge ({payment.left})"
            raise StripeError(400, message, param="amount")
        before = {"amount_refunded": payment.refunded, "refunded": False}
        payment.refunds.append(made)
        self._refunds.append((checkout, payment, made))
        self._notify(checkout, "charge.refunded", objects.charge(checkout, payment), before)
        return made

    def end_refund(self, checkout: Checkout, *, status: str) -> None:
        """End a pending refund: the payer has it, or their bank returned it."""
        payment = _paid(checkout)
        made = payment.pending
        if made is None:
            raise StripeError(400, "This charge has no pending refund.")
        made.status = status
        kind = "refund.failed" if status == "failed" else "refund.updated"
        self._notify(checkout, kind, objects.refund(checkout, payment, made), {"status": "pending"})

    def dispute(self, checkout: Checkout) -> None:
        payment = _paid(checkout)
        if payment.dispute or payment.left == 0:
            raise StripeError(400, "This charge has been disputed or refunded already.")
        payment.dispute = Dispute(payment.left)
        self._notify(checkout, "charge.dispute.created", objects.dispute(checkout, payment, payment.dispute))

    def close_dispute(self, checkout: Checkout, *, status: str) -> None:
        payment = _paid(checkout)
        if payment.dispute is None or not payment.dispute.is_open:
            raise StripeError(400, "This charge has no open dispute.")
        payment.dispute.status = status
        closed = objects.dispute(checkout, payment, payment.dispute)
        if status == "won":
            self._notify(checkout, "charge.dispute.funds_reinstated", closed)
        self._notify(checkout, "charge.dispute.closed", closed)

    def _expire_if_open(self, checkout: Checkout) -> None:
        if checkout.is_open:
            self.expire(checkout)

    def _notify(
        self,
        checkout: Checkout,
        kind: str,
        thing: Json,
        previous: Json | None = None,
        *,
        copies: int = 1,
        late: bool = False,
    ) -> None:
        event = objects.event(kind, thing, previous)
        self._events.append(event)
        self._notices.send(StripeEvent.of(self._keys, checkout.id, event), copies, late=late)


def _must_be_open(checkout: Checkout) -> None:
    if not checkout.is_open:
        message = f'Only Checkout Sessions with a status in ["open"] can be used; this one is {checkout.status}.'
        raise StripeError(400, message)


def _paid(checkout: Checkout) -> Payment:
    if checkout.payment is None or checkout.payment.status != "succeeded":
        raise StripeError(400, "This session has no successful charge.")
    return checkout.payment
