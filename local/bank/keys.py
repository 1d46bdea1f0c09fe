"""The merchant's keys at both providers, read again whenever they are needed: a rotation is a new file."""

import json
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Keys:
    """What the merchant and the providers share."""

    tmn_code: str
    hash_secret: str
    api_key: str
    refunds_key: str
    webhook_secret: str

    @classmethod
    def read(cls, path: Path) -> "Keys":
        """Read a file of keys. Raises OSError, KeyError, TypeError or ValueError."""
        kept = json.loads(path.read_text())
        vnpay, stripe = kept["vnpay"], kept["stripe"]
        return cls(
            tmn_code=vnpay["tmnCode"],
            hash_secret=vnpay["hashSecret"],
            api_key=stripe["apiKey"],
            refunds_key=stripe["refundsKey"],
            webhook_secret=stripe["webhookSecret"],
        )


class KeyFile:
    """The file of the keys; while it cannot be read (half written, say) the last keys hold."""

    def __init__(self, path: Path) -> None:
        """Read it once. Raises what Keys.read raises: without keys there is no merchant."""
        self._path = path
        self._last = Keys.read(path)

    @property
    def now(self) -> Keys:
        with suppress(OSError, KeyError, TypeError, ValueError):
            self._last = Keys.read(self._path)
        return self._last
