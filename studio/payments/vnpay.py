"""VNPAY 2.1.0: the signed address of its pay page, and what its notices say.

VNPAY's samples differ about empty values: those for Java and C# leave them out of what is signed, those for PHP, Python
and Node sign them. We send none, and take a notice that is signed either way: an empty value says nothing to us.
"""

import hashlib
import hmac
import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta, timezone
from urllib.parse import parse_qsl, quote_plus
from uuid import UUID

from studio.clock import parse
from studio.money import Currency
from studio.numbers import whole
from studio.payments.model import Payment
from studio.payments.rules import Notice, NotUnderstoodError, Result
from studio.payments.transactions import Taken

Parameters = Mapping[str, str]

_SIGNATURE = "vnp_SecureHash"
_UNSIGNED = frozenset({_SIGNATURE, "vnp_SecureHashType"})
_CODES = frozenset({"vnp_ResponseCode", "vnp_TransactionStatus"})
_GMT7 = timezone(timedelta(hours=7))
_STAMP = "%Y%m%d%H%M%S"
VERSION = "2.1.0"
_HUNDREDTHS = 100  # an amount is in hundredths of a dong, though a dong has none
OK = "00"
# As a response code: the money was taken, but is suspected. As a status: taken at the bank but not booked; suspected.
_SUSPECTED, _HALF_DONE = "07", "04"
UNFINISHED = "01"
_NOT_BOOKED = "0"  # the transaction number of what never became one
# VNPAY's own lengths, with room; the reference is ours, as `reference` writes it, and a payment has no other.
_NUMBER = re.compile(r"[0-9]{1,32}")
_CODE = re.compile(r"[0-9]{2}")
_MOST = 10**15
_CURRENCY = re.compile(r"[A-Z]{3}")
_REFERENCE = re.compile(r"[0-9a-f]{32}")
_ID = re.compile(r"[ -~]{1,100}")


def pay_url(base: str, payment: Payment, ip: str, secret: Mapping[str, str]) -> str:
    """Return where the payer pays; whoever changes a parameter breaks the signature."""
    given = {
        "vnp_Version": VERSION,
        "vnp_Command": "pay",
        "vnp_TmnCode": secret["tmnCode"],
        "vnp_Amount": str(payment.amount.minor * _HUNDREDTHS),
        "vnp_CreateDate": stamp(payment.created_at),
        "vnp_ExpireDate": stamp(payment.expires_at),
        "vnp_CurrCode": payment.amount.currency,
        "vnp_IpAddr": ip,
        "vnp_Locale": "vn",
        "vnp_OrderInfo": f"NamO Studio {payment.points} points",
        "vnp_OrderType": "other",
        "vnp_ReturnUrl": payment.return_url,
        "vnp_TxnRef": reference(payment),
    }
    return f"{base}?{canonical(given)}&{_SIGNATURE}={signature(given, secret)}"


def canonical(parameters: Parameters) -> str:
    """Return the text that is signed: sorted by name, names and values as a form writes them."""
    signed = sorted((name, value) for name, value in parameters.items() if name not in _UNSIGNED)
    return "&".join(f"{quote_plus(name)}={quote_plus(value)}" for name, value in signed)


def signature(parameters: Parameters, secret: Mapping[str, str]) -> str:
    return sealed(canonical(parameters), secret)


def sealed(text: str, secret: Mapping[str, str]) -> str:
    return hmac.new(secret["hashSecret"].encode(), text.encode(), hashlib.sha512).hexdigest()


def reference(payment: Payment) -> str:
    """Return VNPAY's `vnp_TxnRef` of a payment: our name of it."""
    return UUID(payment.id).hex


def _filled(parameters: Parameters) -> dict[str, str]:
    return {name: value for name, value in parameters.items() if value}


