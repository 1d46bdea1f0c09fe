"""An order as a merchant's pay URL states it, and what is wrong with one."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from local.bank.keys import Keys
from local.bank.vnpay_wire import is_signed, read_stamp

ALREADY_THERE, MALFORMED, EXPIRED, BAD_SIGNATURE, NO_MERCHANT = "01", "03", "15", "70", "72"

STAMP = re.compile("[0-9]{14}")
# Each required parameter and its form. Order texts are Vietnamese without diacritics.
REQUIRED = {
    "vnp_Version": re.compile(r"2\.1\.0"),
    "vnp_Command": re.compile("pay"),
    "vnp_TmnCode": re.compile(r"[A-Za-z0-9]{8}"),
    "vnp_Amount": re.compile(r"[1-9][0-9]{0,11}"),
    "vnp_CreateDate": STAMP,
    "vnp_CurrCode": re.compile("VND"),
    "vnp_IpAddr": re.compile(r"[0-9A-Fa-f.:]{7,45}"),
    "vnp_Locale": re.compile("vn|en"),
    "vnp_OrderInfo": re.compile(r"[ -~]{1,255}"),
    "vnp_OrderType": re.compile(r"[A-Za-z0-9_]{1,100}"),
    "vnp_ReturnUrl": re.compile(r"https?://[!-~]{1,247}"),
    "vnp_TxnRef": re.compile(r"[A-Za-z0-9._-]{1,100}"),
}
# VNPAY's guide has orders without an end of their own; that it waits for these a quarter of an hour is ours.
USUAL_WAIT = timedelta(minutes=15)


class BadOrderError(Exception):
    """VNPAY takes no such order; the code is the one of its error page."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Order:
    """What is to be paid; the amount is in hundredths of a dong, as on the wire."""

    ref: str
    tmn_code: str
    amount: int
    info: str
    kind: str
    locale: str
    return_url: str
    created: datetime
    expires: datetime

    @classmethod
    def read(cls, pairs: Sequence[tuple[str, str]], keys: Keys) -> "Order":
        """Read a pay URL's parameters. Raises BadOrderError."""
        params = dict(pairs)
        if len(params) != len(pairs) or not all(
            form.fullmatch(params.get(name, "")) for name, form in REQUIRED.items()
        ):
            raise BadOrderError(MALFORMED)
        if params["vnp_TmnCode"] != keys.tmn_code:
            raise BadOrderError(NO_MERCHANT)
        if not is_signed(params, keys.hash_secret):
            raise BadOrderError(BAD_SIGNATURE)
        try:
            created = read_stamp(params["vnp_CreateDate"])
            end = params.get("vnp_ExpireDate")
            expires = created + USUAL_WAIT if end is None else read_stamp(end)
        except ValueError:
            raise BadOrderError(MALFORMED) from None
        return cls(
            ref=params["vnp_TxnRef"],
            tmn_code=params["vnp_TmnCode"],
            amount=int(params["vnp_Amount"]),
            info=params["vnp_OrderInfo"],
            kind=params["vnp_OrderType"],
            locale=params["vnp_Locale"],
            return_url=params["vnp_ReturnUrl"],
            created=created,
            expires=expires,
        )

    def is_same(self, other: "Order") -> bool:
        """Tell whether another URL means this very order; it may have been signed at another minute."""
        return (self.ref, self.amount, self.info, self.kind) == (other.ref, other.amount, other.info, other.kind)
