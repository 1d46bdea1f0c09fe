"""An owner cancels, deletes and repeats their own jobs, and nobody else's."""

from dataclasses import asdict

import pytest

from studio.dynamo import ConditionFailed, update
from studio.errors import ErrorType, StudioError
from studio.jobs import states
from studio.jobs.lists import JobLists
from studio.jobs.model import Job, JobStatus
from studio.media.keys import resized_key, sizes_of
from studio.media.model import SIZES, StoredImage
from studio.media.store import Media
from tests.unit.world import ADMIN, OTHER, USER, World
from workers.picture import inspect

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8cfc000000301010018dd8db0"
    "0000000049454e44ae426082"
)


def completed(world: World) -> Job:
    return completed_from(world, world.jobs.step(states.claim(world.generate()[0], "w", world.time, 150)))


def completed_from(world: World, job: Job) -> Job:
    image = inspect(job.prefix, PNG)
    world.media.put(image, PNG)
    return world.jobs.step(states.complete(job, image, world.time))


def objects(media: Media, job: Job) -> list[str]:
    found = media.client.list_objects_v2(Bucket=media.bucket, Prefix=f"{job.prefix}/")
    return [o.get("Key", "") for o in found.get("Contents", [])]


def test_somebody_elses_job_is_like_none(world: World) -> None:
    world.joined()
    job = world.generate()[0]
    assert world.job_actions.own(USER, job.id) == job
    assert world.job_actions.visible(ADMIN, job.id) == job
    for look in (world.job_actions.own, world.job_actions.visible):
        assert look(OTHER, job.id) is None
    assert world.job_actions.cancel(OTHER, job.id, world.time) is None
    assert world.job_actions.delete(OTHER, job.id, world.time) is None
    assert world.job_actions.again(OTHER, job.id, "again") is None
    assert world.jobs.find(job.id) == job


@pytest.mark.parametrize("id_", ["", "1", "x" * 10_000, "00000000-0000-0000-0000-000000000000", "../etc"])
def test_a_malformed_id_says_so(world: World, id_: str) -> None:
    with pytest.raises(StudioError) as error:
        world.job_actions.own(USER, id_)
    assert error.value.type == ErrorType.ID_MALFORMED


def test_cancel_wins_over_a_late_success(world: World) -> None:
    world.joined()
    claimed = world.jobs.step(states.claim(world.generate()[0], "w", world.time, 150))
    canceled = world.job_actions.cancel(USER, claimed.id, world.time)
    assert canceled
    assert canceled.status == JobStatus.CANCELED
    with pytest.raises(ConditionFailed):
        world.jobs.step(states.complete(claimed, inspect(claimed.prefix, PNG), world.time))


def test_canceling_what_has_ended_changes_nothing(world: World) -> None:
    world.joined()
    job = completed(world)
    assert world.job_actions.cancel(USER, job.id, world.time) == job


def test_deleting_takes_the_image_along(world: World) -> None:
    world.joined()
    job = completed(world)
    sizes = [resized_key(sizes_of(job.prefix), name) for name in SIZES]
    for key in sizes:
        world.media.put(StoredImage(key, "image/webp", 1, 1, 1), b"x")
    assert objects(world.media, job) == [f"{job.prefix}/original.png"]
    assert world.job_actions.delete(USER, job.id, world.time) == job.id
    assert list(world.media.keys("")) == []
    assert world.job_actions.delete(USER, job.id, world.time) is None


def test_an_unfinished_job_is_not_deleted(world: World) -> None:
    world.joined()
    job = world.generate()[0]
    with pytest.raises(StudioError) as error:
        world.job_actions.delete(USER, job.id, world.time)
    assert error.value.type == ErrorType.JOB_NOT_FINISHED
    assert world.jobs.find(job.id) == job


def test_deleting_before_the_refund_refunds_first(world: World) -> None:
    world.joined()
    job = world.job_actions.cancel(USER, world.generate()[0].id, world.time)
    assert job
    assert world.job_actions.delete(USER, job.id, world.time) == job.id
    assert world.person().points == 20
    assert not world.refunds.give_back(job, world.time)
    assert world.person().points == 20


def test_a_request_whose_images_were_deleted_is_not_charged_again(world: World) -> None:
    world.joined()
    job = completed(world)
    world.job_actions.delete(USER, job.id, world.time)
    with pytest.raises(StudioError) as error:
        world.generate()
    assert error.value.type == ErrorType.REQUEST_DELETED
    assert world.person().points == 19


def test_a_failed_job_is_tried_again_as_a_new_one(world: World) -> None:
    world.joined()
    job = world.job_actions.cancel(USER, world.generate(seed=3, link={"boardId": "b"})[0].id, world.time)
    assert job
    asked = world.job_actions.again(USER, job.id, "again")
    assert asked
    new = world.job_creator.accept(USER, asked, world.time)[0]
    assert new.id != job.id
    assert (new.spec, new.link) == (job.image_spec, job.link)
    assert world.job_creator.accept(USER, asked, world.time)[0].id == new.id


