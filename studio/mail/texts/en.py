"""The texts in English."""

from collections.abc import Mapping

from studio.mail.model import MailKind
from studio.mail.texts.text import Common, Text

COMMON = Common(
    lang="en",
    greeting="Hello,",
    greeting_of="Hello $name,",
    why="You receive this mail because it is about something that you buy at NamO Studio.",
    why_notice="You receive this mail because you have a NamO Studio account.",
    stop="Stop mails like this one",
)
_PAYMENT = (("Amount", "amount"), ("Payment by", "provider"), ("Payment number", "payment"))

TEXTS: Mapping[MailKind, Text] = {
    MailKind.RECEIPT: Text(
        subject="Your receipt from NamO Studio: $amount",
        heading="Thank you for your payment",
        paragraphs=(
            "We have received your payment of $amount. This mail is your receipt.",
            "$points points have been added to your balance.",
        ),
        rows=(
            *(("Amount", "amount"), ("Points", "points"), ("Paid with", "provider")),
            *(("Paid on", "at"), ("Payment number", "payment")),
        ),
    ),
    MailKind.PAYMENT_REFUNDED: Text(
        subject="Your payment was refunded: $returned",
        heading="Your refund",
        paragraphs=(
            "$returned of your payment is on its way back to you.",
            "How long it takes depends on your bank.",
            "$taken points have been taken off your balance.",
        ),
        rows=(
            *(("Refund", "returned"), ("Of a payment of", "amount"), ("Paid with", "provider")),
            *(("Refunded on", "at"), ("Payment number", "payment")),
        ),
    ),
    MailKind.PAYMENT_IN_REVIEW: Text(
        subject="We are checking your payment",
        heading="We are checking your payment",
        paragraphs=(
            "Money has arrived for this payment, but not as we expected it, so one of us will look at it.",
            "You need not do anything, and need not pay again.",
            "We will complete the payment or return the money, and write to you when it is done.",
        ),
        rows=_PAYMENT,
    ),
    MailKind.TRANSFER_FAILED: Text(
        subject="Your payment did not go through",
        heading="Your payment did not go through",
        paragraphs=(
            "Your bank has not carried out your payment of $amount, so we have received nothing.",
            "You can start a new payment in the studio at any time.",
        ),
        rows=_PAYMENT,
    ),
    MailKind.PAYMENT_FAILED: Text(
        subject="Your payment was not completed",
        heading="Your payment was not completed",
        paragraphs=(
            "Your payment of $amount was not completed, and we have received nothing.",
            "If you still want it, you can start a new payment in the studio.",
        ),
        rows=_PAYMENT,
    ),
}
