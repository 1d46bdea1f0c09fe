"""Pages of the stand-ins: templates whose values are escaped, in one frame with one style."""

from functools import cached_property
from html import escape
from pathlib import Path
from string import Template
from typing import Final

from aiohttp import web

_FRAME: Final = Path(__file__).with_name("frame")


_NEWEST: Final = 3


class Safe(str):
    """Text that is HTML already."""

    __slots__ = ()


class Templates:
    """The templates of a folder, each read once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @cached_property
    def _read(self) -> dict[str, Template]:
        return {path.name: Template(path.read_text()) for path in self._folder.glob("*.html")}

    def fill(self, name: str, /, **values: object) -> Safe:
        """Fill a template; what is not Safe is escaped."""
        escaped = {key: value if isinstance(value, Safe) else escape(str(value)) for key, value in values.items()}
        return Safe(self._read[name].substitute(escaped))


_fill = Templates(_FRAME).fill


def frame(title: str, note: str, body: Safe, *, look: str, lang: str = "en") -> Safe:
    """Put a body into the page that all have in common; `note` says that it stands in for something."""
    style, script = (Safe((_FRAME / name).read_text()) for name in ("style.css", "script.js"))
    return _fill("frame.html", title=title, note=note, body=body, look=look, lang=lang, style=style, script=script)


def join(parts: list[Safe]) -> Safe:
    return Safe("".join(parts))


def opened(is_under_way: bool, place: int) -> Safe:  # noqa: FBT001 - what it is told is its whole business
    """Return the attribute of a desk's card: what is under way is open, and so are the newest."""
    return Safe(" open" if is_under_way or place < _NEWEST else "")


def page(html: Safe) -> web.Response:
    return web.Response(text=html, content_type="text/html", headers={"Cache-Control": "no-store"})
