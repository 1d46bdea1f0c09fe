"""The studio's shop in memory: a counter that people pay at, and shortcuts to what the providers send."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import stripe

from studio import ids
from studio.audit.item import record_from_item
from studio.audit.model import AuditRecord
from studio.audit.table import AuditTrail
from studio.clock import iso
from studio.dynamo import transact
from studio.ledger.model import Entry, PointsReason
from studio.ledger.table import Ledger
from studio.money import Currency, Money
from studio.orders.goods import OrderGoods
from studio.orders.table import Orders
from studio.payments.apply_event import EventApplier
from studio.payments.cancel import PaymentCancellation
from studio.payments.checkout import Checkout, CheckoutRequest, CheckoutSettings
from studio.payments.events import PaymentEvents
from studio.payments.goods import Goods
from studio.payments.lists import PaymentLists
from studio.payments.model import Event, Payment, PaymentDecision, PaymentProvider, PaymentStatus
from studio.payments.points import PointsGoods, deserved
from studio.payments.providers.protocol import RefundApi, WebhookRequest
from studio.payments.providers.stripe.checkout import StripeCheckout
from studio.payments.providers.stripe.webhook import StripeWebhook
from studio.payments.providers.vnpay.checkout import VnpayCheckout
from studio.payments.providers.vnpay.query import event_of
from studio.payments.providers.vnpay.signature import canonical, signature
from studio.payments.providers.vnpay.values import Parameters
from studio.payments.providers.vnpay.webhook import VnpayWebhook
from studio.payments.receive import WebhookReceiver
from studio.payments.reconcile import PaymentsReconciler, Reconciled
from studio.payments.refund import RefundRequester
from studio.payments.refund_calls import RefundCaller
from studio.payments.review import Review
from studio.payments.table import Payments
from studio.payments.transitions import PaymentTransitions
from studio.people.model import Caller
from studio.people.table import People
from studio.rates.model import Rate
from studio.secrets import Secret
from tests.unit.world import ADMIN, USER, World

VNPAY_KEYS = {"tmnCode": "NAMO0001", "hashSecret": "ASECRETOFTHIRTYTWOCHARACTERS0001"}
STRIPE_KEYS = {"apiKey": "sk_test_1"}
STRIPE_WEBHOOK_KEYS = {"webhookSecret": "whsec_1"}
CHECKOUT_SETTINGS = CheckoutSettings(("https://namo.example",), "https://hooks.namo.example/return", 3600)
VNPAY_URL = "https://pay.example/vpcpay.html"
PRICE = 249_000  # of 100 points, in dong
CENTS = 999
BANK_IP = "203.0.113.7"


Ask = Callable[[Payment, datetime], Parameters | None]


class Vault:
    """A Secrets Manager with one secret; `rotate` makes the current version the previous one."""

    class exceptions:  # noqa: N801 - boto3's name
        class ResourceNotFoundException(Exception):  # noqa: N818
            pass

    def __init__(self, **current: str) -> None:
        self.stages: dict[str, dict[str, str]] = {"AWSCURRENT": current}
        self.asked = 0

    def rotate(self, **current: str) -> None:
        self.stages = {"AWSCURRENT": current, "AWSPREVIOUS": self.stages["AWSCURRENT"]}

    def get_secret_value(self, *, SecretId: str, VersionStage: str) -> dict[str, str]:  # noqa: ARG002, N803
        self.asked += 1
        if VersionStage not in self.stages:
            raise self.exceptions.ResourceNotFoundException
        return {"SecretString": json.dumps(self.stages[VersionStage])}

    def secret(self) -> Secret:
        return Secret("keys", lambda: self)  # pyright: ignore[reportArgumentType, reportReturnType]


@dataclass(frozen=True)
class Answers:
    """VNPAY's query, answered by a function with VNPAY's words."""

    answer: Ask

    def ask(self, payment: Payment, now: datetime) -> Event | None:
        answer = self.answer(payment, now)
        return event_of(payment, answer, now) if answer else None


@dataclass
class Shop:
    """Payments of one world."""

    world: World
    client: Any
    stripe_url: str = "http://127.0.0.1:9"
    rate: Rate | None = None
    ask: Ask = lambda _payment, _now: None
    refund_apis: Mapping[PaymentProvider, RefundApi] = field(default_factory=dict[PaymentProvider, RefundApi])
    vnpay_vault: Vault = field(default_factory=lambda: Vault(**VNPAY_KEYS))
    stripe_vault: Vault = field(default_factory=lambda: Vault(**STRIPE_KEYS))
    webhook_vault: Vault = field(default_factory=lambda: Vault(**STRIPE_WEBHOOK_KEYS))
    bought: int = 0
    spent: int = 0

    @property
    def payments(self) -> Payments:
        return Payments("Payments", self.client)

    @property
    def events(self) -> PaymentEvents:
        return PaymentEvents("PaymentEvents", self.client)

    @property
    def trail(self) -> AuditTrail:
        return AuditTrail("Audit", self.client)

    @property
    def transitions(self) -> PaymentTransitions:
        return PaymentTransitions(self.payments, People("People", self.client), self.trail, self.goods)

    @property
    def goods(self) -> dict[str, Goods]:
        return {
            "packageId": PointsGoods(People("People", self.client), Ledger("Ledger", self.client)),
            "orderId": OrderGoods(Orders("Orders", self.client)),
        }

    @property
    def event_applier(self) -> EventApplier:
        return EventApplier(self.transitions, self.events)

    @property
    def receiver(self) -> WebhookReceiver:
        return WebhookReceiver(self.events, self.event_applier)

    @property
    def payments_reconciler(self) -> PaymentsReconciler:
        return PaymentsReconciler(
            self.payments,
            self.events,
            self.event_applier,
            {PaymentProvider.VNPAY: Answers(self.ask)},
            self.refund_caller,
        )

    @property
    def refund_caller(self) -> RefundCaller:
        return RefundCaller(self.payments, self.events, self.event_applier, self.refund_apis)

    @property
    def refund_requester(self) -> RefundRequester:
        return RefundRequester(self.payments, self.trail)

    @property
    def lists(self) -> PaymentLists:
        return PaymentLists(self.payments, self.events)

    @property
    def checkout(self) -> Checkout:
        world = self.world
        return Checkout(
            self.payments,
            world.requests,
            world.person_finder,
            lambda _base, _quote: self.rate,
            {
                PaymentProvider.VNPAY: VnpayCheckout(self.vnpay_vault.secret(), VNPAY_URL),
                PaymentProvider.STRIPE: StripeCheckout(self.stripe_vault.secret(), self.stripe_url),
            },
            self.goods,
            CHECKOUT_SETTINGS,
        )

    @property
    def cancellation(self) -> PaymentCancellation:
        return PaymentCancellation(self.payments, self.transitions.people, self.checkout.providers)

    def cancel(self, payment: Payment, caller: Caller = USER) -> Payment | None:
        return self.cancellation.cancel(caller, payment.id, self.world.time)

    def order(self, caller: Caller = USER, **given: Any) -> Payment:
        self.bought += 1
        basics: dict[str, Any] = {
            "clientRequestId": f"buy-{self.bought}",
            "provider": "VNPAY",
            "currency": "VND",
            "packageId": None if "orderId" in given else "points-100",
        }
        return self.checkout.begin(caller, CheckoutRequest.of(basics | given, self.goods), self.world.time)

    def waiting(self, provider: PaymentProvider = PaymentProvider.VNPAY, caller: Caller = USER) -> Payment:
        """Put a payment of 100 points on the table, without asking anybody for its page."""
        payment = pending(provider, caller, self.world.time)
        transact(self.client, [self.payments.new(payment)])
        return payment

    def now(self, payment: Payment) -> Payment:
        found = self.payments.find(payment.id)
        assert found
        return found

    def ipn(self, payment: Payment, **changes: str | None) -> str:
        """Return the query that VNPAY sends when this payment was paid, with changes, signed."""
        return signed(
            {
                "vnp_Amount": str(payment.amount.minor * 100),
                "vnp_BankCode": "NCB",
                "vnp_OrderInfo": "NamO Studio 100 points",
                "vnp_PayDate": "20261120190500",
                "vnp_ResponseCode": "00",
                "vnp_TmnCode": "NAMO0001",
                "vnp_TransactionNo": number(payment),
                "vnp_TransactionStatus": "00",
                "vnp_TxnRef": UUID(payment.id).hex,
                **changes,
            },
            self.vnpay_vault.stages["AWSCURRENT"],
        )

    def send_ipn(self, query: str) -> str:
        return self.receive_vnpay(query, BANK_IP)

    def receive_vnpay(self, query: str, ip: str | None = None) -> str:
        webhook = VnpayWebhook(self.vnpay_vault.secret())
        request = WebhookRequest(query, b"", {}, ip)
        return self.receiver.receive(webhook, request, self.world.time).body["RspCode"]

    def receive_stripe(self, body: bytes, signature: str | None, ip: str | None = None) -> bool:
        webhook = StripeWebhook(self.webhook_vault.secret(), live=False)
        headers = {"stripe-signature": signature} if signature is not None else {}
        response = self.receiver.receive(webhook, WebhookRequest("", body, headers, ip), self.world.time)
        return response.status == 200

    def send_stripe(
        self, kind: str, thing: dict[str, Any], event_id: str | None = None, *, ago: int = 0, **more: Any
    ) -> bool:
        """Have Stripe send an event about an object, `ago` seconds after it happened; `more` is of the event."""
        created = int(self.world.time.timestamp()) - ago
        body = stripe_event(kind, thing, event_id, created=created, **more)
        return self.receive_stripe(body, self.stripe_header(body), BANK_IP)

    def stripe_header(self, body: bytes) -> str:
        secret = self.webhook_vault.stages["AWSCURRENT"]["webhookSecret"]
        return stripe.WebhookSignature.generate_signature_header(body.decode(), secret)

    def reconcile(self) -> Reconciled:
        return self.payments_reconciler.reconcile(self.world.time)

    def resolve(self, payment: Payment, decision: PaymentDecision, note: str = "seen to") -> Payment | None:
        self.world.joined(ADMIN)
        return Review(self.transitions).resolve(ADMIN, payment.id, decision, note, self.world.time)

    def refund(self, payment: Payment, note: str = "to be paid back", admin: Caller = ADMIN) -> Payment | None:
        """Have an administrator ask a payment's money back."""
        self.world.joined(admin)
        return Review(self.transitions).refund(admin, payment.id, note, self.world.time)

    def spend(self, points: int, caller: Caller = USER) -> None:
        """Have somebody spend points, as a job would."""
        self.spent += 1
        at = iso(self.world.time)
        entry = Entry(caller.sub, PointsReason.CHARGE, f"job-{self.spent}-{caller.sub}", -points, at)
        transact(
            self.client,
            [self.transitions.people.move(caller.sub, -points), Ledger("Ledger", self.client).append(entry)],
        )

    def events_of(self, payment: Payment | None = None) -> list[Event]:
        return self.lists.events_of(payment.id if payment else None, 100, None)[0]

    def audit(self) -> list[AuditRecord]:
        """Return what was recorded today, oldest first."""
        rows = self.trail.of_day(self.world.time.date().isoformat(), 100, None).rows
        return [record_from_item(row) for row in reversed(rows)]

    def is_sound(self, payment: Payment, caller: Caller = USER) -> bool:
        """Tell whether a payment's points are what it deserves, and the ledger's lines say so too."""
        now = self.now(payment)
        lines = sum(e.points for e in self.world.entries(caller) if e.payment_id == payment.id)
        left = self.world.person(caller).left_at is not None
        return (
            self.world.drift(caller) == 0
            and self.world.person(caller).points >= 0
            and lines == now.standing + now.owed
            and (left or now.standing == deserved(now))
        )


