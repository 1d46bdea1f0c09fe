"""A request is charged once, all or nothing, and says why when it is refused."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studio.catalogue import data
from studio.catalogue.model import Model
from studio.clock import millis
from studio.dynamo import update
from studio.errors import ErrorType, StudioError
from studio.images.model import ImageSize, JobKind
from studio.jobs.model import JobStatus
from tests.unit.world import ADMIN, NOON, OTHER, USER, World, asked


def refused(world: World, **given_: Any) -> ErrorType:
    with pytest.raises(StudioError) as error:
        world.generate(**given_)
    return error.value.type


def test_one_request_makes_its_jobs_and_takes_their_points(world: World) -> None:
    world.joined()
    jobs = world.generate(count=3, seed=7)
    assert [job.status for job in jobs] == [JobStatus.PENDING] * 3
    assert [job.image_spec.seed for job in jobs] == [7, 8, 9]
    assert world.jobs.find_many([job.id for job in jobs]) == jobs
    assert world.person().points == 17
    assert sorted(entry.id for entry in world.entries()) == sorted(
        ["sign_up#user-1", *(f"charge#{job.id}" for job in jobs)]
    )
    assert world.drift() == 0


def test_a_happy_request_is_one_call(world: World) -> None:
    world.joined()
    calls: list[str] = []
    world.client.meta.events.register("before-call.dynamodb", lambda model, **_: calls.append(model.name))
    world.generate(count=8)
    assert calls == ["TransactWriteItems"]


def test_the_same_request_again_answers_the_same_jobs_and_charges_nothing(world: World) -> None:
    world.joined(points=2)
    first = world.generate(count=2)
    assert [job.id for job in world.generate(count=2)] == [job.id for job in first]
    assert world.person().points == 0
    assert len(world.entries()) == 3


def test_defaults_do_not_make_another_request(world: World) -> None:
    world.joined()
    first = world.generate()
    assert world.generate(count=1, size="ONE_K", aspectRatio="SQUARE", waitSeconds=5)[0].id == first[0].id


@pytest.mark.parametrize("other", [{"prompt": "a cat"}, {"count": 2}, {"seed": 1}, {"link": {"boardId": "b"}}])
def test_the_same_id_with_other_arguments_is_refused(world: World, other: dict[str, Any]) -> None:
    world.joined()
    world.generate()
    assert refused(world, **other) == ErrorType.REQUEST_ID_REUSED
    assert world.person().points == 19


def test_two_people_may_use_the_same_request_id(world: World) -> None:
    world.joined()
    world.joined(OTHER)
    assert world.generate()[0].id != world.generate(OTHER)[0].id


def test_first_use_makes_the_row_that_sign_up_missed(world: World) -> None:
    assert len(world.generate()) == 1
    assert world.person().points == 19
    assert world.drift() == 0


def test_not_enough_points_takes_none(world: World) -> None:
    world.joined(points=2)
    assert refused(world, count=3) == ErrorType.POINTS_NOT_ENOUGH
    assert world.person().points == 2
    assert not world.jobs.of_owner(USER.sub, 10, None).rows
    assert not world.requests.get({"owner": "user-1", "request": "request-1"})


def test_a_disabled_person_is_refused(world: World) -> None:
    world.joined()
    world.people.apply(update({"id": USER.sub}, set={"disabled": True}))
    assert refused(world) == ErrorType.USER_DISABLED
    assert world.person().points == 20


def test_generation_opens_again_after_its_hour(world: World) -> None:
    world.joined()
    world.people.apply(update({"id": USER.sub}, set={"closedUntil": millis(NOON + timedelta(hours=1))}))
    assert refused(world) == ErrorType.GENERATION_CLOSED
    world.later(3600)
    assert world.generate()


@pytest.mark.parametrize(
    ("given_", "type_"),
    [
        ({"prompt": ""}, ErrorType.PROMPT_EMPTY),
        ({"prompt": " \n"}, ErrorType.PROMPT_EMPTY),
        ({"prompt": "x" * 4001}, ErrorType.PROMPT_TOO_LONG),
        ({"negativePrompt": "x" * 4001}, ErrorType.PROMPT_TOO_LONG),
        ({"count": 0}, ErrorType.COUNT_OUT_OF_RANGE),
        ({"count": 9}, ErrorType.COUNT_OUT_OF_RANGE),
        ({"seed": -1}, ErrorType.SEED_OUT_OF_RANGE),
        ({"model": "none"}, ErrorType.MODEL_UNKNOWN),
        ({"model": "titan"}, ErrorType.MODEL_RETIRED),
        ({"model": "nanobanana-2"}, ErrorType.MODEL_ADMIN_ONLY),
        ({"model": "sdxl", "aspectRatio": "LANDSCAPE_21_9"}, ErrorType.ASPECT_RATIO_NOT_SUPPORTED),
        ({"aspectRatio": "PORTRAIT_1_8"}, ErrorType.ASPECT_RATIO_NOT_SUPPORTED),
        ({"clientRequestId": ""}, ErrorType.REQUEST_ID_MALFORMED),
        ({"clientRequestId": "a b"}, ErrorType.REQUEST_ID_MALFORMED),
        ({"clientRequestId": "x" * 129}, ErrorType.REQUEST_ID_MALFORMED),
        ({"link": {"boardId": "a/b"}}, ErrorType.LINK_MALFORMED),
    ],
)
def test_bad_input_has_its_own_error_and_leaves_nothing(world: World, given_: dict[str, Any], type_: ErrorType) -> None:
    world.joined()
    assert refused(world, **given_) == type_
    assert world.person().points == 20
    assert not world.jobs.of_owner(USER.sub, 10, None).rows


def test_an_administrator_may_use_their_model(world: World) -> None:
    world.joined(ADMIN)
    assert world.generate(ADMIN, model="nanobanana-2")[0].model == "nanobanana-2"


def test_a_prompt_of_4000_characters_is_accepted(world: World) -> None:
    world.joined()
    assert world.generate(prompt="x" * 4000)


def _daily(monkeypatch: pytest.MonkeyPatch) -> Model:
    pro = next(model for model in data.CATALOGUE if model.id == "nanobanana-pro")
    model = replace(pro, id="daily", points=2, daily_free=True, sizes=(ImageSize.ONE_K,))
    monkeypatch.setattr("studio.catalogue.rules.CATALOGUE", (*data.CATALOGUE, model))
    return model


def test_free_images_of_the_day_go_before_points(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    model = _daily(monkeypatch)
    world.joined()
    before = world.job_creator.quote(USER, model, 5, world.time)
    jobs = world.generate(model="daily", count=5)
    assert [job.charge.free_images for job in jobs] == [1, 1, 1, 0, 0]
    assert [job.charge.points for job in jobs] == [0, 0, 0, 2, 2]
    assert (before.points, before.free_images, before.balance_after) == (4, 3, world.person().points)
    assert world.generate(model="daily", clientRequestId="second")[0].charge.points == 2
    world.later(86_400)
    assert world.generate(model="daily", clientRequestId="third")[0].charge.free_images == 1
    assert world.drift() == 0


def test_a_model_retired_after_a_request_still_answers_it(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.joined()
    first = world.generate()
    gone = tuple(replace(model, retires_on=NOON.date()) for model in data.CATALOGUE)
    monkeypatch.setattr("studio.catalogue.rules.CATALOGUE", gone)
    assert world.generate()[0].id == first[0].id
    assert refused(world, clientRequestId="new") == ErrorType.MODEL_RETIRED


def test_a_size_or_kind_the_model_lacks(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    _daily(monkeypatch)
    world.joined()
    assert refused(world, model="daily", size="FOUR_K") == ErrorType.SIZE_NOT_SUPPORTED
    request = replace(asked(model="sdxl"), kind=JobKind.EDIT)
    with pytest.raises(StudioError) as error:
        world.job_creator.accept(USER, request, world.time)
    assert error.value.type == ErrorType.KIND_NOT_SUPPORTED


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(1, 8)), max_size=8), st.integers(0, 30))
def test_whatever_is_asked_the_quote_is_the_charge_and_the_ledger_the_balance(
    world: World, calls: list[tuple[int, int]], points: int
) -> None:
    world.clear().joined(points=points)
    spent: dict[str, int] = {}
    refusals: list[tuple[ErrorType, bool]] = []
    for id_, count in calls:
        model = next(m for m in data.CATALOGUE if m.id == "nanobanana-pro")
        quote = world.job_creator.quote(USER, model, count, world.time)
        key = f"{id_}-{count}"
        try:
            jobs = world.generate(clientRequestId=key, count=count)
        except StudioError as error:
            refusals.append((error.type, quote.affordable))
            continue
        charge = sum(job.charge.points for job in jobs)
        assert charge == quote.points
        spent.setdefault(key, charge)
    # A quote says what it costs, not that there is room for it.
    assert set(refusals) <= {(ErrorType.POINTS_NOT_ENOUGH, False), (ErrorType.TOO_MANY_RUNNING, True)}
    assert world.person().points == points - sum(spent.values())
    assert world.drift() == 0
