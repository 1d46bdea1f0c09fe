"""What a picture that somebody brings says of how it came to be, before that is taken out of it."""

from dataclasses import dataclass
from typing import Final

from aws_lambda_powertools.logging import Logger

from studio.clock import iso, parse
from studio.functions import Function
from studio.media.item import origin_from_item
from studio.media.model import Origin, Provenance
from workers.imaging.headers.header import Header
from workers.imaging.mark import mark_in
from workers.imaging.xmp import has_manifest

SECONDS: Final = 22.0
_LONGEST: Final = 100  # characters of a model's name

log = Logger()


@dataclass(frozen=True)
class Origins:
    """Reads marks itself; content credentials are looked at by `check`, a function of their own."""

    check: Function

    def find(self, key: str, content: bytes, header: Header) -> Origin | None:
        """Return what a sound file says of its origin, if anything; it lies under this key still."""
        found = self._credentials(key, header) if has_manifest(content, header) else None
        found = found or _marked(content, header)
        return _bounded(found) if found else None

    def _credentials(self, key: str, header: Header) -> Origin | None:
        try:
            answer = self.check.call({"key": key, "contentType": header.content_type})
        except Exception:
            log.exception("content credentials could not be looked at")
            return None
        return origin_from_item(answer) if answer else None


def _marked(content: bytes, header: Header) -> Origin | None:
    mark = mark_in(content, header)
    return Origin(Provenance.MARK_FOUND, mark.made_at, mark.system) if mark else None


def _bounded(origin: Origin) -> Origin:
    """Return what can be shown of what anybody may have written: a time that is one, and a short name."""
    model = origin.model if origin.model and len(origin.model) <= _LONGEST and origin.model.isprintable() else None
    return Origin(origin.provenance, _time(origin.made_at), model)


def _time(text: str | None) -> str | None:
    try:
        return iso(parse(text)) if text else None
    except (ValueError, OverflowError):
        return None
