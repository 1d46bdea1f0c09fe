"""The payment fields as AppSync asks them, and what subscribers are told."""

import json
from typing import Any

import boto3
import pytest

from resolvers.streams import publications
from studio.dynamo import pack, update
from studio.payments.model import Payment, PaymentProvider
from tests.unit.payments.refunds import Treasury
from tests.unit.payments.shop import STRIPE_KEYS, VNPAY_KEYS, Shop, pending
from tests.unit.resolvers.conftest import Load, load
from tests.unit.resolvers.events import appsync, numbers, stream_of
from tests.unit.world import ADMIN, OTHER, USER, World

__all__ = ["load"]  # the fixture of the other handlers

ENVIRONMENT = {
    "VNPAY_SECRET": "namo/test/vnpay",
    "VNPAY_QUERY_URL": "http://127.0.0.1:9/query",
    "VNPAY_URL": "https://pay.example/vpcpay.html",
    "STRIPE_SECRET": "namo/test/stripe",
    "STRIPE_WEBHOOK_SECRET": "namo/test/stripe-webhook",
    "STRIPE_REFUNDS_SECRET": "namo/test/stripe-refunds",
    "STRIPE_LIVE": "false",
    "STRIPE_URL": "http://127.0.0.1:9",
    "WEB_ORIGINS": "https://namo.example,http://localhost:5173",
    "RETURN_URL": "https://hooks.namo.example/return",
    "PAYMENT_SECONDS": "3600",
    "STUDIO_URL": "https://namo.example/?a=1&b=2",
}
ASKED = {"clientRequestId": "1", "provider": "VNPAY", "currency": "VND", "packageId": "points-100"}


@pytest.fixture
def _secrets(world: World) -> None:
    manager: Any = boto3.client("secretsmanager", region_name="ap-southeast-1")
    for name, keys in (("vnpay", VNPAY_KEYS), ("stripe", STRIPE_KEYS)):
        if not manager.list_secrets(Filters=[{"Key": "name", "Values": [f"namo/test/{name}"]}])["SecretList"]:
            manager.create_secret(Name=f"namo/test/{name}", SecretString=json.dumps(keys))


@pytest.fixture
def ask(load: Load, world: World, _secrets: None) -> Any:
    world.joined(ADMIN)
    handler = load("resolvers.fields.payments", **ENVIRONMENT).handler
    return lambda *event, **options: handler(appsync(*event, **options), None)


def test_anybody_sees_what_points_cost(ask: Any) -> None:
    packages = ask("Query.pointPackages", {}, None)["data"]
    assert packages[0]["id"] == "points-100"
    assert {"minor": 249_000, "currency": "VND"} in packages[0]["prices"]


def test_a_payment_is_made_and_seen_by_its_owner_and_administrators(ask: Any, shop: Shop) -> None:
    made = ask("Mutation.createPayment", {"input": ASKED})["data"]
    assert made["payUrl"].startswith("https://pay.example/vpcpay.html?vnp_Amount=24900000&")
    assert (made["status"], made["version"], made["creditedPoints"], made["balance"]) == ("PENDING", 1, 0, None)
    assert ask("Mutation.createPayment", {"input": {**ASKED, "returnUrl": None, "orderId": None}})["data"] == made
    for who, seen in ((USER, made), (ADMIN, made), (OTHER, None)):
        assert ask("Query.payment", {"id": made["id"]}, who)["data"] == seen
    assert ask("Query.payments", {})["data"] == {"items": [made], "nextToken": None}
    assert ask("Query.payments", {}, OTHER)["data"]["items"] == []
    assert ask("Query.paymentsByStatus", {"status": "PENDING"}, ADMIN)["data"]["items"] == [made]
    found = shop.payments.find(made["id"])
    assert found
    assert shop.send_ipn(shop.ipn(found)) == "00"
    paid = ask("Query.payment", {"id": made["id"]})["data"]
    assert (paid["status"], paid["payUrl"], paid["creditedPoints"], paid["balance"]) == ("PAID", None, 100, 120)
    assert ask("Query.payments", {"status": "PAID"})["data"] == {"items": [paid], "nextToken": None}
    assert ask("Query.payments", {"status": "PENDING"})["data"] == {"items": [], "nextToken": None}


