"""An e-mail address in the one form that all spellings of the same mailbox share."""

import re
import unicodedata
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from studio import rows, text

# Domains whose mailboxes are those of another, and what a provider overlooks in the part before the @.
_SAME: Mapping[str, str] = {
    "googlemail.com": "gmail.com",
    "protonmail.com": "proton.me",
    "protonmail.ch": "proton.me",
    "pm.me": "proton.me",
    "me.com": "icloud.com",
    "mac.com": "icloud.com",
    **dict.fromkeys(("ya.ru", "yandex.com", "yandex.by", "yandex.kz", "yandex.ua"), "yandex.ru"),
}
_ANSWERED = re.compile(r"[^@\s]+@[^@\s.]+(?:\.[^@\s.]+)+")  # what AWSEmail takes
_OVERLOOKED: Mapping[str, str] = {"gmail.com": ".", "proton.me": ".-_"}
_ALIKE: Mapping[str, tuple[str, str]] = {"yandex.ru": ("-", ".")}
LONGEST = 320  # in any standard; DynamoDB refuses a key of more than 2,048 bytes
# What marks comments, quotes and what is quoted by itself; no mailbox has any of these in its name.
_MARKS = '\\"()'
_IDEOGRAPHIC_STOP = "\u3002"  # the other dot of international domains, whose names begin so where they are encoded:
_ENCODED = "xn--"
_NO_LABEL = frozenset({*_MARKS, ".", "@", _IDEOGRAPHIC_STOP})


def mailbox(email: str) -> str:
    """Return the mailbox that an address leads to, as far as its spelling shows.

    What follows a plus is a tag everywhere: where it is not, two people would share what is given once.
    """
    name, _, domain = _folded(_bare(_folded(email))).rpartition("@")
    domain = _domain(domain)
    domain = _SAME.get(domain, domain)
    name = name.partition("+")[0] or name
    name = "".join(each for each in name if each not in _OVERLOOKED.get(domain, ""))
    if domain in _ALIKE:
        name = name.replace(*_ALIKE[domain])
    return f"{_folded(name)}@{domain}"  # what stood apart may compose now


def _folded(address: str) -> str:
    """Return text without case, width, spaces and what is not drawn."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", address).casefold())
    return unicodedata.normalize("NFKC", "".join(text.drawn(folded).split()))


def shown(email: str) -> str:
    """Return an address as AWSEmail takes it: as it is, without what is only another form of it, or its mailbox.

    Raises
    ------
    ValueError
        It is none of these.
    """
    for each in (email, "".join(unicodedata.normalize("NFKC", email).split()).rstrip("."), mailbox(email)):
        if _ANSWERED.fullmatch(each):
            return each
    raise ValueError("no address")


def checked_address(value: Any) -> str:
    """Read an address from a row."""
    shown(rows.text(value))
    return value


def kept(email: str, sub: str) -> str:
    """Return an address as a row keeps it: in small letters, or a stand-in where it is none that could be answered.

    Nobody reads what is sent to the stand-in: its domain never exists (RFC 2606).
    """
    lower = email.lower()
    with suppress(ValueError):
        if len(lower) <= LONGEST:
            return lower and checked_address(lower)
    return f"{sub}@unreadable.invalid"


def _bare(address: str) -> str:
    """Return an address without its comments and the marks of quoting (RFC 5322).

    Where a comment or a quote is never closed, all but the marks stays.
    """
    kept, depth, quoted, escaped = list[str](), 0, False, False
    for each in address:
        if escaped or each not in _MARKS:
            kept.append("" if depth else each)
            escaped = False
        elif each == "\\":
            escaped = True
        elif each == '"':
            quoted = quoted != (depth == 0)
        elif not quoted:
            depth = max(0, depth + (1 if each == "(" else -1))
    whole = address if depth or quoted else "".join(kept)
    return "".join(each for each in whole if each not in _MARKS)


def _domain(domain: str) -> str:
    """Return a domain in its own letters, however it was written; empty labels, as the last one, say nothing."""
    labels = domain.replace(_IDEOGRAPHIC_STOP, ".").split(".")
    return ".".join(_decoded(label) for label in labels if label)


def _decoded(label: str) -> str:
    if not label.startswith(_ENCODED):
        return label
    try:
        decoded = _folded(label.removeprefix(_ENCODED).encode("ascii").decode("punycode"))
    except UnicodeError:
        return label
    fit = decoded and text.is_whole(decoded) and not decoded.startswith(_ENCODED) and not _NO_LABEL & {*decoded}
    return decoded if fit else label
