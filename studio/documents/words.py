"""The few words of our own in an album, in a person's language."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from studio.people.model import Language

# What the front and the back cover are called.
COVERS: Final[Mapping[Language, tuple[str, str]]] = {
    Language.EN: ("Cover", "Back cover"),
    Language.VI: ("Bìa", "Bìa sau"),
}


def written(day: date, language: Language) -> str:
    """Write a date as people do."""
    if language == Language.VI:
        return f"Ngày {day.day} tháng {day.month} năm {day.year}"
    return f"{day.day} {day:%B} {day.year}"
