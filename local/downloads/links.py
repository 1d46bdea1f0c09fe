"""Which links open something, as `infra/edge/links.js` tells."""

import hashlib
import hmac
import re
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from typing import Final

EXPIRES: Final = re.compile(r"[0-9]{1,12}")


def is_good(path: str, query: Mapping[str, str], key: str, now: float) -> bool:
    """Tell whether a link was signed with this key, and lasts; `path` is as it was sent, `now` in seconds."""
    expires, signature = query.get("expires", ""), query.get("signature", "")
    if not key or not EXPIRES.fullmatch(expires) or int(expires) <= now:
        return False
    named = [query["attachment"]] if "attachment" in query else []
    digest = hmac.digest(key.encode(), "\n".join([path, expires, *named]).encode(), hashlib.sha256)
    return hmac.compare_digest(urlsafe_b64encode(digest).rstrip(b"="), signature.encode())
