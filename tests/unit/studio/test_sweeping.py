"""The one loop of sweeps, batches and queues: what fails is counted, put off and holds up nothing else."""

from datetime import timedelta
from typing import Any

import pytest

from studio.clock import millis
from studio.sweeping import FIRST_PAUSE, LONGEST_PAUSE, each, pause, put_off
from tests.unit.world import NOON, World


def test_one_that_fails_keeps_none_waiting_and_is_put_off(caplog: pytest.LogCaptureFixture) -> None:
    done: list[int] = []
    waits: list[int] = []

    def act(number: int) -> None:
        done.append(10 // number)

    assert each([1, 0, 2], act, what="number", name=str, put_off=waits.append) == [0]
    assert (done, waits) == ([10, 5], [0])
    (line,) = caplog.records
    assert (line.levelname, vars(line)["what"], vars(line)["item"]) == ("ERROR", "number", "0")
    assert "ZeroDivisionError" in caplog.text


def test_what_can_neither_be_named_nor_put_off_keeps_none_waiting_either() -> None:
    def fail(*_: Any) -> Any:
        raise OSError

    done: list[int] = []

    def act(number: int) -> None:
        if number == 1:
            fail()
        done.append(number)

    assert each([1, 2], act, what="number", name=fail, put_off=fail) == [1]
    assert done == [2]


def test_a_pause_grows_up_to_the_longest() -> None:
    pauses = [pause(tries) for tries in range(1, 100)]
    assert pauses[:3] == [FIRST_PAUSE, 2 * FIRST_PAUSE, 4 * FIRST_PAUSE]
    assert pauses == sorted(pauses)
    assert pauses[-1] == LONGEST_PAUSE
    assert pause(50, longest=timedelta(hours=6)) == timedelta(hours=6)


def row(world: World, **given: Any) -> dict[str, Any]:
    world.joined()
    job = world.generate()[0]
    found = world.jobs.get({"id": job.id})
    assert found
    return {**found, **given}


def test_a_row_is_put_off_by_its_due(world: World) -> None:
    seen = row(world)
    put_off(world.jobs, seen, NOON)
    once = world.jobs.get({"id": seen["id"]})
    assert once
    assert (once["due"], once["tries"]) == (millis(NOON + FIRST_PAUSE), 1)
    put_off(world.jobs, once, NOON)
    twice = world.jobs.get({"id": seen["id"]})
    assert twice
    assert (twice["due"], twice["tries"]) == (millis(NOON + 2 * FIRST_PAUSE), 2)


def test_a_row_that_went_on_meanwhile_is_left_alone(world: World) -> None:
    stale = row(world, due=1)
    put_off(world.jobs, stale, NOON)
    assert "tries" not in (world.jobs.get({"id": stale["id"]}) or {})


def test_it_is_looked_at_again_by_the_latest_time_that_it_has(world: World) -> None:
    soon = millis(NOON + timedelta(seconds=5))
    seen = row(world)
    put_off(world.jobs, seen, NOON, soon)
    assert (world.jobs.get({"id": seen["id"]}) or {})["due"] == soon
