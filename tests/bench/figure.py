"""What a measurement gives: a value, the floor it was held against in the same run, and the goal."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any


@dataclass(frozen=True)
class Figure:
    """One figure. Its goal is the most that `ratio` may be where `by_ratio`, else `value`; without one it informs."""

    name: str
    value: float
    unit: str
    floor: float | None = None
    ratio: float | None = None
    goal: float | None = None
    by_ratio: bool = False

    @property
    def met(self) -> bool | None:
        held = self.ratio if self.by_ratio else self.value
        return None if self.goal is None or held is None else held <= self.goal

    def to_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "value": self.value,
            "unit": self.unit,
            "floor": self.floor,
            "ratio": self.ratio,
            "goal": self.goal,
            "met": self.met,
        }


def plain(name: str, value: float, unit: str, *, floor: float | None = None, goal: float | None = None) -> Figure:
    """Make a figure whose goal, if any, is of the value itself."""
    return Figure(name, value, unit, floor, value / floor if floor else None, goal)


def paired(name: str, values: Sequence[float], floors: Sequence[float], unit: str, goal: float) -> Figure:
    """Make a figure whose goal is of the ratio: the median over pairs that were measured one after the other.

    What else runs on the machine slows both of a pair down, and so drops out of their ratio.
    """
    ratio = median(value / floor for value, floor in zip(values, floors, strict=True))
    return Figure(name, median(values), unit, median(floors), ratio, goal, by_ratio=True)
