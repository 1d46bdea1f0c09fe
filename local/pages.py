"""Pages of the stand-ins: templates whose values are escaped."""

from functools import cached_property
from html import escape
from pathlib import Path
from string import Template
from typing import Final

from aiohttp import web

STYLE: Final = Path(__file__).with_name("pages.css")


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


def join(parts: list[Safe]) -> Safe:
    return Safe("".join(parts))


def page(html: Safe) -> web.Response:
    return web.Response(text=html, content_type="text/html", headers={"Cache-Control": "no-store"})
