"""The rows of the Payments and PaymentEvents tables, and back."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from studio import rows
from studio.clock import millis, parse
from studio.money import Currency, Money
from studio.payments.model import (
    Event,
    Facts,
    Outcome,
    Payment,
    PaymentDecision,
    PaymentEventState,
    PaymentProvider,
    PaymentStatus,
    ReviewReason,
)
from studio.payments.refund_request import RefundRequest, RefundStatus
from studio.payments.transactions import Dispute, DisputeState, Refund, Refunded, RefundState, Taken, Transaction
from studio.rows import Row

# The values of PaymentEvents' sparse index's partition key: what waits to be acted on, and what was given up.
OPEN, GIVEN_UP = "open", "unmatched"
# Who brought an event acts on it at once; if that fails, the reconciler does so after growing pauses.
FIRST_LOOK = timedelta(minutes=1)
_BODY = rows.text_to(400_000)  # a row's own limit


def payment_to_item(payment: Payment) -> dict[str, Any]:
    return {
        "id": payment.id,
        "owner": payment.owner,
        "provider": payment.provider,
        "status": payment.status,
        "goods": payment.goods,
        payment.goods: payment.goods_id,
        "points": payment.points,
        "amount": money_to_item(payment.amount),
        "createdAt": payment.created_at,
        "updatedAt": payment.updated_at,
        "expiresAt": payment.expires_at,
        "returnUrl": payment.return_url,
        "version": payment.version,
        "standing": payment.standing,
        "owed": payment.owed,
        "balance": payment.balance,
        **facts_to_item(payment.facts),
        "payUrl": payment.pay_url,
        "session": payment.session,
        "paidAt": payment.paid_at,
        "review": payment.review,
        "worth": money_to_item(payment.worth) if payment.worth else None,
    }


def payment_from_item(item: Mapping[str, Any]) -> Payment:
    """Read a payment's row.

    Raises
    ------
    UnreadableError
    """
    row = Row(item)
    # Rows of the first release do not say what they are of.
    goods = row.find("goods", rows.text) or ("orderId" if "orderId" in item else "packageId")
    return Payment(
        id=row.get("id", rows.text),
        owner=row.get("owner", rows.text),
        provider=row.get("provider", PaymentProvider),
        status=row.get("status", PaymentStatus),
        goods=goods,
        goods_id=row.get(goods, rows.text),
        points=row.get("points", rows.count),
        amount=row.get("amount", _price),
        created_at=row.get("createdAt", rows.time),
        updated_at=row.get("updatedAt", rows.time),
        expires_at=row.get("expiresAt", rows.time),
        return_url=row.get("returnUrl", rows.text),
        version=row.get("version", rows.version),
        standing=row.get("standing", rows.count),
        owed=row.get("owed", rows.integer),
        balance=row.find("balance", rows.total),
        facts=_facts(row),
        pay_url=row.find("payUrl", rows.url),
        session=row.find("session", rows.text),
        paid_at=row.find("paidAt", rows.time),
        review=row.find("review", ReviewReason),
        worth=row.find("worth", money_from_item),
    )


def event_to_item(event: Event) -> dict[str, Any]:
    waits = event.state == PaymentEventState.RECEIVED
    return {
        "id": event.id,
        "provider": event.provider,
        "name": event.name,
        "type": event.type,
        "body": event.body,
        "at": event.at,
        "paymentId": event.payment_id,
        "sourceIp": event.source_ip,
        "state": event.state,
        "outcome": event.outcome,
        "tries": event.tries,
        "cause": event.cause,
        "open": OPEN if waits else None,
        "due": millis(parse(event.at) + FIRST_LOOK) if waits else None,
    }


def event_from_item(item: Mapping[str, Any]) -> Event:
    """Read an event's row.

    Raises
    ------
    UnreadableError
    """
    row = Row(item)
    return Event(
        provider=row.get("provider", PaymentProvider),
        name=row.get("name", rows.text),
        type=row.get("type", rows.text),
        body=row.find("body", _BODY),
        at=row.get("at", rows.time),
        payment_id=row.find("paymentId", rows.text),
        source_ip=row.find("sourceIp", rows.text),
        state=row.get("state", PaymentEventState),
        outcome=row.find("outcome", Outcome),
        tries=row.get("tries", rows.count),
        cause=row.find("cause", rows.text),
    )


# ---- money


def money_to_item(money: Money) -> dict[str, Any]:
    return {"minor": money.minor, "currency": money.currency}


def money_from_item(item: Any) -> Money:
    row = rows.row(item)
    return Money(row.get("minor", rows.total), row.get("currency", Currency))


def _price(item: Any) -> Money:
    rows.row(item).get("minor", rows.count)  # shown as it is, where what adds up is cut
    return money_from_item(item)


# ---- facts


def facts_to_item(facts: Facts) -> dict[str, Any]:
    return {
        "transactions": {name: _transaction_to_item(each) for name, each in facts.transactions.items()},
        "suspected": _taken_to_item(facts.suspected) if facts.suspected else None,
        "promised": facts.promised,
        "failed": facts.failed,
        "expired": facts.expired,
        "canceled": facts.canceled or None,
        "decision": facts.decision,
        "overruled": facts.overruled,
        "disputed": sorted(facts.disputed) or None,
        "refundRequests": {name: _request_to_item(each) for name, each in facts.refund_requests.items()} or None,
    }


def _facts(row: Row) -> Facts:
    return Facts(
        transactions=row.find("transactions", rows.map_of(_transaction_from_item)) or {},
        suspected=row.find("suspected", _taken_from_item),
        promised=row.find("promised", rows.flag) or False,
        failed=row.get("failed", rows.flag),
        expired=row.get("expired", rows.flag),
        canceled=row.find("canceled", rows.flag) or False,
        decision=row.find("decision", PaymentDecision),
        overruled=row.find("overruled", ReviewReason),
        disputed=frozenset(row.find("disputed", rows.list_of(rows.text)) or ()),
        refund_requests=row.find("refundRequests", rows.map_of(_request_from_item)) or {},
    )


def _transaction_to_item(transaction: Transaction) -> dict[str, Any]:
    paid, refunded = transaction.paid, transaction.refunded
    whole = {
        "paid": _taken_to_item(paid) if paid else None,
        "refunded": {**_taken_to_item(refunded.taken), "at": refunded.at} if refunded else None,
        "refunds": {name: part_to_item(each) for name, each in transaction.refunds.items()},
        "disputes": {name: part_to_item(each) for name, each in transaction.disputes.items()},
    }
    return {name: value for name, value in whole.items() if value}


def _transaction_from_item(item: Any) -> Transaction:
    row = rows.row(item)
    return Transaction(
        paid=row.find("paid", _taken_from_item),
        refunded=row.find("refunded", _refunded_from_item),
        refunds=row.find("refunds", rows.map_of(refund_from_item)) or {},
        disputes=row.find("disputes", rows.map_of(_dispute_from_item)) or {},
    )


def _request_to_item(request: RefundRequest) -> dict[str, Any]:
    return {
        "id": request.id,
        "reference": request.reference,
        **_taken_to_item(request.taken),
        "reason": request.reason,
        "by": request.by,
        "at": request.at,
        "failed": request.failed,
        "status": request.status,
        **({"cause": request.cause} if request.cause else {}),
    }


def _request_from_item(item: Any) -> RefundRequest:
    row = rows.row(item)
    return RefundRequest(
        id=row.get("id", rows.text),
        reference=row.get("reference", rows.text),
        taken=_taken_from_item(item),
        reason=row.get("reason", rows.text),
        by=row.get("by", rows.text),
        at=row.get("at", rows.time),
        failed=row.get("failed", rows.total),
        status=row.get("status", RefundStatus),
        cause=row.find("cause", rows.text),
    )


def _taken_to_item(taken: Taken) -> dict[str, Any]:
    return {"minor": taken.minor, "currency": taken.currency}


def _taken_from_item(item: Any) -> Taken:
    row = rows.row(item)
    return Taken(row.get("minor", rows.total), row.get("currency", rows.text))


def part_to_item(part: Refund | Dispute) -> dict[str, Any]:
    return {**_taken_to_item(part.taken), "state": part.state, "at": part.at}


def _refunded_from_item(item: Any) -> Refunded:
    return Refunded(_taken_from_item(item), rows.row(item).get("at", rows.total))


def refund_from_item(item: Any) -> Refund:
    row = rows.row(item)
    return Refund(_taken_from_item(item), row.get("state", RefundState), row.get("at", rows.total))


def _dispute_from_item(item: Any) -> Dispute:
    row = rows.row(item)
    return Dispute(_taken_from_item(item), row.get("state", DisputeState), row.get("at", rows.total))
