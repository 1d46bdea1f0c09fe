"""VNPAY's signature of parameters.

VNPAY's samples differ about empty values: those for Java and C# leave them out of what is signed, those for PHP, Python
and Node sign them. We send none, and take a notice that is signed either way: an empty value says nothing to us.
"""

import hashlib
import hmac
from collections.abc import Iterable, Mapping
from urllib.parse import parse_qsl, quote_plus

from studio.payments.providers.vnpay.values import Parameters

SIGNATURE = "vnp_SecureHash"
_UNSIGNED = frozenset({SIGNATURE, "vnp_SecureHashType"})
_CODES = frozenset({"vnp_ResponseCode", "vnp_TransactionStatus"})


def canonical(parameters: Parameters) -> str:
    """Return the text that is signed: sorted by name, names and values as a form writes them."""
    signed = sorted((name, value) for name, value in parameters.items() if name not in _UNSIGNED)
    return "&".join(f"{quote_plus(name)}={quote_plus(value)}" for name, value in signed)


def signature(parameters: Parameters, secret: Mapping[str, str]) -> str:
    return sealed(canonical(parameters), secret)


def sealed(text: str, secret: Mapping[str, str]) -> str:
    return hmac.new(secret["hashSecret"].encode(), text.encode(), hashlib.sha512).hexdigest()


def verified(query: str, secrets: Iterable[Mapping[str, str]]) -> dict[str, str] | None:
    """Return the parameters of a notice that VNPAY signed, or None; empty ones and others than its own are left out."""
    pairs = [(name, value) for name, value in parse_qsl(query, keep_blank_values=True) if name.startswith("vnp_")]
    parameters = dict(pairs)
    if len(pairs) != len(parameters):
        return None  # of two values of one name, others may read the other one
    claimed = parameters.get(SIGNATURE, "").lower().encode()
    # All of them are tried, so that the time taken says nothing.
    good = [
        hmac.compare_digest(claimed, signature(candidate, secret).encode())
        for secret in secrets
        for candidate in (parameters, _filled(parameters))
    ]
    signed = {name: value for name, value in _filled(parameters).items() if name not in _UNSIGNED}
    return signed if any(good) and _is_notice(signed) else None


def _filled(parameters: Parameters) -> dict[str, str]:
    return {name: value for name, value in parameters.items() if value}


def _is_notice(parameters: Parameters) -> bool:
    """Tell VNPAY's words from our own, such as a pay page's address: the same secret signs what we ask for."""
    return "vnp_Command" not in parameters and parameters.keys() >= _CODES


def digest(parameters: Parameters) -> str:
    """Return the name of a notice, which VNPAY gives none: the same again is the same notice."""
    return hashlib.sha256(canonical(parameters).encode()).hexdigest()


def is_ours(parameters: Parameters, secrets: Iterable[Mapping[str, str]]) -> bool:
    """Tell whether a notice is of our terminal: who is signed for may have others."""
    return parameters.get("vnp_TmnCode") in {secret["tmnCode"] for secret in secrets}
