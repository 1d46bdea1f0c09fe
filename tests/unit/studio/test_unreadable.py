"""A job whose row cannot be read ends, its points come back once, its place is free, and it can be removed."""

from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from studio.alarms import Alarm
from studio.dynamo import pack, update
from studio.errors import UnreadableError
from studio.jobs import states, unreadable
from studio.jobs.item import job_from_item
from studio.jobs.model import Job, JobStatus
from studio.jobs.sweep import Swept
from tests.unit.raised import Raised
from tests.unit.spoiling import VALUES, kept, paths, spoiled
from tests.unit.studio.test_sweep import sweep
from tests.unit.world import OTHER, USER, World, picture_of

SPOILED: list[dict[str, Any]] = [
    {"history": "x"},
    {"version": "x"},
    {"version": 10**30},
    {"status": "NEW"},
    {"updatedAt": 5},
    {"claims": "x", "prefixes": 5},
    {"image": {"width": "x"}},
    {"leaseEnd": "x"},
    {"errorCode": "NEW"},
    {"status": "COMPLETED", "image": 5},
    {"charge": "x"},
    {"spec": 1, "kind": 2, "worker": 3, "deadline": "x", "requestId": {"x"}},
]


def spoil(world: World, job: Job, **row: Any) -> None:
    world.jobs.apply(update({"id": job.id}, set=row))


def found(world: World, job: Job) -> Job:
    row = world.jobs.row(job.id)
    assert row
    return job_from_item(row)


@pytest.mark.parametrize("row", SPOILED, ids=str)
@pytest.mark.parametrize("claimed", [False, True])
def test_the_sweeper_ends_and_refunds_it_once(world: World, row: dict[str, Any], *, claimed: bool) -> None:
    world.joined()
    job, other = world.generate(count=2)
    if claimed:
        job = world.jobs.step(states.claim(job, "w", world.time, 150))
    spoil(world, job, **row)
    world.later(151)
    assert sweep(world) == Swept(failed=1, handed_out=1)
    assert world.person().points == 19
    assert world.drift() == 0
    if "spec" not in row and "charge" not in row:
        ended = found(world, job)
        assert (ended.status, ended.failure) == (JobStatus.FAILED, unreadable.DAMAGED)
        assert ended.history[-1].note
        assert ended.refunded_at
    world.later(10_000)
    sweep(world)
    assert job.id not in {each["id"] for rows in world.jobs.due(world.later(99_999)) for each in rows}
    assert world.drift() == 0
    assert found(world, other).failure


def test_one_that_took_a_free_image_has_it_back(world: World) -> None:
    world.joined()
    for row in ({"history": "x"}, {"charge": "x"}):
        job = world.generate(model="nanobanana-basic", clientRequestId=next(iter(row)))[0]
        assert job.charge.free_images
        spoil(world, job, **row)
        world.later(151)
        sweep(world)
        assert world.usage.day(USER.sub, job.charge.day).of("nanobanana-basic").free == 0


def test_whose_it_is_nobody_knows_is_put_aside_and_rings(world: World, raised: Raised) -> None:
    world.joined()
    job = world.generate()[0]
    spoil(world, job, model=5)
    world.later(151)
    sweep(world)
    assert raised.names() == [Alarm.REFUND_PUT_ASIDE]
    world.later(99_999)
    assert sweep(world) == Swept()
    assert raised.names() == []


def test_what_was_completed_is_not_given_back(world: World) -> None:
    world.joined()
    job = world.jobs.step(states.claim(world.generate()[0], "w", world.time, 150))
    job = world.jobs.step(states.complete(job, picture_of(job), world.time))
    spoil(world, job, history="x")
    with pytest.raises(UnreadableError):
        world.job_actions.cancel(USER, job.id, world.time)
    assert world.job_actions.delete(USER, job.id, world.time) == job.id
    assert world.jobs.row(job.id) is None
    assert world.person().points == 19


def test_what_was_completed_is_not_given_back_while_it_is_deleted_either(world: World) -> None:
    world.joined()
    job = world.jobs.step(states.claim(world.generate()[0], "w", world.time, 150))
    job = world.jobs.step(states.complete(job, picture_of(job), world.time))
    world.jobs.step(states.delete(job, world.time))
    spoil(world, job, history="x")
    world.later(151)
    assert sweep(world).deleted == 1
    assert world.jobs.row(job.id) is None
    assert world.person().points == 19


