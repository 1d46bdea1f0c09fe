"""An address as SES takes it."""

import re

_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*", re.ASCII)
_DOMAIN = re.compile(r"(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}", re.ASCII)
_LONGEST = 64
_NOWHERE = ".invalid"  # of stand-ins: mail to it would only come back


def sent_as(email: str) -> str | None:
    """Return an address in ASCII, its domain encoded; None for one that SES cannot write to, or that could be several.

    SES does not write to names beyond ASCII (RFC 6531).
    """
    local, _, domain = email.rpartition("@")
    try:
        domain = domain.lower().encode("idna").decode()
    except UnicodeError:
        return None
    fits = (
        len(local) <= _LONGEST
        and not domain.endswith(_NOWHERE)
        and _LOCAL.fullmatch(local)
        and _DOMAIN.fullmatch(domain)
    )
    return f"{local}@{domain}" if fits else None
