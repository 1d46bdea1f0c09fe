"""An administrator ends a REVIEW, once, with a note that stays."""

import pytest

from studio.alarms import Alarm
from studio.audit.model import Act
from studio.dynamo import update
from studio.errors import ErrorType, StudioError
from studio.payments.model import Payment, PaymentDecision, PaymentStatus
from tests.unit.payments.shop import PaymentProvider as Provider
from tests.unit.payments.shop import Shop, pending
from tests.unit.raised import Raised
from tests.unit.world import ADMIN, USER


def reviewed(shop: Shop) -> Payment:
    payment = shop.waiting()
    shop.send_ipn(shop.ipn(payment, vnp_Amount="100"))
    return shop.now(payment)


def refused(shop: Shop, payment: Payment, decision: PaymentDecision, note: str = "seen to") -> ErrorType:
    with pytest.raises(StudioError) as error:
        shop.resolve(payment, decision, note)
    return error.value.type


def test_crediting_gives_the_packages_points_once(shop: Shop) -> None:
    payment = reviewed(shop)
    resolved = shop.resolve(payment, PaymentDecision.CREDIT, " the rest came by hand ")
    assert resolved
    assert (resolved.status, resolved.review, resolved.standing) == (PaymentStatus.PAID, None, 100)
    assert shop.world.person().points == 120
    assert shop.is_sound(payment)
    assert refused(shop, payment, PaymentDecision.CREDIT) == ErrorType.PAYMENT_NOT_IN_REVIEW
    record = shop.audit()[-1]
    assert (record.act, record.actor, record.subject) == (Act.PAYMENT_RESOLVED, ADMIN.sub, USER.sub)
    assert (record.details["decision"], record.details["note"]) == ("CREDIT", "the rest came by hand")


def test_refunding_ends_it(shop: Shop, raised: Raised) -> None:
    payment = reviewed(shop)
    resolved = shop.resolve(payment, PaymentDecision.REFUND)
    assert resolved
    assert (resolved.status, shop.world.person().points) == (PaymentStatus.REFUNDED, 20)
    # What VNPAY repeats, or tells anew, brings nothing back.
    assert shop.send_ipn(shop.ipn(payment, vnp_Amount="100")) == "04"
    assert Alarm.PAID_TWICE not in raised.names()
    assert shop.send_ipn(shop.ipn(payment)) == "00"
    assert raised.names() == [Alarm.PAID_TWICE]  # who paid it back has to see it
    assert (shop.now(payment).status, shop.world.person().points) == (PaymentStatus.REFUNDED, 20)


def test_nobody_is_left_to_credit(shop: Shop) -> None:
    payment = reviewed(shop)
    shop.world.people.apply(update({"id": USER.sub}, set={"leftAt": "2026-11-20T12:00:00.000Z"}))
    assert refused(shop, payment, PaymentDecision.CREDIT) == ErrorType.USER_UNKNOWN
    assert shop.now(payment) == payment
    assert shop.resolve(payment, PaymentDecision.REFUND)


def test_only_a_review_is_resolved(shop: Shop) -> None:
    payment = shop.waiting()
    assert refused(shop, payment, PaymentDecision.CREDIT) == ErrorType.PAYMENT_NOT_IN_REVIEW
    shop.send_ipn(shop.ipn(payment))
    assert refused(shop, payment, PaymentDecision.REFUND) == ErrorType.PAYMENT_NOT_IN_REVIEW
    assert shop.resolve(pending(Provider.VNPAY, USER, shop.world.time), PaymentDecision.REFUND) is None


@pytest.mark.parametrize("note", ["", "  ", "x" * 501])
def test_a_note_is_needed(shop: Shop, note: str) -> None:
    payment = reviewed(shop)
    assert refused(shop, payment, PaymentDecision.CREDIT, note) == ErrorType.NOTE_MALFORMED
    assert shop.now(payment) == payment
