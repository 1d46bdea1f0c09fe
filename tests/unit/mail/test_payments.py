"""Which change of a payment becomes which mail, told by the shop itself."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from studio.mail.item import event_from_message, event_to_message
from studio.mail.model import MailEvent, MailKind
from studio.mail.payments import mails_of
from studio.money import Currency, Money
from studio.payments.model import Payment, PaymentDecision
from studio.payments.model import PaymentProvider as Provider
from tests.unit.payments.shop import CENTS, PRICE, Shop, charge, dispute, refund, session
from tests.unit.world import World


@pytest.fixture
def shop(world: World) -> Shop:
    world.joined()
    return Shop(world, world.client)


class Watched:
    """A payment whose changes are looked at as the stream tells of them."""

    def __init__(self, shop: Shop, provider: Provider) -> None:
        self.shop = shop
        self.payment: Payment = shop.now(shop.waiting(provider))

    def mails(self) -> list[MailEvent]:
        """Return the mails of what has happened since last time, read back from their messages."""
        before, self.payment = self.payment, self.shop.now(self.payment)
        mails = [*mails_of(before, self.payment)]
        assert mails == [*mails_of(before, self.payment)], "told again, they are the same"
        assert mails == [event_from_message(event_to_message(mail)) for mail in mails]
        return mails

    def kinds(self) -> list[MailKind]:
        return [mail.kind for mail in self.mails()]


@pytest.fixture
def vnpay(shop: Shop) -> Watched:
    return Watched(shop, Provider.VNPAY)


@pytest.fixture
def stripe(shop: Shop) -> Watched:
    return Watched(shop, Provider.STRIPE)


def test_a_payment_that_is_paid_has_a_receipt_once(vnpay: Watched) -> None:
    assert vnpay.mails() == []
    vnpay.shop.send_ipn(vnpay.shop.ipn(vnpay.payment))
    (mail,) = vnpay.mails()
    assert (mail.kind, mail.event, mail.person) == (MailKind.RECEIPT, vnpay.payment.id, vnpay.payment.owner)
    assert mail.facts["amount"] == Money(PRICE, Currency.VND)
    assert (mail.facts["points"], mail.facts["provider"]) == (100, "VNPAY")
    vnpay.shop.send_ipn(vnpay.shop.ipn(vnpay.payment))
    assert vnpay.mails() == []


def test_every_part_that_goes_back_is_told_with_its_points(stripe: Watched) -> None:
    stripe.shop.send_stripe("checkout.session.completed", session(stripe.payment))
    assert stripe.kinds() == [MailKind.RECEIPT]
    stripe.shop.send_stripe("charge.refunded", charge(stripe.payment, 400))
    (first,) = stripe.mails()
    assert first.kind == MailKind.PAYMENT_REFUNDED
    assert first.facts["returned"] == Money(400, Currency.USD)
    assert first.facts["taken"] == 41
    stripe.shop.send_stripe("refund.updated", refund(stripe.payment, "succeeded", 400))
    assert stripe.mails() == [], "the same refund, told otherwise"
    stripe.shop.send_stripe("charge.refunded", charge(stripe.payment, CENTS))
    (rest,) = stripe.mails()
    assert (rest.facts["returned"], rest.facts["taken"]) == (Money(CENTS - 400, Currency.USD), 59)
    assert rest.event != first.event


def test_a_dispute_that_is_won_brings_no_second_receipt(stripe: Watched) -> None:
    stripe.shop.send_stripe("checkout.session.completed", session(stripe.payment))
    stripe.mails()
    stripe.shop.send_stripe("charge.dispute.created", dispute(stripe.payment, "needs_response"))
    stripe.shop.send_stripe("charge.dispute.closed", dispute(stripe.payment, "won"))
    assert stripe.kinds() == []


def test_a_dispute_is_no_refund_until_it_is_lost(stripe: Watched) -> None:
    stripe.shop.send_stripe("checkout.session.completed", session(stripe.payment))
    stripe.mails()
    stripe.shop.send_stripe("charge.dispute.created", dispute(stripe.payment, "needs_response"))
    assert stripe.kinds() == []
    stripe.shop.send_stripe("charge.dispute.closed", dispute(stripe.payment, "lost"))
    (lost,) = stripe.mails()
    assert (lost.kind, lost.facts["returned"]) == (MailKind.PAYMENT_REFUNDED, Money(CENTS, Currency.USD))


@pytest.mark.parametrize(
    ("decision", "kind"),
    [(PaymentDecision.CREDIT, MailKind.RECEIPT), (PaymentDecision.REFUND, MailKind.PAYMENT_REFUNDED)],
)
def test_who_paid_otherwise_hears_that_it_is_looked_at_and_how_it_ended(
    vnpay: Watched, decision: PaymentDecision, kind: MailKind
) -> None:
    vnpay.shop.send_ipn(vnpay.shop.ipn(vnpay.payment, vnp_Amount="5000000"))
    (review,) = vnpay.mails()
    assert (review.kind, review.facts["amount"]) == (MailKind.PAYMENT_IN_REVIEW, Money(50_000, Currency.VND))
    vnpay.shop.resolve(vnpay.payment, decision)
    (end,) = vnpay.mails()
    assert (end.kind, end.facts["amount"]) == (kind, Money(50_000, Currency.VND)), "what was paid, not what was asked"
    assert end.facts.get("returned") == (Money(50_000, Currency.VND) if kind == MailKind.PAYMENT_REFUNDED else None)


def test_who_leaves_the_page_has_a_notice_and_whose_bank_fails_has_mail(vnpay: Watched, stripe: Watched) -> None:
    vnpay.shop.send_ipn(vnpay.shop.ipn(vnpay.payment, vnp_ResponseCode="24", vnp_TransactionStatus="02"))
    assert vnpay.kinds() == [MailKind.PAYMENT_FAILED]
    stripe.shop.send_stripe("checkout.session.completed", session(stripe.payment, payment_status="unpaid"))
    assert stripe.kinds() == [], "the bank has been told to pay"
    stripe.shop.send_stripe("checkout.session.async_payment_failed", session(stripe.payment))
    assert stripe.kinds() == [MailKind.TRANSFER_FAILED]
    assert MailKind.PAYMENT_FAILED.is_notice
    assert not MailKind.TRANSFER_FAILED.is_notice


def test_what_ends_by_time_is_no_news(vnpay: Watched) -> None:
    vnpay.shop.world.later(3600 + 601)
    vnpay.shop.reconcile()
    assert vnpay.kinds() == []


def test_no_event_holds_an_address_or_a_name(vnpay: Watched) -> None:
    vnpay.shop.send_ipn(vnpay.shop.ipn(vnpay.payment))
    (mail,) = vnpay.mails()
    assert "@" not in event_to_message(mail)
    assert mail.facts.keys() == {"payment", "amount", "provider", "points", "at"}


def test_of_two_currencies_there_is_no_sum(vnpay: Watched) -> None:
    vnpay.shop.send_ipn(vnpay.shop.ipn(vnpay.payment, vnp_Amount="5000000"))
    vnpay.mails()
    vnpay.shop.resolve(vnpay.payment, PaymentDecision.REFUND)
    before, after = vnpay.payment, vnpay.shop.now(vnpay.payment)
    (odd,) = _in_euros(before, after)
    assert "returned" not in odd.facts


def _in_euros(before: Payment, after: Payment) -> Iterator[MailEvent]:
    """The same change, of money in a currency that the studio has not."""

    def changed(payment: Payment) -> Payment:
        transactions = {
            name: replace(each, paid=each.paid and replace(each.paid, currency="EUR"))
            for name, each in payment.facts.transactions.items()
        }
        return replace(payment, facts=replace(payment.facts, transactions=transactions))

    yield from mails_of(changed(before), changed(after))
