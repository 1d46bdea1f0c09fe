"""A job that works on images gets them, and changes nothing of them but what may change."""

import io
from typing import Any

import pytest
from PIL import Image

from studio.clock import now
from studio.images.model import JobKind
from studio.jobs import refund, states
from studio.jobs.model import Job, JobErrorCode, JobStatus
from studio.media.store import Media
from tests.unit.workers.arriving import arrivals_of
from tests.unit.workers.fakes import png, providers_of, runner, script_of
from tests.unit.world import USER, World
from workers.imaging.guard import decode, look
from workers.imaging.upright import open_upright
from workers.maker import ImageMaker
from workers.outcome import TransientError
from workers.run import Runner

SIZE = (96, 64)


@pytest.fixture
def world(world: World) -> World:
    world.joined()
    return world


def bring(world: World, content: bytes, **given: Any) -> str:
    """Upload a picture and have it looked at."""
    upload = world.upload(**given)
    world.media.client.put_object(Bucket="media", Key=upload.key, Body=content)
    arrivals_of(world).look_at(upload.key)
    return upload.id


def left_half(size: tuple[int, int] = SIZE) -> bytes:
    mask = Image.new("L", size)
    mask.paste(255, (0, 0, size[0] // 2, size[1]))
    return encoded(mask)


def encoded(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def plain(size: tuple[int, int] = SIZE, colour: tuple[int, int, int] = (255, 0, 0)) -> bytes:
    return encoded(Image.new("RGB", size, colour))


def ended(world: World, worker: Runner, job: Job) -> Job:
    worker.run([job.id])
    found = world.jobs.find(job.id)
    assert found
    return found


def picture(media: Media, job: Job) -> Image.Image:
    assert job.image
    assert job.image.content_type == "image/png"
    return open_upright(media.read(job.image.key, 10**8).data)


def test_the_model_gets_every_input_by_its_role(world: World) -> None:
    image, texture, mask = png(*SIZE), png(50, 50), left_half()
    ids: dict[str, Any] = {"image": bring(world, image), "texture": bring(world, texture), "mask": bring(world, mask)}
    worker = runner(world, lambda _: plain())
    job = ended(world, worker, world.texture(**ids))
    assert job.status == JobStatus.COMPLETED
    given = script_of(worker).inputs
    assert (given["image"], given["mask"]) == (image, mask)
    assert open_upright(given["texture"]).size == (50, 50)


@pytest.mark.parametrize("kind", ["edit", "texture"])
def test_outside_the_mask_not_a_bit_changes(world: World, kind: str) -> None:
    content = png(*SIZE)
    ids: dict[str, Any] = {"image": bring(world, content), "mask": bring(world, left_half())}
    wish = world.edit(**ids) if kind == "edit" else world.texture(**ids, texture=ids["image"])
    job = ended(world, runner(world, lambda _: plain((200, 100))), wish)
    result, original = picture(world.media, job), open_upright(content)
    right = (SIZE[0] // 2, 0, *SIZE)
    assert result.size == SIZE
    assert result.crop(right).tobytes() == original.crop(right).tobytes()
    assert result.getpixel((0, 32)) == (255, 0, 0)


def test_a_grown_canvas_keeps_its_middle(world: World) -> None:
    content = png(*SIZE)
    wish = world.edit(image=bring(world, content), mode="OUTPAINT", outpaint={"left": 10, "bottom": 20})
    job = ended(world, runner(world, lambda _: plain((300, 300))), wish)
    result = picture(world.media, job)
    assert result.size == (SIZE[0] + 10, SIZE[1] + 20)
    assert result.crop((10, 0, SIZE[0] + 10, SIZE[1])).tobytes() == open_upright(content).tobytes()
    assert result.getpixel((0, 80)) == (255, 0, 0)


def test_without_a_mask_the_models_picture_is_the_result(world: World) -> None:
    made = png(33, 44)
    job = ended(world, runner(world, lambda _: made), world.camera(image=bring(world, png(*SIZE))))
    assert job.image
    assert decode(look(world.media.read(job.image.key, 10**8).data)).tobytes() == decode(look(made)).tobytes()


def test_an_input_that_is_gone_fails_the_job_and_all_comes_back(world: World) -> None:
    id_ = bring(world, png(*SIZE))
    wish = world.camera(image=id_)
    world.media.client.delete_object(Bucket="media", Key=wish.image_spec.inputs["image"].key)
    worker = runner(world, lambda _: plain())
    job = ended(world, worker, wish)
    assert job.failure
    assert job.failure.code == JobErrorCode.INVALID_IMAGE
    assert script_of(worker).calls == 0
    assert refund.due(job)
    world.refunds.give_back(job, now())
    assert world.person().points == 20
    assert world.drift() == 0


def test_a_bad_input_fails_the_job_and_says_why(world: World) -> None:
    ids: dict[str, Any] = {"image": bring(world, png(*SIZE)), "mask": bring(world, encoded(Image.new("L", SIZE)))}
    job = ended(world, runner(world, lambda _: plain()), world.edit(**ids))
    assert job.failure
    assert (job.failure.code, "mask is black" in job.failure.message) == (JobErrorCode.INVALID_IMAGE, True)


def test_an_upload_that_was_replaced_by_something_else_fails_the_job(world: World) -> None:
    ids: dict[str, Any] = {"image": bring(world, png(*SIZE)), "mask": bring(world, left_half())}
    wish = world.edit(**ids)
    world.media.client.put_object(Bucket="media", Key=wish.image_spec.inputs["image"].key, Body=b"another")
    job = ended(world, runner(world, lambda _: plain()), wish)
    assert job.failure
    assert job.failure.code == JobErrorCode.INVALID_IMAGE


def test_a_models_bad_picture_is_not_the_inputs_fault(world: World) -> None:
    ids: dict[str, Any] = {"image": bring(world, png(*SIZE)), "mask": bring(world, left_half())}
    job = ended(world, runner(world, lambda _: plain()[:-30]), world.edit(**ids))
    assert job.failure
    assert job.failure.code == JobErrorCode.PROVIDER_REJECTED


def test_an_edit_is_retried_and_canceled_like_a_generation(world: World) -> None:
    id_ = bring(world, png(*SIZE))

    def busy(_: Job) -> bytes:
        raise TransientError(0.0)

    first = ended(world, runner(world, busy, busy, lambda _: plain()), world.camera(image=id_))
    assert first.status == JobStatus.COMPLETED

    def cancel_then_answer(job_: Job) -> bytes:
        world.job_actions.cancel(USER, job_.id, now())
        return plain()

    wish = world.edit(clientRequestId="b", image=id_, mask=bring(world, left_half()))
    job = ended(world, runner(world, cancel_then_answer), wish)
    assert job.status == JobStatus.CANCELED
    stored = list(world.media.keys("results/"))
    assert stored == [first.image.key if first.image else ""]


def test_an_image_that_comes_too_late_takes_its_sizes_along(world: World) -> None:
    look = arrivals_of(world).look_at

    class Resized(Media):
        """Has the resizer look before the worker can settle, and the owner cancel between the two."""

        def put_new(self, image: Any, content: Any, job: str | None = None) -> None:
            super().put_new(image, content, job)
            look(image.key)
            world.job_actions.cancel(USER, job or "", now())

    worker = runner(world, lambda _: plain())
    media = Resized("media", lambda: world.media.client)
    worker = Runner(world.jobs, media, ImageMaker(media, providers_of(worker)), 150, 120, 0)
    job = ended(world, worker, world.generate()[0])
    assert job.status == JobStatus.CANCELED
    assert list(world.media.keys("")) == []


def test_a_kind_that_no_provider_makes_is_our_fault(world: World) -> None:
    worker = runner(world, lambda _: plain())
    providers = {key: each for key, each in providers_of(worker).items() if key[1] != JobKind.GENERATE}
    without = Runner(world.jobs, world.media, ImageMaker(world.media, providers), 150, 120, 0)
    job = ended(world, without, world.generate()[0])
    assert job.failure
    assert job.failure.code == JobErrorCode.INTERNAL


def test_the_lease_is_kept_while_a_large_image_is_put_together(world: World) -> None:
    wish = world.edit(image=bring(world, png(*SIZE)), mask=bring(world, left_half()))

    def almost_too_late(job_: Job) -> bytes:
        world.jobs.apply(states.renew(job_, now(), 1))
        return plain()

    dues: list[int | None] = []
    media = world.media

    class Watching(Media):
        def put_new(self, image: Any, content: Any, job: str | None = None) -> None:
            found = world.jobs.find(wish.id)
            dues.append(found.due if found else None)
            super().put_new(image, content, job)

    worker = runner(world, almost_too_late)
    watching = Watching("media", lambda: media.client)
    ended(world, Runner(world.jobs, watching, ImageMaker(watching, providers_of(worker)), 150, 120, 0), wish)
    assert dues[0]
    assert dues[0] > now().timestamp() * 1000 + 100_000


def test_a_result_too_heavy_for_an_upload_can_be_changed_again(world: World) -> None:
    """What was stored without loss may weigh more than what people may send."""
    out = io.BytesIO()
    Image.new("RGB", (2600, 2600), (0, 0, 255)).save(out, "PNG", compress_level=0)
    assert len(out.getvalue()) > 20_000_000
    made = ended(world, runner(world, lambda _: out.getvalue()), world.generate()[0])
    assert made.image
    arrivals_of(world).look_at(made.image.key)
    wish = world.edit(clientRequestId="b", image=made.id, mask=bring(world, left_half((260, 260))))
    job = ended(world, runner(world, lambda _: plain()), wish)
    assert job.status == JobStatus.COMPLETED
    found = world.jobs.find(made.id)
    assert found
    assert found.variants["large"].width == 2048