def pending(provider: PaymentProvider, caller: Caller, now: datetime) -> Payment:
    vnd = provider == PaymentProvider.VNPAY
    return Payment(
        id=ids.new(),
        owner=caller.sub,
        provider=provider,
        status=PaymentStatus.PENDING,
        goods="packageId",
        goods_id="points-100",
        points=100,
        amount=Money(PRICE, Currency.VND) if vnd else Money(CENTS, Currency.USD),
        created_at=iso(now),
        updated_at=iso(now),
        expires_at=iso(now + timedelta(seconds=CHECKOUT_SETTINGS.payment_seconds)),
        return_url=CHECKOUT_SETTINGS.return_url,
    )


def number(payment: Payment, of: str = "") -> str:
    """Return VNPAY's number of a payment's transaction, or of another one for it."""
    return f"{UUID(payment.id).int % 10**14}{of}"


def signed(parameters: dict[str, str | None], keys: dict[str, str]) -> str:
    given = {name: value for name, value in parameters.items() if value is not None}
    return f"{canonical(given)}&vnp_SecureHash={signature(given, keys)}"


def session(payment: Payment, **changes: Any) -> dict[str, Any]:
    """Return a Checkout Session that was paid."""
    return {
        "id": payment.session or "cs_1",
        "object": "checkout.session",
        "amount_total": payment.amount.minor,
        "currency": payment.amount.currency.lower(),
        "client_reference_id": payment.id,
        "metadata": {"paymentId": payment.id},
        "payment_intent": f"pi_{payment.id}",
        "payment_status": "paid",
        **changes,
    }