def test_payments_come_in_pages_newest_first(ask: Any, shop: Shop) -> None:
    ids: list[str] = []
    for _ in range(5):
        shop.world.later(1)
        ids.insert(0, shop.waiting().id)
    first = ask("Query.payments", {"limit": 3})["data"]
    rest = ask("Query.payments", {"limit": 3, "nextToken": first["nextToken"]})["data"]
    assert [each["id"] for each in first["items"] + rest["items"]] == ids
    assert rest["nextToken"] is None
    stolen = ask("Query.payments", {"limit": 3, "nextToken": first["nextToken"]}, OTHER)
    assert stolen["error"]["type"] == "PAGE_TOKEN_INVALID"


def test_an_administrator_sees_what_was_told_and_resolves(ask: Any, shop: Shop) -> None:
    payment = shop.waiting()
    shop.send_ipn(shop.ipn(payment, vnp_Amount="100"))
    [event] = ask("Query.paymentEvents", {"paymentId": payment.id}, ADMIN)["data"]["items"]
    assert (event["type"], event["state"], event["outcome"]) == ("IPN 00", "HANDLED", "wrong amount")
    assert ask("Query.paymentEvents", {}, ADMIN)["data"] == {"items": [], "nextToken": None}
    given = {"id": payment.id, "decision": "CREDIT", "note": "right after all"}
    assert ask("Query.payment", {"id": payment.id})["data"]["reviewReason"] == "WRONG_AMOUNT"
    resolved = ask("Mutation.resolvePayment", given, ADMIN)["data"]
    assert (resolved["status"], resolved["reviewReason"], resolved["creditedPoints"]) == ("PAID", None, 100)
    assert ask("Mutation.resolvePayment", given, ADMIN)["error"]["type"] == "PAYMENT_NOT_IN_REVIEW"
    absent = {**given, "id": pending(PaymentProvider.VNPAY, USER, shop.world.time).id}
    assert ask("Mutation.resolvePayment", absent, ADMIN)["data"] is None


def test_an_administrator_has_money_sent_back(ask: Any, shop: Shop, load: Load) -> None:
    payment = shop.waiting()
    given = {"id": payment.id, "note": "the print was torn"}
    assert ask("Mutation.refundPayment", given, ADMIN)["error"]["type"] == "PAYMENT_NOT_REFUNDABLE"
    shop.send_ipn(shop.ipn(payment))
    assert ask("Mutation.refundPayment", given)["error"]["type"] == "UNAUTHORIZED"
    asked = ask("Mutation.refundPayment", given, ADMIN)["data"]
    assert (asked["status"], asked["refundStatus"]) == ("PAID", "ASKED")
    absent = {**given, "id": pending(PaymentProvider.VNPAY, USER, shop.world.time).id}
    assert ask("Mutation.refundPayment", absent, ADMIN)["data"] is None
    reconciler = load("resolvers.timers.payments_reconciler", **ENVIRONMENT)
    # VNPAY is away: it was asked, and is asked again.
    assert reconciler.handler({"payment": payment.id}, None) == {"refunding": 0}
    assert (shop.payments.get({"id": payment.id}) or {})["tries"] == 1
    shop.refund_apis = {PaymentProvider.VNPAY: Treasury()}
    shop.world.later(61)
    assert shop.reconcile().refunding == 1
    assert ask("Query.payment", {"id": payment.id})["data"]["refundStatus"] == "DONE"


