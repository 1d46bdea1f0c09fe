"""VNPAY's pages in its two languages."""

from typing import Final

from local.bank.pages import fill, frame, money
from local.bank.vnpay_payment import HUNDREDTHS, Payment
from local.bank.vnpay_wire import GMT7
from local.pages import Safe, join

NOTE: Final = {
    "vn": "Bản mô phỏng VNPAY trên máy này: không có tiền thật · A local stand-in for VNPAY: no money moves",
    "en": "A local stand-in for VNPAY: no money moves",
}
WORDS: Final = {
    "vn": {
        "title": "Cổng thanh toán VNPAY",
        "heading": "Thông tin đơn hàng",
        "merchant": "Nhà cung cấp",
        "ref": "Mã đơn hàng",
        "info": "Nội dung thanh toán",
        "amount": "Số tiền thanh toán",
        "expires": "Hết hạn lúc",
        "bank": "Thẻ nội địa · Ngân hàng NCB",
        "special": "Tình huống thử nghiệm",
        "pay": "Thanh toán",
        "refuse": "Hủy giao dịch",
        "not_enough": "Tài khoản không đủ số dư",
        "pay_late": "Thanh toán, báo cho nhà cung cấp muộn",
        "pay_twice": "Thanh toán, báo hai lần cùng lúc",
        "pay_wrong_amount": "Thanh toán một số tiền khác",
        "pay_suspected": "Thanh toán, giao dịch bị nghi ngờ",
        "back": "Quay về nhà cung cấp",
        "paid": "Giao dịch đã được thanh toán.",
        "suspected": "Giao dịch bị nghi ngờ.",
        "failed": "Giao dịch không thành công.",
        "expired": "Giao dịch đã quá thời gian chờ thanh toán.",
    },
    "en": {
        "title": "VNPAY payment gateway",
        "heading": "Your order",
        "merchant": "Merchant",
        "ref": "Order reference",
        "info": "Payment for",
        "amount": "Amount to pay",
        "expires": "Expires at",
        "bank": "Domestic card · NCB bank",
        "special": "Situations to try",
        "pay": "Pay",
        "refuse": "Cancel the transaction",
        "not_enough": "Not enough money",
        "pay_late": "Pay, and the merchant hears late",
        "pay_twice": "Pay, and the merchant hears twice at once",
        "pay_wrong_amount": "Pay another amount",
        "pay_suspected": "Pay, and be suspected of fraud",
        "back": "Back to the merchant",
        "paid": "This transaction has been paid.",
        "suspected": "This transaction is under suspicion.",
        "failed": "This transaction was not successful.",
        "expired": "This transaction has expired.",
    },
}
SPECIAL: Final = ("not_enough", "pay_late", "pay_twice", "pay_wrong_amount", "pay_suspected")
ERRORS: Final = {
    "01": ("Giao dịch đã tồn tại", "The transaction exists already"),
    "03": ("Dữ liệu gửi sang không đúng định dạng", "The data sent is not in the right format"),
    "15": (
        "Giao dịch đã quá thời gian chờ thanh toán. Quý khách vui lòng thực hiện lại giao dịch",
        "The transaction has waited too long for its payment. Please start again",
    ),
    "70": ("Sai chữ ký", "Invalid signature"),
    "72": ("Không tìm thấy website", "The merchant's website was not found"),
}
OTHER_ERROR: Final = ("Có lỗi xảy ra trong quá trình xử lý", "An error occurred")


def pay(payment: Payment, merchant: str) -> Safe:
    """The pay page; of an ended payment, its end."""
    order = payment.order
    words = WORDS[order.locale]
    thousands = "." if order.locale == "vn" else ","
    body = fill(
        "vnpay.html",
        **{name: words[name] for name in ("heading", "merchant", "ref", "info", "amount", "expires")},
        merchant_value=f"{merchant} · {order.tmn_code}",
        ref_value=order.ref,
        info_value=order.info,
        amount_value=money(order.amount // HUNDREDTHS, "vnd", thousands),
        expires_value=f"{order.expires.astimezone(GMT7):%H:%M %d/%m/%Y} (GMT+7)",
        choice=_choice(payment, words) if payment.is_open else _end(payment, words),
    )
    return _framed(words["title"], body, order.locale)


def error(code: str) -> Safe:
    """The error page."""
    vietnamese, english = ERRORS.get(code, OTHER_ERROR)
    body = fill("vnpay_error.html", code=code, vietnamese=vietnamese, english=english)
    return _framed(WORDS["vn"]["title"], body, "vn")


def _framed(title: str, body: Safe, locale: str) -> Safe:
    return frame(title, NOTE[locale], body, look="vnpay", lang="vi" if locale == "vn" else "en")


def _choice(payment: Payment, words: dict[str, str]) -> Safe:
    special = [_button(action) for action in SPECIAL]
    return fill(
        "vnpay_choice.html",
        ref=payment.order.ref,
        bank=words["bank"],
        pay=words["pay"],
        refuse=words["refuse"],
        special=_both("special"),
        buttons=join(special),
    )


def _button(action: str) -> Safe:
    return fill("button.html", id=action.replace("_", "-"), action=action, label=_both(action))


def _both(name: str) -> str:
    """Return words for whoever tests, which are no part of VNPAY's page: in both languages, whatever the order's."""
    return f"{WORDS['vn'][name]} · {WORDS['en'][name]}"


def _end(payment: Payment, words: dict[str, str]) -> Safe:
    return fill("end.html", text=words[payment.status], url=payment.order.return_url, back=words["back"])
