"""What a prompt asks for, read word by word."""

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeVar

from local.models.render.colour import Colour
from local.models.render.words import COLOURS, SCENES, STYLES, SUBJECT_SCENES, SUBJECTS, TIMES, WEATHER

NEGATIVE = re.compile(
    r"\b(?:avoid|without|exclude|excluding|do not include|don't include|no|negative prompt)\b\s*:?([^.;\n]*)",
    re.IGNORECASE,
)
WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
MAX_SUBJECTS = 3
BACKDROPS = ("mountains", "hills", "snow")
WATERS = ("lake", "sea")  # they have a backdrop of their own: a lake in the mountains is a lake
T = TypeVar("T")


@dataclass(frozen=True)
class Brief:
    """A prompt's wishes; None or empty where it says nothing."""

    text: str
    time: str | None
    scene: str | None
    subjects: tuple[str, ...]
    style: str | None
    tints: tuple[Colour, ...]
    weather: frozenset[str]


def read_brief(prompt: str) -> Brief:
    """Read a prompt; what it says to avoid counts as not said."""
    words = _words(NEGATIVE.sub(" ", prompt))
    unwanted = {word for found in NEGATIVE.findall(prompt) for word in _words(found)}
    subjects = tuple(dict.fromkeys(_found(words, SUBJECTS)))[:MAX_SUBJECTS]
    weather = frozenset(_found(words, WEATHER)) - frozenset(_found(list(unwanted), WEATHER))
    return Brief(
        text=" ".join(prompt.split()),
        time="night" if "aurora" in weather else _first(_found(words, TIMES)),
        scene=_scene(_found(words, SCENES), subjects),
        subjects=subjects,
        style=_first(_found(words, STYLES)),
        tints=tuple(dict.fromkeys(_found([word for word in words if word not in SCENES], COLOURS)))[:2],
        weather=weather,
    )


def _scene(named: list[str], subjects: tuple[str, ...]) -> str | None:
    first = _first(named)
    if first in BACKDROPS:
        return _first([name for name in named if name in WATERS]) or first
    return first or _first([SUBJECT_SCENES[name] for name in subjects if name in SUBJECT_SCENES])


def _words(text: str) -> list[str]:
    found = [word.lower() for word in WORD.findall(text)]
    pairs = [f"{first} {second}" for first, second in pairwise(found)]
    return [*pairs, *found]


def _found(words: list[str], names: dict[str, T]) -> list[T]:
    forms = ((word, word.removesuffix("s"), word.removesuffix("es")) for word in words)
    return [names[form] for tries in forms for form in tries if form in names]


def _first(found: list[T]) -> T | None:
    return found[0] if found else None
