"""The texts in English."""

from collections.abc import Mapping

from studio.mail.model import MailKind
from studio.mail.texts.text import Common, Text
from studio.orders.model import OrderFailure

COMMON = Common(
    lang="en",
    greeting="Hello,",
    greeting_of="Hello $name,",
    why="You receive this mail because it is about something that you buy at NamO Studio.",
    why_notice="You receive this mail because you have a NamO Studio account.",
    stop="Stop mails like this one",
)
_PAYMENT = (("Amount", "amount"), ("Payment by", "provider"), ("Payment number", "payment"))
_ITEMS = (
    *(("Photo books", "books"), ("Albums as PDF", "album_files")),
    *(("Collage prints", "prints"), ("Collages as pictures", "collage_files")),
)
_ORDER = ("Order number", "order")

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
    MailKind.ORDER_CONFIRMED: Text(
        subject="Your order is confirmed: $total",
        heading="Thank you for your order",
        paragraphs=(
            "Your order of $total is paid, and we are preparing it.",
            "We will write to you again when your files are ready, or your parcels on their way.",
        ),
        rows=(*_ITEMS, ("Total", "total"), ("Paid on", "at"), _ORDER),
    ),
    MailKind.ORDER_READY: Text(
        subject="Your files are ready",
        heading="Your files are ready",
        paragraphs=(
            "The files of your order are ready. Open the order in the studio to download them.",
            "You can download them until $until.",
        ),
        rows=(_ITEMS[1], _ITEMS[3], _ORDER),
    ),
    MailKind.ORDER_SHIPPED: Text(
        subject="Your parcels are on their way",
        heading="Your parcels are on their way",
        paragraphs=(
            "These parcels of your order are on their way to you.",
            "If your order comes in more parcels than these, we will write to you again.",
        ),
        rows=(("Parcel", "parcel"), _ORDER),
    ),
    MailKind.ORDER_FAILED: Text(
        subject="Your order was canceled",
        heading="Your order was canceled",
        paragraphs=(
            "Why: $note",
            "We return $refund to you by the way you paid, and write to you when it is on its way.",
            "One of us will look at your payment of $review, and write to you. You need not do anything.",
        ),
        rows=(("Total", "total"), ("Canceled on", "at"), _ORDER),
        reasons={
            OrderFailure.CANCELED_BY_CUSTOMER: "You have canceled your order.",
            OrderFailure.MONEY_WENT_BACK: "Your order was canceled, as its payment went back to you.",
            OrderFailure.RENDERING_FAILED: "We are sorry: we could not make the files of your order.",
            OrderFailure.PICTURE_UNUSABLE: (
                "A picture in your order has been deleted, or cannot be used, so we could not make its files. "
                "Please upload another one, and order again."
            ),
            OrderFailure.PRINTER_REFUSED: "We are sorry: our printer could not take your order.",
            OrderFailure.PRINTER_CANCELED: "We are sorry: our printer has canceled your order.",
            OrderFailure.ENDED_BY_ADMIN: "We are sorry: we had to cancel your order.",
        },
    ),
}
