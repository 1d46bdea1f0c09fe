"""A small chaos run, on a stack of its own: see tests/chaos."""

from pathlib import Path

from studio.jobs.model import JobErrorCode
from tests.chaos import plan, table
from tests.chaos.causes import OF_TROUBLE, Causes
from tests.chaos.run import run

JOBS = 30


async def test_every_promise_holds_while_everything_fails(tmp_path: Path) -> None:
    report = await run(plan.make(seed=7, jobs=JOBS), tmp_path)
    assert not report.verdict.broken, "\n".join(table.lines(report))
    assert sum(report.verdict.ends.values()) == JOBS
    assert sum(report.verdict.orders.values()) == len(report.plan.orders)
    assert report.injected["stream records repeated"] > 0


def test_only_what_a_fault_explains_is_a_failure_that_passes() -> None:
    requests = [
        plan.Request(0, 0, f"chaos-{i:04d}-", 1, trouble, (), None, twice=False) for i, trouble in enumerate(OF_TROUBLE)
    ]
    marks = {each.trouble: each.mark for each in requests}

    def explained(
        code: str, trouble: str = "fine", killed: int = 1, claims: int = 1, refused: str = "/m/results/b"
    ) -> bool:
        job = {
            "errorCode": code,
            "claims": claims,
            "prefixes": ["results/a/1"],
            "spec": {"prompt": f"{marks[trouble]}x"},
        }
        return Causes(requests, killed, frozenset({refused})).explain(job)

    for code in JobErrorCode:
        by = {trouble for trouble in OF_TROUBLE if explained(code, trouble)}
        assert by == ({*OF_TROUBLE} if code == "TIMED_OUT" else {t for t, ends in OF_TROUBLE.items() if code in ends})
    assert explained("INTERNAL", claims=3)
    assert not explained("INTERNAL", claims=3, killed=0), "no worker died"
    assert not explained("INTERNAL", claims=2), "the next would have made it"
    assert explained("INTERNAL", refused="/media/results/a/1/original.png")
    assert not explained("INTERNAL", refused="/media/results/a/2/original.png"), "of another job"


def test_every_trouble_of_a_plan_has_its_ends() -> None:
    assert {each.trouble for each in plan.make(7, 2000).requests} == {*OF_TROUBLE}


def test_a_seed_makes_one_plan() -> None:
    assert plan.make(7, 300) == plan.make(7, 300) != plan.make(8, 300)
    made = plan.make(7, 300)
    assert sum(each.count for each in made.requests) == 300
    assert all(0 <= window.at < window.at + window.seconds <= made.seconds for window in made.store_away)