def verified(query: str, secrets: Iterable[Mapping[str, str]]) -> dict[str, str] | None:
    """Return the parameters of a notice that VNPAY signed, or None; empty ones and others than its own are left out."""
    pairs = [(name, value) for name, value in parse_qsl(query, keep_blank_values=True) if name.startswith("vnp_")]
    parameters = dict(pairs)
    if len(pairs) != len(parameters):
        return None  # of two values of one name, others may read the other one
    claimed = parameters.get(_SIGNATURE, "").lower().encode()
    # All of them are tried, so that the time taken says nothing.
    good = [
        hmac.compare_digest(claimed, signature(signed, secret).encode())
        for secret in secrets
        for signed in (parameters, _filled(parameters))
    ]
    told = {name: value for name, value in _filled(parameters).items() if name not in _UNSIGNED}
    return told if any(good) and _is_notice(told) else None


def _is_notice(told: Parameters) -> bool:
    """Tell VNPAY's words from our own, such as a pay page's address: the same secret signs what we ask for."""
    return "vnp_Command" not in told and told.keys() >= _CODES


def digest(parameters: Parameters) -> str:
    """Return the name of a notice, which VNPAY gives none: the same again is the same notice."""
    return hashlib.sha256(canonical(parameters).encode()).hexdigest()


def is_ours(parameters: Parameters, secrets: Iterable[Mapping[str, str]]) -> bool:
    """Tell whether a notice is of our terminal: who is signed for may have others."""
    return parameters.get("vnp_TmnCode") in {secret["tmnCode"] for secret in secrets}


def read(parameters: Parameters) -> Notice:
    """Say what a verified notice says.

    Raises
    ------
    NotUnderstoodError
        Its amount or its codes are none; or it says that it was paid, and not by which transaction.
    """
    number, result = parameters.get("vnp_TransactionNo", ""), result_of(parameters)
    booked = _NUMBER.fullmatch(number) and number != _NOT_BOOKED
    if result == Result.PAID and not booked:
        raise NotUnderstoodError("vnp_TransactionNo is no transaction's number")
    return Notice(
        payment_id=payment_id(parameters),
        reference=number if result == Result.PAID else None,
        amount=_amount(parameters),
        result=result,
    )


def result_of(parameters: Parameters) -> Result | None:
    """Say what came of the attempt, None while nothing did. Only both codes together say that it was paid."""
    code, status = _code(parameters, "vnp_ResponseCode"), _code(parameters, "vnp_TransactionStatus")
    if (code, status) == (OK, OK):
        return Result.PAID
    if code == _SUSPECTED or status in {_SUSPECTED, _HALF_DONE}:
        return Result.SUSPECTED
    return None if status == UNFINISHED else Result.FAILED


def payment_id(parameters: Parameters) -> str:
    """Return the payment's id; what is none of ours as it is, so that it names nothing."""
    reference = parameters.get("vnp_TxnRef", "")
    if _REFERENCE.fullmatch(reference):
        return str(UUID(hex=reference))
    return reference if _ID.fullmatch(reference) else "-"


def _code(parameters: Parameters, name: str) -> str:
    code = parameters.get(name, "")
    if not is_code(code):
        raise NotUnderstoodError(f"{name} is no code")
    return code


def is_code(text: str | None) -> bool:
    return bool(text and _CODE.fullmatch(text))


def _amount(parameters: Parameters) -> Taken:
    """Return what is no whole number of dong as nothing, which is never the right amount."""
    hundredths, currency = whole(parameters.get("vnp_Amount", "")), parameters.get("vnp_CurrCode", Currency.VND)
    if hundredths is None or hundredths >= _MOST:
        raise NotUnderstoodError("vnp_Amount is no whole number that it could be")
    dong, rest = divmod(hundredths, _HUNDREDTHS)
    return Taken(0 if rest else dong, currency if _CURRENCY.fullmatch(currency) else "")


def stamp(at: str) -> str:
    """Write a time as VNPAY does, in GMT+7."""
    moment: datetime = parse(at)
    return moment.astimezone(_GMT7).strftime(_STAMP)
