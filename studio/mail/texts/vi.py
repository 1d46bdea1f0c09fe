"""The texts in Vietnamese."""

from collections.abc import Mapping

from studio.mail.model import MailKind
from studio.mail.texts.text import Common, Text
from studio.orders.model import OrderFailure

COMMON = Common(
    lang="vi",
    greeting="Xin chào,",
    greeting_of="Xin chào $name,",
    why="Bạn nhận được email này vì nội dung liên quan đến giao dịch của bạn tại NamO Studio.",
    why_notice="Bạn nhận được email này vì bạn có tài khoản NamO Studio.",
    stop="Ngừng nhận những email như thế này",
)
_PAYMENT = (("Số tiền", "amount"), ("Thanh toán qua", "provider"), ("Mã thanh toán", "payment"))
_ITEMS = (
    *(("Sách ảnh in", "books"), ("Album PDF", "album_files")),
    *(("Ảnh ghép in", "prints"), ("Tệp ảnh ghép", "collage_files")),
)
_ORDER = ("Mã đơn hàng", "order")

TEXTS: Mapping[MailKind, Text] = {
    MailKind.RECEIPT: Text(
        subject="Biên nhận từ NamO Studio: $amount",
        heading="Cảm ơn bạn đã thanh toán",
        paragraphs=(
            "Chúng tôi đã nhận được khoản thanh toán $amount của bạn. Email này là biên nhận của bạn.",
            "$points điểm đã được cộng vào số dư của bạn.",
        ),
        rows=(
            *(("Số tiền", "amount"), ("Điểm", "points"), ("Thanh toán qua", "provider")),
            *(("Thời gian thanh toán", "at"), ("Mã thanh toán", "payment")),
        ),
    ),
    MailKind.PAYMENT_REFUNDED: Text(
        subject="Khoản thanh toán của bạn được hoàn lại: $returned",
        heading="Khoản hoàn tiền của bạn",
        paragraphs=(
            "$returned từ khoản thanh toán của bạn đang được hoàn lại cho bạn.",
            "Thời gian nhận được tiền tùy thuộc vào ngân hàng của bạn.",
            "$taken điểm đã được trừ khỏi số dư của bạn.",
        ),
        rows=(
            *(("Số tiền hoàn lại", "returned"), ("Của khoản thanh toán", "amount"), ("Thanh toán qua", "provider")),
            *(("Thời gian hoàn tiền", "at"), ("Mã thanh toán", "payment")),
        ),
    ),
    MailKind.PAYMENT_IN_REVIEW: Text(
        subject="Chúng tôi đang kiểm tra khoản thanh toán của bạn",
        heading="Chúng tôi đang kiểm tra khoản thanh toán của bạn",
        paragraphs=(
            "Tiền cho khoản thanh toán này đã đến, nhưng không đúng như dự kiến.",
            "Nhân viên của chúng tôi sẽ xem xét. Bạn không cần làm gì và không cần thanh toán lại.",
            "Chúng tôi sẽ hoàn tất giao dịch hoặc hoàn tiền, và sẽ báo cho bạn qua email khi xong.",
        ),
        rows=_PAYMENT,
    ),
    MailKind.TRANSFER_FAILED: Text(
        subject="Khoản thanh toán của bạn không thành công",
        heading="Khoản thanh toán của bạn không thành công",
        paragraphs=(
            "Ngân hàng của bạn đã không thực hiện khoản thanh toán $amount, nên chúng tôi không nhận được tiền.",
            "Bạn có thể tạo một khoản thanh toán mới trong studio bất cứ lúc nào.",
        ),
        rows=_PAYMENT,
    ),
    MailKind.PAYMENT_FAILED: Text(
        subject="Khoản thanh toán của bạn chưa hoàn tất",
        heading="Khoản thanh toán của bạn chưa hoàn tất",
        paragraphs=(
            "Khoản thanh toán $amount của bạn chưa hoàn tất và chúng tôi không nhận được tiền.",
            "Nếu vẫn muốn mua, bạn có thể tạo một khoản thanh toán mới trong studio.",
        ),
        rows=_PAYMENT,
    ),
    MailKind.ORDER_CONFIRMED: Text(
        subject="Đơn hàng của bạn đã được xác nhận: $total",
        heading="Cảm ơn bạn đã đặt hàng",
        paragraphs=(
            "Đơn hàng trị giá $total của bạn đã được thanh toán và chúng tôi đang chuẩn bị.",
            "Chúng tôi sẽ báo cho bạn qua email khi các tệp đã sẵn sàng, hoặc khi các kiện hàng được gửi đi.",
        ),
        rows=(*_ITEMS, ("Tổng cộng", "total"), ("Thời gian thanh toán", "at"), _ORDER),
    ),
    MailKind.ORDER_READY: Text(
        subject="Các tệp của bạn đã sẵn sàng",
        heading="Các tệp của bạn đã sẵn sàng",
        paragraphs=(
            "Các tệp trong đơn hàng của bạn đã sẵn sàng. Hãy mở đơn hàng trong studio để tải về.",
            "Bạn có thể tải về đến $until.",
        ),
        rows=(_ITEMS[1], _ITEMS[3], _ORDER),
    ),
    MailKind.ORDER_SHIPPED: Text(
        subject="Kiện hàng của bạn đã được gửi đi",
        heading="Kiện hàng của bạn đã được gửi đi",
        paragraphs=(
            "Những kiện hàng sau trong đơn hàng của bạn đang trên đường đến bạn.",
            "Nếu đơn hàng còn kiện khác, chúng tôi cũng sẽ báo cho bạn khi gửi đi.",
        ),
        rows=(("Kiện hàng", "parcel"), _ORDER),
    ),
    MailKind.ORDER_FAILED: Text(
        subject="Đơn hàng của bạn đã bị hủy",
        heading="Đơn hàng của bạn đã bị hủy",
        paragraphs=(
            "Lý do: $note",
            "Chúng tôi sẽ hoàn lại $refund qua cách bạn đã thanh toán và báo cho bạn khi tiền được chuyển đi.",
            "Nhân viên của chúng tôi sẽ xem xét khoản thanh toán $review và báo cho bạn. Bạn không cần làm gì.",
        ),
        rows=(("Tổng cộng", "total"), ("Thời gian hủy", "at"), _ORDER),
        reasons={
            OrderFailure.CANCELED_BY_CUSTOMER: "Bạn đã hủy đơn hàng của mình.",
            OrderFailure.MONEY_WENT_BACK: "Đơn hàng bị hủy vì khoản thanh toán đã được hoàn lại cho bạn.",
            OrderFailure.RENDERING_FAILED: "Rất tiếc, chúng tôi không thể tạo các tệp trong đơn hàng của bạn.",
            OrderFailure.PICTURE_UNUSABLE: (
                "Một ảnh trong đơn hàng đã bị xóa hoặc không dùng được, nên chúng tôi không thể tạo các tệp. "
                "Vui lòng tải lên ảnh khác và đặt hàng lại."
            ),
            OrderFailure.PRINTER_REFUSED: "Rất tiếc, nhà in của chúng tôi không thể nhận đơn hàng của bạn.",
            OrderFailure.PRINTER_CANCELED: "Rất tiếc, nhà in của chúng tôi đã hủy đơn hàng của bạn.",
            OrderFailure.ENDED_BY_ADMIN: "Rất tiếc, chúng tôi buộc phải hủy đơn hàng của bạn.",
        },
    ),
}
