"""A small chaos run, on a stack of its own: see tests/chaos."""

from pathlib import Path

from tests.chaos import plan, table
from tests.chaos.run import run

JOBS = 30


async def test_every_promise_holds_while_everything_fails(tmp_path: Path) -> None:
    report = await run(plan.make(seed=7, jobs=JOBS), tmp_path)
    assert not report.verdict.broken, "\n".join(table.lines(report))
    assert sum(report.verdict.ends.values()) == JOBS
    assert report.injected["stream records repeated"] > 0


def test_a_seed_makes_one_plan() -> None:
    assert plan.make(7, 300) == plan.make(7, 300) != plan.make(8, 300)
    made = plan.make(7, 300)
    assert sum(order.count for order in made.orders) == 300
    assert all(0 <= window.at < window.at + window.seconds <= made.seconds for window in made.store_away)
