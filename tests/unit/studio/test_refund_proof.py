"""A refund believes the ledger and the request, whatever stands in the job's row."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studio.alarms import Alarm
from studio.catalogue import data
from studio.checks.charges import ChargeCheck
from studio.dynamo import update
from studio.jobs import states
from studio.jobs.model import Failure, Job, JobErrorCode
from studio.ledger.item import entry_to_item
from studio.ledger.model import PointsReason
from tests.unit.raised import Raised
from tests.unit.world import OTHER, USER, World

DAY = "2026-11-20"
FAILURE = Failure(JobErrorCode.INTERNAL, "It failed.")


@pytest.fixture(autouse=True)
def _daily(monkeypatch: pytest.MonkeyPatch) -> None:
    pro = next(model for model in data.CATALOGUE if model.id == "nanobanana-pro")
    monkeypatch.setattr("studio.catalogue.rules.CATALOGUE", (pro, replace(pro, id="daily", daily_free=True)))


def failed(world: World, **given: Any) -> Job:
    return world.jobs.step(states.fail(world.generate(**given)[0], FAILURE, world.time))


def forged(world: World, job: Job, **fields: Any) -> Job:
    """Have somebody who may write the Jobs table change a row."""
    world.jobs.apply(update({"id": job.id}, set=fields))
    return stands(world, job)


def stands(world: World, job: Job) -> Job:
    found = world.jobs.find(job.id)
    assert found
    return found


def findings(world: World) -> list[str]:
    return ChargeCheck(world.jobs, world.ledger, world.requests).findings(world.person())


POINTS = [
    {"charge": {"points": 5_000_000, "free_images": 0, "day": DAY}},
    {"charge": {"points": 2, "free_images": 0, "day": DAY}},
    {"charge": {"points": -1, "free_images": 0, "day": DAY}},
    {"charge": {"points": 1, "free_images": 3, "day": DAY}},
    {"charge": {"points": 0, "free_images": 1, "day": DAY}},
    {"charge": {"points": 0, "free_images": 0, "day": DAY}},
    {"charge": {"points": 1, "free_images": 0, "day": "2026-11-19"}},
    {"charge": {"points": 1, "free_images": 0, "day": ""}},
    {"owner": OTHER.sub},
]
FREE = [
    {"charge": {"points": 0, "free_images": 2, "day": DAY}},
    {"charge": {"points": 1, "free_images": 0, "day": DAY}},
    {"charge": {"points": 0, "free_images": 1, "day": "2026-11-19"}},
    {"model": "nanobanana-pro"},
    {"requestId": "another"},
    {"owner": OTHER.sub},
]


@pytest.mark.parametrize(
    ("model", "fields"),
    [*(("nanobanana-pro", fields) for fields in POINTS), *(("daily", fields) for fields in FREE)],
    ids=str,
)
def test_a_row_that_lies_is_put_aside_and_pays_nobody(
    world: World, raised: Raised, model: str, fields: dict[str, Any]
) -> None:
    for caller in (USER, OTHER):
        world.joined(caller)
        world.generate(caller, clientRequestId="another", model="daily", count=2)
    job = forged(world, failed(world, model=model), **fields)
    before = [(world.person(who), world.usage.day(who.sub, DAY), world.entries(who)) for who in (USER, OTHER)]
    assert not world.refunds.give_back(job, world.time)
    assert [(world.person(w), world.usage.day(w.sub, DAY), world.entries(w)) for w in (USER, OTHER)] == before
    assert raised.names() == [Alarm.REFUND_PUT_ASIDE]
    assert stands(world, job).doubt
    assert not world.refunds.give_back(stands(world, job), world.time)
    assert raised.names() == [], "once is enough"
    assert job.id not in {row["id"] for rows in world.jobs.due(world.later(10_000)) for row in rows}


@pytest.mark.parametrize("model", ["nanobanana-pro", "daily"])
def test_a_row_that_forgot_its_refund_is_marked_and_paid_no_second_time(world: World, model: str) -> None:
    world.joined()
    job = failed(world, model=model)
    assert world.refunds.give_back(job, world.time)
    before = world.person(), world.usage.day(USER.sub, DAY), world.entries()
    world.jobs.apply(update({"id": job.id}, remove=("refundedAt",)))
    assert not world.refunds.give_back(stands(world, job), world.later(60))
    assert stands(world, job).refunded_at
    assert (world.person(), world.usage.day(USER.sub, DAY), world.entries()) == before


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(points=st.integers(-5, 5_000_000), free=st.integers(-1, 3), paid=st.booleans())
def test_nobody_is_given_more_than_was_taken(world: World, points: int, free: int, paid: bool) -> None:
    world.clear()
    world.joined()
    job = failed(world, model="nanobanana-pro" if paid else "daily")
    job = forged(world, job, charge={"points": points, "free_images": free, "day": DAY})
    paid_back = world.refunds.give_back(job, world.time)
    assert paid_back == ((points, free) == ((1, 0) if paid else (0, 1)))
    assert world.person().points == (20 if paid_back or not paid else 19)
    assert world.usage.day(USER.sub, DAY).of("daily").free == (0 if paid or paid_back else 1)
    assert world.drift() == 0


def test_the_check_finds_nothing_where_all_is_right(world: World) -> None:
    world.joined()
    jobs = [failed(world, clientRequestId="1"), failed(world, clientRequestId="2", model="daily")]
    for job in jobs:
        world.refunds.give_back(job, world.time)
    world.generate(clientRequestId="3", count=3)
    assert findings(world) == []


@pytest.mark.parametrize("fields", POINTS[:8], ids=str)
def test_the_check_finds_a_refund_that_was_put_aside(world: World, fields: dict[str, Any]) -> None:
    world.joined()
    job = forged(world, failed(world), **fields)
    world.refunds.give_back(job, world.time)
    assert any(f"job {job.id} was not refunded" in finding for finding in findings(world))


def test_the_check_finds_a_job_that_is_to_be_refunded_and_in_nobodys_list(world: World) -> None:
    world.joined()
    job = failed(world)
    assert findings(world) == []  # the sweeper's
    world.jobs.apply(update({"id": job.id}, remove=("open",)))
    assert findings(world) == [f"job {job.id} is to be refunded, and nobody looks after it"]
    world.refunds.give_back(stands(world, job), world.time)
    assert findings(world) == []


def test_the_check_finds_points_that_came_from_nowhere(world: World) -> None:
    """What a role that may write into the ledger can do, though the balance is the sum of its lines."""
    world.joined()
    job = failed(world)
    world.refunds.give_back(job, world.time)
    line = next(entry for entry in world.entries() if entry.reason == PointsReason.REFUND)
    key = {"owner": USER.sub, "entry": line.id}
    world.ledger.apply(update(key, set={"points": 5_000_000}))
    assert findings(world) == [f"{line.id} gave back 5000000 points, the charge took 1"]
    world.ledger.insert({**entry_to_item(line), "entry": "refund#none", "thing": "none"}, new="entry")
    assert "refund#none gave back 1 points that nothing took" in findings(world)
    world.ledger.discard({"owner": USER.sub, "entry": f"charge#{job.id}"})
    assert f"{line.id} gave back 5000000 points that nothing took" in findings(world)


def test_the_check_finds_a_charge_of_no_request_and_rows_that_lie(world: World) -> None:
    world.joined()
    charged, marked, done, unread = world.generate(count=4)
    forged(world, marked, status="FAILED", refundedAt="2026-11-20T12:00:00.000Z")
    back = world.jobs.step(states.fail(done, FAILURE, world.time))
    world.refunds.give_back(back, world.time)
    forged(world, done, status="COMPLETED")
    world.jobs.apply(update({"id": unread.id}, set={"status": "UNHEARD OF"}))
    found = findings(world)
    assert f"job {marked.id} says that it was given back, which it was not" in found
    assert f"job {done.id} was completed and given back" in found
    assert f"job {unread.id} cannot be read (status)" in found
    assert len(found) == 3
    world.requests.discard({"owner": USER.sub, "request": "request-1"})
    assert f"charge#{charged.id} belongs to no request" in findings(world)