@pytest.mark.parametrize(
    ("field", "arguments", "type_"),
    [
        ("Query.payment", {"id": "x"}, "ID_MALFORMED"),
        ("Query.payments", {"limit": 0}, "LIMIT_OUT_OF_RANGE"),
        ("Mutation.createPayment", {"input": {**ASKED, "provider": "STRIPE"}}, "PROVIDER_UNAVAILABLE"),
        ("Subscription.onPayment", {"owner": OTHER.sub}, "UNAUTHORIZED"),
    ],
)
def test_refusals(ask: Any, shop: Shop, field: str, arguments: dict[str, Any], type_: str) -> None:
    assert ask(field, arguments)["error"]["type"] == type_


def test_events_of_what_is_no_payment(ask: Any, shop: Shop) -> None:
    assert ask("Query.paymentEvents", {"paymentId": "x"}, ADMIN)["error"]["type"] == "ID_MALFORMED"


def test_following_ones_own_payments(ask: Any, shop: Shop) -> None:
    assert ask("Subscription.onPayment", {"owner": USER.sub}) == {"data": None}


def test_the_disabled_buy_nothing(ask: Any, shop: Shop) -> None:
    shop.world.people.apply(update({"id": USER.sub}, set={"disabled": True}))
    assert ask("Mutation.createPayment", {"input": ASKED})["error"]["type"] == "USER_DISABLED"
    assert shop.payments.ids_of(USER.sub) == []


@pytest.mark.usefixtures("_secrets")
def test_the_reconcilers_minute(load: Load, shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    module = load("resolvers.timers.payments_reconciler", **ENVIRONMENT)
    shop.waiting(PaymentProvider.STRIPE)
    shop.waiting(PaymentProvider.VNPAY)
    monkeypatch.setattr(module, "now", lambda: shop.world.later(4201))
    done = module.handler({}, None)
    assert {what: count for what, count in done.items() if count} == {"expired": 1, "unanswered": 1}


def change(shop: Shop, payment: Payment) -> dict[str, Any]:
    row = shop.payments.get({"id": payment.id})
    assert row
    number = f"{payment.id}-{row['version']}"
    seen = {"Keys": {"id": {"S": payment.id}}, "NewImage": pack(row), "SequenceNumber": number}
    return {"eventName": "MODIFY", "eventSourceARN": stream_of("Payments"), "dynamodb": seen}


def test_subscribers_are_told_of_every_change_in_order(load: Load, shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    payment, other = shop.waiting(), shop.waiting()
    records = [change(shop, payment), change(shop, other)]
    shop.send_ipn(shop.ipn(payment))
    records.append(change(shop, payment))
    module, published = load("resolvers.streams.publish"), list[tuple[str, int, Any]]()

    def publish(asked: tuple[str, dict[str, Any]]) -> None:
        mutation, view = asked
        if view["id"] == other.id:
            raise module.PublishError("away")
        assert mutation == publications.PAYMENT
        published.append((view["status"], view["version"], view["balance"]))

    monkeypatch.setattr(module, "_publish", publish)
    assert numbers(module.handler({"Records": records}, None)) == [f"{other.id}-1"]
    assert published == [("PENDING", 1, None), ("PAID", 2, 120)]


def test_an_owner_cancels_a_payment_and_nobody_else_does(ask: Any, shop: Shop) -> None:
    made = ask("Mutation.createPayment", {"input": ASKED})["data"]
    for who in (OTHER, ADMIN):
        assert ask("Mutation.cancelPayment", {"id": made["id"]}, who)["data"] is None
    canceled = ask("Mutation.cancelPayment", {"id": made["id"]})["data"]
    assert (canceled["status"], canceled["version"], canceled["payUrl"]) == ("EXPIRED", 2, None)
    assert ask("Query.payment", {"id": made["id"]})["data"] == canceled
    paid = shop.waiting()
    shop.send_ipn(shop.ipn(paid))
    assert ask("Mutation.cancelPayment", {"id": paid.id})["error"]["type"] == "PAYMENT_NOT_CANCELABLE"
