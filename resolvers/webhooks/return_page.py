"""The page that a payer comes back to where a frontend has none of its own. It shows, and changes nothing.

What it says of a payment is what the payment's row says. Until that has moved, a provider's signature says how it went;
of what nobody signed nothing is believed.
"""

from collections.abc import Mapping
from html import escape
from urllib.parse import parse_qsl, urlencode

from resolvers.webhooks.page import Words, headers, page
from studio.payments.model import Payment, PaymentStatus
from studio.payments.notice import Result
from studio.payments.points import PACKAGE
from studio.payments.providers.protocol import PayerReturn

Said = tuple[Words, Words]

_NEUTRAL = (
    Words("You can close this page", "Bạn có thể đóng trang này"),
    Words(
        "If you have paid, your points arrive as soon as we are told.",
        "Nếu bạn đã thanh toán, điểm sẽ được cộng ngay khi chúng tôi nhận được thông báo.",
    ),
)
_SIGNED: Mapping[Result | None, Said] = {
    Result.PAID: (
        Words("The bank has your payment", "Ngân hàng đã nhận thanh toán của bạn"),
        Words(
            "Your points arrive as soon as it has told us too.",
            "Điểm sẽ được cộng ngay khi ngân hàng thông báo cho chúng tôi.",
        ),
    ),
    Result.FAILED: (
        Words("No payment was made", "Giao dịch không thành công"),
        Words(
            "The bank says that it took nothing. You can close this page and try again.",
            "Ngân hàng cho biết bạn chưa bị trừ tiền. Bạn có thể đóng trang này và thử lại.",
        ),
    ),
}
_PAID = Words("Thank you, it is paid", "Cảm ơn bạn, đã thanh toán xong")
_ORDER = Words("Your order is on its way to being made.", "Đơn hàng của bạn đang được thực hiện.")
_ENDED: Mapping[PaymentStatus, Said] = {
    PaymentStatus.FAILED: _SIGNED[Result.FAILED],
    PaymentStatus.EXPIRED: (
        Words("This payment has ended", "Giao dịch đã kết thúc"),
        Words(
            "It was canceled, or its time was over. If money was taken all the same, it counts as soon as we are told.",
            "Giao dịch đã bị hủy hoặc hết hạn. Nếu bạn vẫn bị trừ tiền, khoản đó sẽ được ghi nhận sau.",
        ),
    ),
    PaymentStatus.REFUNDED: (
        Words("The money went back", "Tiền đã được hoàn lại"),
        Words("What it had bought was taken back.", "Những gì đã mua bằng khoản này đã được thu hồi."),
    ),
    PaymentStatus.REVIEW: (
        Words("We are looking at this payment", "Chúng tôi đang kiểm tra giao dịch này"),
        Words("You need not do anything: it is put right.", "Bạn không cần làm gì: chúng tôi sẽ xử lý."),
    ),
}
_BACK = Words("Back to the studio", "Quay lại studio")

# A page that waits looks again after growing pauses, for about two minutes in all.
_LOOK, _LOOKS, _LONGEST_PAUSE = "look", 8, 30


def return_page(payment: Payment | None, back: PayerReturn | None, studio_url: str) -> str:
    """Return the page; `back` is what the provider signed, without which nobody's balance is shown."""
    title, sentence = _said(payment, back)
    link = (
        f'<p><a href="{escape(studio_url)}">{escape(_BACK.english)}<br>'
        f'<span lang="vi">{escape(_BACK.vietnamese)}</span></a></p>'
        if studio_url
        else ""
    )
    reference = f"<p><small>{escape(back.reference)}</small></p>" if back else ""
    body = (
        f"<h1>{escape(title.english)}</h1><p>{escape(sentence.english)}</p>"
        f'<p lang="vi"><strong>{escape(title.vietnamese)}</strong><br>{escape(sentence.vietnamese)}</p>'
    )
    return page(title.english, body + link + reference)


def return_headers(payment: Payment | None, back: PayerReturn | None, query: str) -> Mapping[str, str]:
    """Return the page's headers: while the bank's word is awaited, it looks again by itself."""
    waits = payment is not None and payment.status == PaymentStatus.PENDING
    if not waits or (back and back.result == Result.FAILED):
        return headers()
    pairs = parse_qsl(query, keep_blank_values=True)
    looks = sum(name == _LOOK for name, _ in pairs)
    if looks >= _LOOKS:
        return headers()
    again = urlencode([*pairs, (_LOOK, "")])
    return {**headers(), "refresh": f"{min(2**looks, _LONGEST_PAUSE)}; url=?{again}"}


def _said(payment: Payment | None, back: PayerReturn | None) -> Said:
    if payment is None or payment.status == PaymentStatus.PENDING:
        return _SIGNED.get(back.result if back else None, _NEUTRAL)
    if payment.status != PaymentStatus.PAID:
        return _ENDED[payment.status]
    return _PAID, _credited(payment, back) if payment.goods == PACKAGE else _ORDER


def _credited(payment: Payment, back: PayerReturn | None) -> Words:
    points = payment.standing
    english = "1 point has been added." if points == 1 else f"{points:,} points have been added."
    vietnamese = f"{_vietnamese(points)} điểm đã được cộng."
    if back is None or payment.balance is None:
        return Words(english, vietnamese)
    return Words(
        f"{english} You have {payment.balance:,} points now.",
        f"{vietnamese} Hiện bạn có {_vietnamese(payment.balance)} điểm.",
    )


def _vietnamese(number: int) -> str:
    return f"{number:,}".replace(",", ".")
