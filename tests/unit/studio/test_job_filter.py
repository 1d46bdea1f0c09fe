"""What somebody asks of the list of their jobs: every condition holds, and catching up is one question."""

import json
from typing import Any

import pytest

from resolvers.shapes import jobs as job_shapes
from studio import ids
from studio.dynamo import pack
from studio.errors import ErrorType, StudioError
from studio.jobs import states
from studio.jobs.lists import JobLists
from studio.jobs.model import Job
from studio.media.links import Link
from tests.unit.world import OTHER, USER, World, picture_of


def found(world: World, wanted: Any, limit: int = 100) -> list[str]:
    """Return the ids of what is found, page by page."""
    lists, token, seen = JobLists(world.jobs, world.requests), None, list[str]()
    while True:
        page = lists.own(USER, wanted, limit, token)
        seen, token = seen + [job.id for job in page.items], page.next_token
        if token is None:
            return seen


def refused(world: World, wanted: Any) -> ErrorType:
    with pytest.raises(StudioError) as error:
        found(world, wanted)
    return error.value.type


def made(world: World, **given: Any) -> Job:
    """Make a job, a second after what was made before."""
    world.later(1)
    return world.generate(USER, **{"clientRequestId": ids.new(), **given})[0]


def completed(world: World, job: Job) -> Job:
    job = world.jobs.step(states.claim(job, "w", world.later(1), 150))
    return world.jobs.step(states.complete(job, picture_of(job), world.later(1)))


def test_all_conditions_hold(world: World) -> None:
    world.joined(points=100)
    image = world.uploaded()
    board = made(world, link={"boardId": "b1"}, prompt="Đèn biển lúc hoàng hôn")
    world.later(1)
    edit = world.edit(clientRequestId="e", image=image, mask=image)
    done = completed(world, made(world))
    world.job_actions.label(USER, done.id, world.time, favorite=True, tags=["Cover"])
    canceled = made(world, model="nanobanana-basic", size="ONE_K")
    world.job_actions.cancel(USER, canceled.id, world.time)
    everything = [canceled.id, done.id, edit.id, board.id]
    assert found(world, {}) == found(world, None) == everything
    for wanted, jobs in (
        ({"status": "CANCELED"}, [canceled]),
        ({"statuses": ["CANCELED", "COMPLETED"]}, [canceled, done]),
        ({"statuses": ["CANCELED", "COMPLETED"], "status": "COMPLETED"}, [done]),
        ({"statuses": ["CANCELED"], "status": "COMPLETED"}, []),
        ({"statuses": []}, []),
        ({"kind": "EDIT"}, [edit]),
        ({"kinds": ["EDIT", "CAMERA_SYNC"]}, [edit]),
        ({"kinds": ["GENERATE"], "statuses": ["PENDING"]}, [board]),
        ({"model": "nanobanana-basic"}, [canceled]),
        ({"boardId": "b1"}, [board]),
        ({"boardId": "b2"}, []),
        ({"text": "HOÀNG hôn "}, [board]),
        ({"text": "  "}, [canceled, done, edit, board]),
        ({"favorite": True}, [done]),
        ({"favorite": False}, [canceled, edit, board]),
        ({"tag": " cover"}, [done]),
        ({"tag": "cov"}, []),
        ({"createdAfter": board.created_at}, [canceled, done, edit]),
        ({"createdAfter": board.created_at, "favorite": True}, [done]),
    ):
        assert found(world, wanted) == [job.id for job in jobs], wanted


def test_a_text_is_found_however_its_letters_are_composed(world: World) -> None:
    world.joined()
    job = made(world, prompt="Huế".encode().decode())
    assert found(world, {"text": "Hue\u0302\u0301"}) == [job.id]


def test_what_is_named_is_found_unless_it_is_gone_or_somebody_elses(world: World) -> None:
    world.joined()
    world.joined(OTHER)
    first, gone, second = made(world), made(world), made(world)
    world.job_actions.cancel(USER, gone.id, world.time)
    world.job_actions.delete(USER, gone.id, world.time)
    theirs = world.generate(OTHER)[0]
    asked = [first.id, gone.id, theirs.id, ids.new(), "nonsense", "x" * 5000, second.id, first.id]
    assert found(world, {"ids": asked}) == [second.id, first.id]
    assert found(world, {"ids": asked}, 1) == [second.id, first.id]
    assert found(world, {"ids": asked, "createdAfter": first.created_at}) == [second.id]
    assert found(world, {"ids": []}) == []
    assert len(found(world, {"ids": [first.id] * 100})) == 1
    assert refused(world, {"ids": [first.id] * 101}) == ErrorType.TOO_MANY_IDS


