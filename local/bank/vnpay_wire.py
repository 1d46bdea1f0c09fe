"""VNPAY 2.1.0 on the wire: signatures and times."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from urllib.parse import quote_plus

GMT7 = timezone(timedelta(hours=7))
STAMP = "%Y%m%d%H%M%S"
STAMP_LENGTH = 14
UNSIGNED = frozenset({"vnp_SecureHash", "vnp_SecureHashType"})


def query(params: Mapping[str, str]) -> str:
    """Write the signed part: sorted by name, names and values quoted as forms quote them."""
    signed = sorted((name, value) for name, value in params.items() if name not in UNSIGNED)
    return "&".join(f"{quote_plus(name)}={quote_plus(value)}" for name, value in signed)


def signature(params: Mapping[str, str], secret: str) -> str:
    return hmac.new(secret.encode(), query(params).encode(), hashlib.sha512).hexdigest()


def is_signed(params: Mapping[str, str], secret: str) -> bool:
    claimed = params.get("vnp_SecureHash", "").lower()
    return hmac.compare_digest(claimed.encode(), signature(params, secret).encode())


def signed_url(url: str, params: Mapping[str, str], secret: str) -> str:
    """Put the signed parameters behind an address, which may have some of its own."""
    joint = "&" if "?" in url else "?"
    return f"{url}{joint}{query(params)}&vnp_SecureHash={signature(params, secret)}"


def as_text(question: object) -> dict[str, str]:
    """Return what a merchant asks in JSON as it is signed: clients write dates and amounts as numbers too."""
    if not isinstance(question, dict):
        return {}
    return {str(name): value if isinstance(value, str) else json.dumps(value) for name, value in question.items()}


def stamp(moment: datetime) -> str:
    return moment.astimezone(GMT7).strftime(STAMP)


def read_stamp(text: str) -> datetime:
    """Read a time in GMT+7. Raises ValueError."""
    if len(text) != STAMP_LENGTH or not text.isdecimal():
        raise ValueError(text)
    return datetime.strptime(text, STAMP).replace(tzinfo=GMT7)
