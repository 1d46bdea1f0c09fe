"""Every test has one clock, its world's; the code asks for the time in one place."""

import ast
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from time_machine import escape_hatch

from studio import clock
from tests.conftest import DAYS_AHEAD
from tests.unit.world import NOON, World

ROOT = Path(__file__).parents[2]
ROOMS = ("studio", "resolvers", "workers")
CLOCK = ROOT / "studio/clock.py"
ASKING = {"now", "utcnow", "today", "time", "time_ns", "gmtime", "localtime", "ctime", "asctime"}
CLOCKS = {"datetime", "date", "time", "dt"}


def askers(source: str) -> Iterator[int]:
    """Yield the lines that ask the system what day it is. How long something takes may be asked anywhere."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case (
                ast.Attribute(value=ast.Name(id=owner), attr=name)
                | ast.Attribute(value=ast.Attribute(attr=owner), attr=name)
            ) if owner in CLOCKS and name in ASKING:
                yield node.lineno
            case ast.ImportFrom(module="time", names=names) if ASKING & {each.name for each in names}:
                yield node.lineno
            case _:
                pass


@pytest.mark.parametrize("room", ROOMS)
def test_the_time_is_asked_for_in_one_place(room: str) -> None:
    files = [path for path in (ROOT / room).rglob("*.py") if path != CLOCK]
    assert files
    found = [f"{path.relative_to(ROOT)}:{line}" for path in files for line in askers(path.read_text())]
    assert found == [], "ask studio.clock.now()"


@pytest.mark.parametrize(
    ("line", "asks"),
    [
        ("datetime.now(UTC)", True),
        ("datetime.datetime.utcnow()", True),
        ("x = field(default_factory=datetime.now)", True),
        ("date.today()", True),
        ("time.time()", True),
        ("from time import monotonic, time", True),
        ("time.monotonic()", False),
        ("clock.now()", False),
        ("self.now()", False),
        ("event.time", False),
    ],
)
def test_who_asks(line: str, asks: bool) -> None:
    assert bool(list(askers(line))) == asks


def test_the_clock_is_the_one_place() -> None:
    assert list(askers(CLOCK.read_text()))


def test_all_clocks_are_the_worlds(world: World) -> None:
    assert world.time == NOON == clock.now() == datetime.now(UTC)
    world.later(90)
    assert time.time() == NOON.timestamp() + 90
    world.clear()
    assert clock.now() == NOON


def test_without_a_world_it_is_two_years_later() -> None:
    ahead = clock.now() - escape_hatch.datetime.datetime.now(UTC)
    assert abs(ahead - timedelta(days=DAYS_AHEAD)) < timedelta(minutes=1)


@pytest.mark.system_date
def test_where_others_are_asked_it_is_the_systems_date() -> None:
    assert not escape_hatch.is_travelling()


@pytest.mark.system_date
def test_a_world_is_where_others_are_asked(world: World) -> None:
    away = escape_hatch.datetime.datetime.now(UTC) - world.time
    assert timedelta(0) <= away < timedelta(minutes=1)