def test_only_what_failed_is_tried_again(world: World) -> None:
    world.joined()
    with pytest.raises(StudioError) as error:
        world.job_actions.again(USER, world.generate()[0].id, "again")
    assert error.value.type == ErrorType.JOB_NOT_FAILED


def test_lists_are_newest_first_in_pages(world: World) -> None:
    world.joined()
    ids: list[str] = []
    for i in range(5):
        world.later(1)
        ids.insert(0, world.generate(clientRequestId=f"r{i}")[0].id)
    lists, seen, token = JobLists(world.jobs, world.requests), list[str](), None
    while True:
        page = lists.own(USER, {}, 2, token)
        seen += [job.id for job in page.items]
        token = page.next_token
        if token is None:
            break
    assert seen == ids


@pytest.mark.parametrize("token", ["", "x", "AAAA", "é", "A" * 5000])
def test_a_token_that_no_list_gave_is_refused(world: World, token: str) -> None:
    with pytest.raises(StudioError) as error:
        JobLists(world.jobs, world.requests).own(USER, {}, 2, token)
    assert error.value.type == ErrorType.PAGE_TOKEN_INVALID


def test_somebody_elses_token_is_refused(world: World) -> None:
    world.joined()
    world.generate(count=3)
    token = JobLists(world.jobs, world.requests).own(USER, {}, 2, None).next_token
    assert token
    with pytest.raises(StudioError) as error:
        JobLists(world.jobs, world.requests).own(OTHER, {}, 2, token)
    assert error.value.type == ErrorType.PAGE_TOKEN_INVALID


@pytest.mark.parametrize("limit", [0, -1, 101])
def test_a_limit_has_bounds(world: World, limit: int) -> None:
    with pytest.raises(StudioError) as error:
        JobLists(world.jobs, world.requests).own(USER, {}, limit, None)
    assert error.value.type == ErrorType.LIMIT_OUT_OF_RANGE


def test_deleting_takes_along_what_every_claim_stored(world: World) -> None:
    world.joined()
    job = world.jobs.step(states.claim(world.generate()[0], "w", world.time, 150))
    world.media.put(inspect(job.prefix, PNG), PNG)
    taken_over = completed_from(world, world.jobs.step(states.claim(job, "v", world.time, 150)))
    assert len(list(world.media.keys("results/"))) == 2
    world.job_actions.delete(USER, taken_over.id, world.time)
    assert list(world.media.keys("")) == []


def test_a_row_from_before_claims_had_prefixes_is_read_and_deleted(world: World) -> None:
    world.joined()
    job = completed(world)
    old = StoredImage(f"results/{job.id}/original.png", "image/png", 1, 1, 1)
    small = StoredImage(f"resized/{job.id}/thumbnail.webp", "image/webp", 1, 1, 1)
    kept = {"image": asdict(old), "variants": {"thumbnail": asdict(small)}}
    world.jobs.apply(update({"id": job.id}, set=kept, remove=("prefixes", "shared")))
    for image in (old, small):
        world.media.put(image, b"x")
    world.media.delete_result(job.prefix)
    found = world.job_actions.public(None, job.id)
    assert found
    assert (found.image, found.variants, found.shared) == (old, {"thumbnail": small}, True)
    world.job_actions.delete(USER, job.id, world.time)
    assert list(world.media.keys("")) == []


@pytest.mark.parametrize("key", ["uploads/user-2/x/original", "results/bedrock/x/original.png", "results/vertex", "x"])
def test_a_row_that_names_somebody_elses_picture_has_none(world: World, key: str) -> None:
    world.joined()
    job = completed(world)
    image = asdict(StoredImage(key, "image/png", 1, 1, 1))
    world.jobs.apply(update({"id": job.id}, set={"image": image, "variants": {"large": image}}))
    found = world.jobs.find(job.id)
    assert found
    assert (found.image, found.variants) == (None, {})


def test_an_owner_ends_that_whoever_holds_the_id_may_look(world: World) -> None:
    world.joined()
    job = completed(world)
    assert world.job_actions.share(OTHER, job.id, world.time, shared=False) is None
    ended = world.job_actions.share(USER, job.id, world.time, shared=False)
    assert ended
    assert (ended.shared, ended.version, ended.history[-1].note) == (False, job.version + 1, "Sharing has ended.")
    assert [world.job_actions.public(who, job.id) for who in (None, OTHER, USER, ADMIN)] == [None, None, ended, ended]
    assert world.job_actions.share(USER, job.id, world.time, shared=False) == ended
    again = world.job_actions.share(USER, job.id, world.time, shared=True)
    assert world.job_actions.public(None, job.id) == again


def test_ending_it_while_the_work_goes_on_does_not_disturb_the_worker(world: World) -> None:
    world.joined()
    pending = world.generate()[0]
    world.job_actions.share(USER, pending.id, world.time, shared=False)
    claimed = world.jobs.step(states.claim(pending, "w", world.time, 150))
    world.job_actions.share(USER, pending.id, world.time, shared=True)
    world.job_actions.share(USER, pending.id, world.time, shared=False)
    done = completed_from(world, claimed)
    assert (done.status, done.shared) == (JobStatus.COMPLETED, False)