def test_the_jobs_of_a_request_are_found_by_its_id_in_their_order(world: World) -> None:
    world.joined()
    made(world)
    jobs = world.generate(clientRequestId="mine", count=5)
    made(world)
    assert found(world, {"requestId": "mine"}) == [job.id for job in jobs]
    assert found(world, {"requestId": "mine"}, 2) == [job.id for job in jobs]
    assert found(world, {"requestId": "mine", "ids": [jobs[3].id, made(world).id]}) == [jobs[3].id]
    for strange in ("yours", "", "a b", "x" * 5000):
        assert found(world, {"requestId": strange}) == []


def test_somebody_elses_request_is_not_found(world: World) -> None:
    world.joined()
    world.joined(OTHER)
    world.generate(OTHER, clientRequestId="theirs")
    assert found(world, {"requestId": "theirs"}) == []


def test_to_catch_up_is_to_ask_what_changed_since_in_the_order_of_the_changes(world: World) -> None:
    world.joined()
    first, second, third = made(world), made(world), made(world)
    away = world.later(1).isoformat()
    second, first = completed(world, second), completed(world, first)
    assert found(world, {"updatedSince": away}) == [second.id, first.id]
    assert found(world, {"updatedSince": away}, 1) == [second.id, first.id]
    assert found(world, {"updatedSince": first.updated_at}) == [first.id]
    assert found(world, {"updatedSince": away, "ids": [first.id, third.id, second.id]}) == [second.id, first.id]
    assert found(world, {"updatedSince": away, "statuses": ["PENDING"]}) == []
    assert found(world, {"updatedSince": third.updated_at, "createdAfter": second.created_at}) == [third.id]


def test_what_changes_while_it_is_caught_up_with_comes_again_rather_than_being_missed(world: World) -> None:
    world.joined()
    jobs = [made(world) for _ in range(3)]
    lists, wanted = JobLists(world.jobs, world.requests), {"updatedSince": jobs[0].updated_at}
    first = lists.own(USER, wanted, 2, None)  # pyright: ignore[reportArgumentType]
    done = completed(world, jobs[0])
    rest = lists.own(USER, wanted, 2, first.next_token)  # pyright: ignore[reportArgumentType]
    assert [job.id for job in first.items] == [jobs[0].id, jobs[1].id]
    assert rest.items == [jobs[2], done]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("2026-11-20T12:00:01Z", True),
        ("2026-11-20T19:00:00.999999999+07:00", True),
        ("2026-11-20T12:00:01.001Z", False),
        ("2026-11-20T12:00Z", True),
    ],
)
def test_a_time_may_be_written_as_appsync_takes_it(world: World, given: str, *, kept: bool) -> None:
    world.joined()
    job = made(world)
    assert found(world, {"updatedSince": given}) == ([job.id] if kept else [])


@pytest.mark.parametrize(
    "given", ["2026-13-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", ""]
)
@pytest.mark.parametrize("name", ["updatedSince", "createdAfter"])
def test_a_time_that_there_is_not_is_refused(world: World, given: str, name: str) -> None:
    assert refused(world, {name: given}) == ErrorType.TIME_MALFORMED


def test_a_token_is_of_one_order(world: World) -> None:
    world.joined()
    jobs = [made(world) for _ in range(3)]
    lists = JobLists(world.jobs, world.requests)
    since: Any = {"updatedSince": jobs[0].updated_at}
    named: Any = {"ids": [job.id for job in jobs]}
    wishes: list[Any] = [{}, since, named, named | since]
    tokens = [lists.own(USER, wish, 1, None).next_token for wish in wishes]
    assert len({*tokens}) == 4
    for wish in wishes:
        for token in tokens:
            if token != tokens[wishes.index(wish)]:
                with pytest.raises(StudioError) as error:
                    lists.own(USER, wish, 1, token)
                assert error.value.type == ErrorType.PAGE_TOKEN_INVALID


def test_a_page_of_the_longest_prompts_fits_into_an_answer(world: World) -> None:
    world.joined(points=1000)
    jobs = [made(world, prompt="\U0001f30a" * 4000, negativePrompt="\U0001f327" * 4000) for _ in range(12)]
    rows = [world.jobs.row(job.id) for job in jobs]
    for n in range(100):
        row = {**(rows[n % 12] or {}), "id": ids.new(), "createdAt": f"2026-11-19T00:00:00.{n:03}Z"}
        world.client.put_item(TableName="Jobs", Item=pack(row))
    lists, token, sizes, count = JobLists(world.jobs, world.requests), None, list[int](), 0
    while True:
        page = lists.own(USER, None, 100, token)
        shown = [job_shapes.job(job, lambda _: Link("x" * 1800, world.time)) for job in page.items]
        sizes.append(len(json.dumps({"items": shown, "nextToken": page.next_token})))
        token, count = page.next_token, count + len(shown)
        if token is None:
            break
    assert count == 112
    assert len(sizes) == 3
    assert 4_000_000 < max(sizes) < 5_000_000
