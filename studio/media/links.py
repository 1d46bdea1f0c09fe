"""Links to files: signed here, and checked in front of the bucket by `infra/edge/links.js`."""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote, urlencode

from studio.media.model import LinkedFile


@dataclass(frozen=True)
class Link:
    """A signed URL that anyone may use until it expires."""

    url: str
    expires_at: datetime


@dataclass(frozen=True)
class Links:
    """Signs links that begin with `base`; `key` gives the key to sign with now.

    The type of a file is not in them: every object has its own.
    """

    base: str
    key: Callable[[], str]

    def link(self, file: LinkedFile, seconds: int, now: datetime, *, attachment: str | None = None) -> Link:
        """Sign a GET that lasts for `seconds` at least, and for less than twice as long.

        In each such time the link is the same, so that whoever has the picture need not fetch it again. A browser saves
        an `attachment` under that name: 1 to 100 ASCII letters, digits, dots, - and _.
        """
        expires = (int(now.timestamp()) // seconds + 2) * seconds
        given = {"expires": str(expires)} | ({"attachment": attachment} if attachment else {})
        path = f"/{quote(file.key)}"
        query = urlencode({**given, "signature": self._signature("\n".join((path, *given.values())))})
        return Link(f"{self.base}{path}?{query}", datetime.fromtimestamp(expires, UTC))

    def _signature(self, text: str) -> str:
        digest = hmac.digest(self.key().encode(), text.encode(), hashlib.sha256)
        return urlsafe_b64encode(digest).rstrip(b"=").decode()
