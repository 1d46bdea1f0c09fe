"""The merchant's key, read again whenever it is needed: a rotation is a new file."""

import hmac
import json
from contextlib import suppress
from pathlib import Path


class KeyFile:
    """The file of the key; while it cannot be read (half written, say) the last key holds."""

    def __init__(self, path: Path) -> None:
        """Read it once. Raises OSError, KeyError, TypeError or ValueError: without a key there is no merchant."""
        self._path = path
        self._last = _read(path)

    def opens(self, given: str) -> bool:
        """Tell whether this is the key."""
        with suppress(OSError, KeyError, TypeError, ValueError):
            self._last = _read(self._path)
        return hmac.compare_digest(given.encode(), self._last)


def _read(path: Path) -> bytes:
    return json.loads(path.read_text())["apiKey"].encode()