def charge(payment: Payment, refunded: int, **changes: Any) -> dict[str, Any]:
    return {
        "id": "ch_1",
        "object": "charge",
        "amount": payment.amount.minor,
        "amount_refunded": refunded,
        "currency": payment.amount.currency.lower(),
        "metadata": {"paymentId": payment.id},
        "payment_intent": f"pi_{payment.id}",
        **changes,
    }


def refund(payment: Payment, status: str, minor: int, **changes: Any) -> dict[str, Any]:
    """Return a refund; Stripe puts nothing of ours on it but the payment intent."""
    return {
        "id": "re_1",
        "object": "refund",
        "amount": minor,
        "charge": "ch_1",
        "currency": payment.amount.currency.lower(),
        "metadata": {},
        "payment_intent": f"pi_{payment.id}",
        "status": status,
        **changes,
    }


def dispute(payment: Payment, status: str, **changes: Any) -> dict[str, Any]:
    """Return a dispute; Stripe puts nothing of ours on it but the payment intent."""
    return {
        "id": "dp_1",
        "object": "dispute",
        "amount": payment.amount.minor,
        "currency": payment.amount.currency.lower(),
        "metadata": {},
        "payment_intent": f"pi_{payment.id}",
        "status": status,
        **changes,
    }


def stripe_event(
    kind: str, thing: dict[str, Any], event_id: str | None = None, *, created: int = 0, **more: Any
) -> bytes:
    """Return the body of an event about an object."""
    event = {
        "id": event_id or f"evt_{ids.new()}",
        "object": "event",
        "created": created,
        "type": kind,
        "livemode": False,
        "data": {"object": thing},
        **more,
    }
    return json.dumps(event).encode()
