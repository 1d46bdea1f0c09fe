"""Values as VNPAY writes them, each read as what it has to be: a signature says who wrote it, not that it is right."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from uuid import UUID

from studio import ids
from studio.clock import parse
from studio.money import Currency
from studio.numbers import whole
from studio.payments.model import Payment
from studio.payments.notice import NotUnderstoodError
from studio.payments.transactions import Taken

Parameters = Mapping[str, str]

VERSION = "2.1.0"
OK = "00"
UNFINISHED = "01"
HUNDREDTHS = 100  # an amount is in hundredths of a dong, though a dong has none
# VNPAY's own lengths, with room; the reference is ours, as `reference` writes it, and a payment has no other.
_NUMBER = re.compile(r"[0-9]{1,32}")
_NOT_BOOKED = "0"  # the transaction number of what never became one
_CODE = re.compile(r"[0-9]{2}")
_MOST = 10**15
_CURRENCY = re.compile(r"[A-Z]{3}")
_REFERENCE = re.compile(r"[0-9a-f]{32}")
_ID = re.compile(r"[ -~]{1,100}")
_GMT7 = timezone(timedelta(hours=7))
_STAMP = "%Y%m%d%H%M%S"


def reference(payment: Payment) -> str:
    """Return VNPAY's `vnp_TxnRef` of a payment: our name of it."""
    return UUID(payment.id).hex


def payment_id(parameters: Parameters) -> str:
    """Return the payment's id; what is none of ours as it is, so that it names nothing."""
    named = parameters.get("vnp_TxnRef", "")
    if _REFERENCE.fullmatch(named):
        return str(UUID(hex=named))
    return named if _ID.fullmatch(named) and not ids.is_id(named) else "-"


def transaction_number(parameters: Parameters) -> str | None:
    """Return VNPAY's own name of the money; None where none was booked."""
    number = parameters.get("vnp_TransactionNo", "")
    return number if _NUMBER.fullmatch(number) and number != _NOT_BOOKED else None


def code(parameters: Parameters, name: str) -> str:
    value = parameters.get(name, "")
    if not is_code(value):
        raise NotUnderstoodError(f"{name} is no code")
    return value


def is_code(text: str | None) -> bool:
    return bool(text and _CODE.fullmatch(text))


def amount(parameters: Parameters) -> Taken:
    """Return what is no whole number of dong as nothing, which is never the right amount."""
    hundredths, currency = whole(parameters.get("vnp_Amount", "")), parameters.get("vnp_CurrCode", Currency.VND)
    if hundredths is None or hundredths >= _MOST:
        raise NotUnderstoodError("vnp_Amount is no whole number that it could be")
    dong, rest = divmod(hundredths, HUNDREDTHS)
    return Taken(0 if rest else dong, currency if _CURRENCY.fullmatch(currency) else "")


def stamp(at: str) -> str:
    """Write a time as VNPAY does, in GMT+7."""
    moment: datetime = parse(at)
    return moment.astimezone(_GMT7).strftime(_STAMP)
