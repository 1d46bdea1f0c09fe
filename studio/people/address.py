"""An e-mail address in the one form that all spellings of the same mailbox share."""

import unicodedata
from collections.abc import Mapping

# Domains whose mailboxes are those of another, and what a provider overlooks in the part before the @.
_SAME: Mapping[str, str] = {
    "googlemail.com": "gmail.com",
    "protonmail.com": "proton.me",
    "protonmail.ch": "proton.me",
    "pm.me": "proton.me",
    "me.com": "icloud.com",
    "mac.com": "icloud.com",
}
_OVERLOOKED: Mapping[str, str] = {"gmail.com": ".", "proton.me": ".-_"}


def mailbox(email: str) -> str:
    """Return the mailbox that an address leads to, as far as its spelling tells.

    What follows a plus is a tag everywhere: where it is not, two people would share what is given once.
    """
    # Folding makes spaces of some marks; no mailbox has any, nor quotes that mean something.
    name, _, domain = "".join(_folded(email).split()).replace('"', "").rpartition("@")
    domain = _ascii(domain).rstrip(".")
    domain = _SAME.get(domain, domain)
    name = name.partition("+")[0] or name
    name = "".join(each for each in name if each not in _OVERLOOKED.get(domain, ""))
    return _folded(f"{name}@{domain}")  # what stood apart may compose now


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def _ascii(domain: str) -> str:
    """Return an international domain as mail servers know it."""
    try:
        return domain if domain.isascii() else domain.encode("idna").decode()
    except UnicodeError:
        return domain
