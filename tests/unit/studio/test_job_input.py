"""A job tells what it was made from: enough to make it again, and when it was."""

from dataclasses import replace
from typing import Any

import pytest

from resolvers.shapes.jobs import job_input
from studio.catalogue import data
from studio.images.model import JobKind
from studio.images.request import MAX_SEED
from studio.jobs import states
from studio.jobs.item import job_from_item
from studio.jobs.lists import JobLists
from studio.jobs.model import Failure, Job, JobErrorCode
from tests.unit.world import USER, World, picture_of

NOTHING: dict[str, Any] = {
    "size": None,
    "aspectRatio": None,
    "negativePrompt": None,
    "references": [],
    "image": None,
    "mask": None,
    "texture": None,
    "mode": None,
    "outpaint": None,
    "camera": None,
}


def told(job: Job) -> dict[str, Any]:
    """Return what a job says of its input but for the seed, which was drawn."""
    return {name: value for name, value in job_input(job.image_spec).items() if name != "seed"}


def again(world: World, job: Job) -> Job:
    world.job_actions.cancel(USER, job.id, world.time)
    wish = world.job_actions.again(USER, job.id, f"again-{job.id}")
    assert wish
    return world.job_creator.accept(USER, wish, world.time)[0]


def test_a_generation_tells_its_settings(world: World) -> None:
    first, second = world.uploaded(), world.uploaded()
    given: dict[str, Any] = {"size": "TWO_K", "aspectRatio": "PORTRAIT_3_4", "negativePrompt": "rain"}
    (job,) = world.generate(**given, references=[second, first], seed=7)
    assert job_input(job.image_spec) == {**NOTHING, **given, "seed": 7, "references": [second, first]}


def test_an_edit_tells_its_pictures_and_its_mode(world: World) -> None:
    image, mask = world.uploaded(), world.uploaded(purpose="MASK")
    assert told(world.edit(image=image, mask=mask)) == {
        **NOTHING,
        "image": image,
        "mask": mask,
        "mode": "INPAINT_INSERT",
    }
    grown = world.edit(clientRequestId="2", image=image, mode="OUTPAINT", outpaint={"left": 5, "top": 1})
    assert told(grown) == {
        **NOTHING,
        "image": image,
        "mode": "OUTPAINT",
        "outpaint": {"left": 5, "top": 1, "right": 0, "bottom": 0},
    }


def test_another_camera_and_another_texture_are_told(world: World) -> None:
    image, texture = world.uploaded(), world.uploaded(purpose="TEXTURE")
    moved = world.camera(image=image, yaw=30.5, pitch=-10.0)
    assert told(moved) == {**NOTHING, "image": image, "camera": {"yaw": 30.5, "pitch": -10.0, "zoom": 1.0}}
    laid = world.texture(clientRequestId="2", image=image, texture=texture)
    assert told(laid) == {**NOTHING, "image": image, "texture": texture}


def test_where_the_client_gives_no_seed_one_is_drawn_and_kept(world: World) -> None:
    jobs = world.generate(count=8)
    seeds = {job.image_spec.seed for job in jobs}
    assert len(seeds) == 8
    assert all(seed is not None and 0 < seed < MAX_SEED for seed in seeds)
    assert [job.image_spec.seed for job in world.generate(count=8)] == [job.image_spec.seed for job in jobs]
    found = world.jobs.find(jobs[3].id)
    assert found
    assert found.image_spec == jobs[3].image_spec


def test_none_is_drawn_for_a_model_that_takes_none(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    model = replace(data.CATALOGUE[1], id="unseeded", seedless=frozenset({JobKind.GENERATE}))
    monkeypatch.setattr("studio.catalogue.rules.CATALOGUE", (model,))
    (job,) = world.generate(model="unseeded")
    assert job.image_spec.seed is None
    assert not job.image_spec.seed_drawn


def test_to_try_again_is_to_draw_again_but_a_seed_that_was_asked_for_stays(world: World) -> None:
    drawn, asked = world.generate()[0], world.generate(clientRequestId="2", seed=0)[0]
    assert again(world, drawn).image_spec.seed != drawn.image_spec.seed
    assert again(world, drawn).image_spec.seed == again(world, drawn).image_spec.seed
    assert again(world, asked).image_spec == asked.image_spec


def test_a_row_of_before_reads_as_it_did(world: World) -> None:
    row = world.jobs.row(world.generate(count=2)[1].id)
    assert row
    del row["index"]
    row["spec"] = {name: value for name, value in row["spec"].items() if not name.startswith("seed")}
    old = job_from_item(row)
    assert (old.index, old.image_spec.seed, old.image_spec.seed_drawn) == (0, None, False)


@pytest.mark.parametrize("limit", [1, 3, 8])
def test_lists_have_the_jobs_of_a_request_in_their_order(world: World, limit: int) -> None:
    older = world.generate()
    world.later(1)
    jobs = world.generate(clientRequestId="2", count=8)
    assert [job.index for job in jobs] == [*range(8)]
    lists, token, found = JobLists(world.jobs, world.requests), None, list[Job]()
    while True:
        page = lists.own(USER, None, limit, token)
        found, token = found + page.items, page.next_token
        if token is None:
            break
    assert found == jobs + older


def test_it_tells_when_the_work_began_and_ended(world: World) -> None:
    made, failed, canceled = world.generate(count=3)
    assert (made.started_at, made.ended_at) == (None, None)
    made = world.jobs.step(states.claim(made, "w", world.later(1), 1))
    began = made.updated_at
    made = world.jobs.step(states.claim(made, "another", world.later(2), 150))
    assert (made.started_at, made.ended_at) == (began, None)
    made = world.jobs.step(states.complete(made, picture_of(made), world.later(1)))
    ended = made.updated_at
    made = world.jobs.step(states.resized(made, {}, "tag", world.later(1)))
    assert (made.started_at, made.ended_at) == (began, ended)

    failed = world.jobs.step(states.claim(failed, "w", world.time, 150))
    failed = world.jobs.step(states.fail(failed, Failure(JobErrorCode.INTERNAL, "No."), world.later(1)))
    ended = failed.updated_at
    refunded = world.jobs.step(states.refund(failed, world.later(1)))
    assert (refunded.ended_at, refunded.refunded_at != ended) == (ended, True)

    canceled = world.jobs.step(states.cancel(canceled, world.time))
    assert (canceled.started_at, canceled.ended_at) == (None, canceled.updated_at)
