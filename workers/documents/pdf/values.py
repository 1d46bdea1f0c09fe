"""PDF's own notation of numbers, texts, dates and dictionaries."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Final

Value = str | int | float | bool | Mapping[str, "Value"] | Sequence["Value"]
POINTS_A_MM: Final = 72 / 25.4
_DIGITS: Final = 4  # of a point: a hundredth of what a printer of 2,400 dpi can show


def written(value: Value) -> str:
    """Write a value; a text is taken as it is: a name, a reference, or what `text` made."""
    match value:
        case bool():
            return str(value).lower()
        case int() | float():
            return number(value)
        case str():
            return value
        case Mapping():
            return f"<<{''.join(f'/{key} {written(each)}' for key, each in value.items())}>>"
        case _:
            return f"[{' '.join(map(written, value))}]"


def number(value: float) -> str:
    return f"{value:.{_DIGITS}f}".rstrip("0").rstrip(".") if value % 1 else str(int(value))


def numbers(*values: float) -> str:
    return " ".join(map(number, values))


def reference(object_: int) -> str:
    return f"{object_} 0 R"


def text(value: str) -> str:
    """Write what people read, as UTF-16 in hexadecimal: no character of it can end it."""
    return f"<FEFF{utf16(value)}>"


def utf16(value: str) -> str:
    return value.encode("utf-16-be", "replace").hex().upper()


def date(moment: datetime) -> str:
    return f"(D:{moment.astimezone(UTC):%Y%m%d%H%M%S}Z)"