# Written out, as DynamoDB answers them.
@pytest.mark.parametrize("number", ["1" + 100 * "0", "-0." + 99 * "0" + "1", 38 * "9" + 88 * "0"])
def test_a_number_beyond_all_others_hides_and_holds_up_nobody(world: World, number: str) -> None:
    world.joined()
    job, other = world.generate(count=2)
    key = {"id": {"S": job.id}}
    values = {":n": {"N": number}}
    world.client.update_item(
        TableName="Jobs", Key=key, UpdateExpression="SET claims = :n, leaseEnd = :n", ExpressionAttributeValues=values
    )
    with pytest.raises(UnreadableError):
        world.jobs.find(job.id)
    assert [each.id for each in world.jobs.find_many([job.id, other.id])] == [other.id]
    row = world.jobs.row(job.id)  # as the sweeper has it; moto's own queries fail at such numbers
    assert row
    world.deletions.unreadable.settle(row, world.time)
    assert (world.person().points, world.drift()) == (19, 0)


def test_no_prefix_of_others_is_deleted_with_a_job(world: World) -> None:
    world.joined()
    job, other = world.generate(count=2)
    other = world.jobs.step(states.claim(other, "w", world.time, 150))
    strange = [
        "",
        "/",
        "uploads/",
        "../results/",
        f"results/{job.id}x",
        "results/bedrock/" + other.prefix[-36:],
        9 * "x",
    ]
    job = world.jobs.step(states.claim(job, "w", world.time, 150))
    spoil(world, job, prefixes=[*strange, job.prefix])
    found = world.jobs.find(job.id)
    assert found
    assert found.prefixes == (job.prefix,)


def test_no_lease_keeps_a_deleted_job_for_ever(world: World) -> None:
    world.joined()
    job = world.jobs.step(states.claim(world.generate()[0], "w", world.time, 150))
    job = world.jobs.step(states.cancel(job, world.time))
    spoil(world, job, leaseEnd=253_402_300_799_999)
    assert world.job_actions.delete(USER, job.id, world.time) == job.id
    world.later(86_400)
    sweep(world)
    assert world.jobs.row(job.id) is None


@pytest.mark.parametrize("row", SPOILED, ids=str)
def test_its_owner_deletes_it_and_has_the_points_back(world: World, row: dict[str, Any]) -> None:
    world.joined()
    world.joined(OTHER)
    job = world.generate()[0]
    spoil(world, job, **row)
    assert world.job_actions.delete(OTHER, job.id, world.time) is None
    assert world.job_actions.delete(USER, job.id, world.time) == job.id
    assert world.jobs.row(job.id) is None
    assert (world.person().points, world.drift()) == (20, 0)


def test_its_owner_cancels_it(world: World) -> None:
    world.joined()
    job = world.generate()[0]
    spoil(world, job, history="x")
    ended = world.job_actions.cancel(USER, job.id, world.time)
    assert ended
    assert ended.failure == unreadable.DAMAGED
    assert world.person().points == 20


def test_its_place_among_the_running_ones_is_free_again(world: World) -> None:
    world.joined(points=99)
    jobs = [job for n in range(3) for job in world.generate(count=8, clientRequestId=str(n))]
    for job in jobs[:8]:
        spoil(world, job, leaseEnd="x", history="x")
    world.later(151)
    sweep(world)
    assert len(world.generate(count=8, clientRequestId="more")) == 8


def test_one_that_went_on_meanwhile_is_left_alone(world: World) -> None:
    world.joined()
    job = world.generate()[0]
    spoil(world, job, history="x")
    row = world.jobs.row(job.id)
    assert row
    spoil(world, job, status="PROCESSING")
    world.deletions.unreadable.settle(row, world.time)
    current = world.jobs.row(job.id)
    assert current
    assert (current["status"], world.person().points) == ("PROCESSING", 19)


KEPT = {"id", "owner", "model", "open", "due", "deletedAt", "refundedAt", "doubt", "createdAt"}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_is_spoiled_points_come_back_or_the_job_goes_on(world: World, data: st.DataObject) -> None:
    world.clear()
    world.joined()
    job = world.jobs.step(states.claim(world.generate()[0], "w", world.time, 150))
    row = world.jobs.row(job.id)
    assert row
    path = data.draw(st.sampled_from([path for path in paths(row) if path[0] not in KEPT]))
    try:
        world.client.put_item(TableName="Jobs", Item=pack(kept(spoiled(row, path, data.draw(VALUES)))))
    except (ClientError, AssertionError, UnicodeError):  # an index takes text only, what is in memory only some
        assume(False)
    for _ in range(4):
        world.time += timedelta(hours=1)
        sweep(world)
    current = world.jobs.row(job.id)
    assert current
    assert "open" not in current
    assert world.drift() == 0
    if current["status"] != "COMPLETED" and "doubt" not in current:
        assert (current["status"], world.person().points) in {("FAILED", 20), ("CANCELED", 20)}
