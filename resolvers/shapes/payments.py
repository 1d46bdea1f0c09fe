"""Payments, what they buy, and their events."""

from resolvers.shapes.base import Shape, graphql_int, money
from studio.money import Money
from studio.payments.model import Event, Payment
from studio.payments.packages import Package


def point_package(package: Package) -> Shape:
    return {"id": package.id, "points": package.points, "prices": [money(price) for price in package.prices]}


def payment(payment_: Payment) -> Shape:
    return {
        "id": payment_.id,
        "owner": payment_.owner,
        "provider": payment_.provider,
        "status": payment_.status,
        "version": payment_.version,
        payment_.goods: payment_.goods_id,
        "points": payment_.points,
        "creditedPoints": payment_.standing,
        "owedPoints": payment_.owed,
        "balance": graphql_int(payment_.balance) if payment_.balance is not None else None,
        "amount": money(payment_.amount),
        "worth": _money_or_none(payment_.worth),
        "failedRefund": _money_or_none(payment_.failed_refund),
        "refundStatus": payment_.refund_status,
        "reviewReason": payment_.review,
        "payUrl": payment_.pay_url,
        "createdAt": payment_.created_at,
        "updatedAt": payment_.updated_at,
        "expiresAt": payment_.expires_at,
        "paidAt": payment_.paid_at,
    }


def _money_or_none(amount: Money | None) -> Shape | None:
    return money(amount) if amount and amount.minor == graphql_int(amount.minor) else None


def payment_event(event: Event) -> Shape:
    return {
        "id": event.id,
        "provider": event.provider,
        "type": event.type,
        "state": event.state,
        "paymentId": event.payment_id,
        "outcome": event.outcome,
        "cause": event.cause,
        "at": event.at,
    }
