"""Every kind of change is checked, finds its images, is charged and can be asked again like a generation."""

import uuid
from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studio.errors import ErrorType, StudioError
from studio.images.model import Camera, EditMode, JobKind, Outpaint
from studio.images.request import camera_sync, edit
from studio.jobs import states
from studio.jobs.model import Job
from studio.media.model import MAX_PIXELS, StoredImage, UploadRejection
from studio.media.table import ready, reject
from tests.unit.world import BASICS, OTHER, USER, World, asked, picture_of, thumbnail_of
from workers.imaging.headers.header import MAX_PIXELS as MAX_PIXELS_OPENED


@pytest.fixture(autouse=True)
def _joined(world: World) -> None:
    world.joined()


def refusal(call: Any, *args: Any, **given_: Any) -> ErrorType:
    with pytest.raises(StudioError) as error:
        call(*args, **given_)
    return error.value.type


def make_every_kind(world: World) -> list[Job]:
    image, other, mask = world.uploaded(), world.uploaded(), world.uploaded(purpose="MASK")
    return [
        world.generate(clientRequestId="a", references=[image, other])[0],
        world.edit(clientRequestId="b", image=image, mask=mask),
        world.edit(clientRequestId="c", image=image, mode="OUTPAINT", outpaint={"left": 64, "top": None}),
        world.camera(clientRequestId="d", image=image, yaw=-12.345, zoom=2.5),
        world.texture(clientRequestId="e", image=image, texture=other),
        world.texture(clientRequestId="f", image=image, texture=other, mask=mask, prompt=None),
        world.transform(JobKind.UPSCALE, clientRequestId="g", image=image, prompt=None),
        world.transform(JobKind.REMOVE_BACKGROUND, clientRequestId="h", image=image, model="stable-image"),
        world.transform(JobKind.VARIATION, clientRequestId="i", image=image, prompt="in winter"),
    ]


def sized(world: World, size: tuple[int, int]) -> str:
    upload = world.upload()
    image = StoredImage(f"uploads/{upload.id}", "image/png", *size, 9)
    world.uploads.apply(ready(upload, image, {}, int(world.time.timestamp()) + 99))
    return upload.id


def completed(world: World, **given_: Any) -> Job:
    job = world.jobs.step(states.claim(world.generate(**given_)[0], "w", world.time, 150))
    return world.jobs.step(states.complete(job, picture_of(job), world.time))


def test_every_kind_says_what_it_works_on_and_survives_the_table(world: World) -> None:
    jobs = make_every_kind(world)
    assert world.jobs.find_many([job.id for job in jobs]) == jobs
    roles = [list(job.image_spec.inputs) for job in jobs]
    assert roles == [
        ["reference-0", "reference-1"],
        ["image", "mask"],
        ["image"],
        ["image"],
        ["image", "texture"],
        ["image", "texture", "mask"],
        *[["image"]] * 3,
    ]
    generated, inpainted, outpainted, seen, _, textured, *_ = (job.image_spec for job in jobs)
    assert generated.references == ["reference-0", "reference-1"]
    assert (inpainted.mode, inpainted.size, inpainted.aspect_ratio) == (EditMode.INPAINT_INSERT, None, None)
    assert outpainted.outpaint == Outpaint(left=64)
    assert seen.camera == Camera(Decimal("-12.34"), Decimal(0), Decimal("2.5"))
    assert textured.prompt == ""
    image = inpainted.inputs["image"]
    assert (image.key, image.width, image.height) == (f"uploads/{USER.sub}/{image.id}/original", 640, 480)


def test_every_kind_costs_what_it_was_quoted_and_is_charged_once(world: World) -> None:
    make_every_kind(world)
    assert world.person().points == 11
    assert world.drift() == 0


def test_every_kind_can_be_tried_again(world: World) -> None:
    for job in make_every_kind(world):
        canceled = world.job_actions.cancel(USER, job.id, world.time)
        assert canceled
        wish = world.job_actions.again(USER, job.id, f"again {job.id}".replace(" ", "-"))
        assert wish
        new = world.job_creator.accept(USER, wish, world.time)[0]
        assert (new.kind, replace(new.image_spec, seed=job.image_spec.seed), new.link) == (job.kind, job.spec, job.link)
        assert [each.id for each in world.job_creator.accept(USER, wish, world.time)] == [new.id]


def test_a_picture_that_was_made_can_be_changed(world: World) -> None:
    made = completed(world)
    edited = world.camera(clientRequestId="next", image=made.id)
    assert made.image
    assert edited.image_spec.inputs["image"].key == made.image.key


def test_what_is_only_looked_at_is_taken_in_a_smaller_size(world: World) -> None:
    made = completed(world)
    world.jobs.step(states.resized(made, {"large": thumbnail_of(made)}, "tag", world.time))
    job = world.texture(clientRequestId="next", image=made.id, texture=made.id)
    assert made.image
    assert {role: image.key for role, image in job.image_spec.inputs.items()} == {
        "image": made.image.key,
        "texture": thumbnail_of(made).key,
    }


def test_only_ones_own_ready_pictures_can_be_used(world: World) -> None:
    rejected = world.upload()
    world.uploads.step(reject(rejected, UploadRejection.DAMAGED, "No.", rejected.expires_at))
    pending = world.generate(clientRequestId="pending")[0]
    images = {
        ErrorType.UPLOAD_UNKNOWN: [str(uuid.uuid4()), world.uploaded(OTHER)],
        ErrorType.UPLOAD_NOT_READY: [world.upload().id],
        ErrorType.UPLOAD_REJECTED: [rejected.id],
        ErrorType.JOB_NOT_COMPLETED: [pending.id],
        ErrorType.ID_MALFORMED: ["uploads/user-1/original", ""],
    }
    for type_, ids in images.items():
        for id_ in ids:
            assert refusal(world.camera, image=id_) == type_
            assert refusal(world.generate, references=[world.uploaded(), id_]) == type_
    world.joined(OTHER)
    assert refusal(world.camera, OTHER, image=completed(world, clientRequestId="mine").id) == ErrorType.UPLOAD_UNKNOWN
    assert world.person().points == 18


def test_an_upload_whose_time_has_passed_is_unknown(world: World) -> None:
    id_ = world.uploaded()
    world.later(31 * 86_400)
    assert refusal(world.camera, image=id_) == ErrorType.UPLOAD_UNKNOWN


def test_asked_again_when_the_upload_is_gone_it_is_the_same_job(world: World) -> None:
    id_ = world.uploaded()
    job = world.camera(image=id_)
    world.uploads.client.delete_item(TableName="Uploads", Key={"id": {"S": id_}})
    assert world.camera(image=id_).id == job.id
    assert world.person().points == 19
    assert refusal(world.camera, image=id_, yaw=31.0) == ErrorType.REQUEST_ID_REUSED
    assert refusal(world.camera, image=id_, clientRequestId="new") == ErrorType.UPLOAD_UNKNOWN


def test_other_pictures_make_another_request(world: World) -> None:
    first, second = world.uploaded(), world.uploaded()
    world.generate(references=[first, second])
    for other in ([second, first], [first], []):
        assert refusal(world.generate, references=other) == ErrorType.REQUEST_ID_REUSED


def test_requests_from_before_a_release_are_the_same_afterwards() -> None:
    """Marks are for ever: this one was written by the first release."""
    mark = "8138310f08a86d8e81091eea59d4a31b8083ef7f74561c1c45f05e01c080ea1c"
    assert asked(prompt="a lighthouse at dusk", link={"boardId": "b"}).fingerprint == mark


@pytest.mark.parametrize(
    ("given_", "type_"),
    [
        ({"mask": None}, ErrorType.MASK_MISSING),
        ({"mode": "INPAINT_REMOVE", "mask": None}, ErrorType.MASK_MISSING),
        ({"mode": "BACKGROUND_SWAP", "mask": None}, ErrorType.MASK_MISSING),
        ({"prompt": None}, ErrorType.PROMPT_EMPTY),
        ({"prompt": " "}, ErrorType.PROMPT_EMPTY),
        ({"mode": "BACKGROUND_SWAP", "prompt": ""}, ErrorType.PROMPT_EMPTY),
        ({"mode": "INPAINT_REMOVE", "prompt": "x" * 4001}, ErrorType.PROMPT_TOO_LONG),
        ({"outpaint": {"left": 1}}, ErrorType.EDIT_MODE_MISMATCH),
        ({"mode": "OUTPAINT", "outpaint": {"left": 1}}, ErrorType.EDIT_MODE_MISMATCH),
        ({"mode": "OUTPAINT", "mask": None}, ErrorType.OUTPAINT_OUT_OF_RANGE),
        ({"mode": "OUTPAINT", "mask": None, "outpaint": {}}, ErrorType.OUTPAINT_OUT_OF_RANGE),
        ({"mode": "OUTPAINT", "mask": None, "outpaint": {"left": 0}}, ErrorType.OUTPAINT_OUT_OF_RANGE),
        ({"mode": "OUTPAINT", "mask": None, "outpaint": {"top": 1025}}, ErrorType.OUTPAINT_OUT_OF_RANGE),
        ({"mode": "OUTPAINT", "mask": None, "outpaint": {"top": 9, "left": -1}}, ErrorType.OUTPAINT_OUT_OF_RANGE),
        ({"image": "../x"}, ErrorType.ID_MALFORMED),
        ({"clientRequestId": ""}, ErrorType.REQUEST_ID_MALFORMED),
    ],
)
def test_a_bad_edit_has_its_own_error(given_: dict[str, Any], type_: ErrorType) -> None:
    id_ = str(uuid.uuid4())
    assert refusal(edit, {**BASICS, "image": id_, "mask": id_, "mode": "INPAINT_INSERT", **given_}) == type_


@pytest.mark.parametrize("mode", EditMode)
def test_what_an_edit_does_not_use_is_named(mode: EditMode) -> None:
    id_ = str(uuid.uuid4())
    given_: Any = {**BASICS, "image": id_, "mask": id_, "mode": mode, "outpaint": {"left": 10}}
    with pytest.raises(StudioError) as error:
        edit(given_)
    assert error.value.type == ErrorType.EDIT_MODE_MISMATCH
    assert error.value.message == f"{mode.words} uses no {'mask' if mode.grows else 'outpaint'}; please leave it out."


@pytest.mark.parametrize(
    "given_",
    [
        {"yaw": 180.01},
        {"yaw": -181},
        {"pitch": 90.5},
        {"pitch": -91},
        {"zoom": 0.24},
        {"zoom": 0},
        {"zoom": 4.01},
        {"yaw": float("nan")},
        {"zoom": float("inf")},
    ],
)
def test_a_camera_has_bounds(given_: dict[str, float]) -> None:
    wish: Any = {**BASICS, "image": str(uuid.uuid4()), "yaw": 0, "pitch": 0, **given_}
    with pytest.raises(StudioError) as error:
        camera_sync(wish)
    (field,) = given_
    least, most = {"yaw": (-180, 180), "pitch": (-90, 90), "zoom": (0.25, 4)}[field]
    assert error.value.type == ErrorType.CAMERA_OUT_OF_RANGE
    assert error.value.facts == {"field": field, "min": least, "max": most}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.floats(-180, 180), st.floats(-90, 90), st.none() | st.floats(0.25, 4))
def test_any_camera_in_its_bounds_is_kept_to_a_hundredth(
    world: World, yaw: float, pitch: float, zoom: float | None
) -> None:
    world.clear().joined()
    image = world.uploaded()
    wish = camera_sync(BASICS | {"image": image, "yaw": yaw, "pitch": pitch, "zoom": zoom})
    job = world.job_creator.accept(USER, wish, world.time)[0]
    kept = world.jobs.find_many([job.id])[0].image_spec.camera
    assert kept == job.image_spec.camera
    assert kept
    for value, given_ in ((kept.yaw, yaw), (kept.pitch, pitch), (kept.zoom, zoom or 1)):
        assert abs(float(value) - given_) <= 0.0051
    again = camera_sync(BASICS | {"image": image, "yaw": yaw, "pitch": pitch, "zoom": zoom})
    assert again.fingerprint == wish.fingerprint


def test_a_canvas_is_no_larger_than_an_image_may_be(world: World) -> None:
    upload = world.upload()
    large = StoredImage(upload.key, "image/png", 8000, 6000, 9)
    world.uploads.step(ready(upload, large, {}, upload.expires_at))
    wish: dict[str, Any] = {"image": upload.id, "mode": "OUTPAINT"}
    assert refusal(world.edit, **wish, outpaint={"left": 334}) == ErrorType.OUTPAINT_OUT_OF_RANGE
    assert world.edit(**wish, outpaint={"left": 333}).image_spec.outpaint == Outpaint(left=333)
    assert MAX_PIXELS == MAX_PIXELS_OPENED


def test_references_have_a_number(world: World) -> None:
    six = [world.uploaded() for _ in range(6)]
    assert len(world.generate(references=six)[0].image_spec.inputs) == 6
    assert refusal(asked, references=[*six, six[0]]) == ErrorType.TOO_MANY_REFERENCES
    other = {"clientRequestId": "other", "model": "sdxl", "references": six[:1]}
    assert refusal(world.generate, **other) == ErrorType.TOO_MANY_REFERENCES


@pytest.mark.parametrize(
    ("model", "size", "accepted"),
    [
        ("stable-image", (1024, 1024), True),
        ("stable-image", (1536, 682), True),
        ("stable-image", (1025, 1024), False),
        ("stable-image", (1537, 10), False),
        ("nanobanana-pro", (2048, 2048), True),
        ("nanobanana-pro", (2049, 10), False),
    ],
)
def test_what_is_too_large_to_become_larger_is_refused_before_the_charge(
    world: World, model: str, size: tuple[int, int], accepted: bool
) -> None:
    upload_id = sized(world, size)
    if accepted:
        assert world.transform(JobKind.UPSCALE, image=upload_id, model=model).kind == JobKind.UPSCALE
        assert world.person().points == 19
    else:
        with pytest.raises(StudioError) as error:
            world.transform(JobKind.UPSCALE, image=upload_id, model=model)
        assert (error.value.type, world.person().points) == (ErrorType.IMAGE_TOO_LARGE, 20)
        assert error.value.facts["image"] == {"width": size[0], "height": size[1]}
        for fact in ("maxSide", "maxPixels"):
            assert f"{error.value.facts[fact]:,}" in error.value.message
    world.transform(JobKind.VARIATION, clientRequestId="other", image=upload_id, model=model)


@pytest.mark.parametrize(
    ("image", "mask", "fits"),
    [
        ((640, 480), (640, 480), True),
        ((640, 480), (320, 240), True),
        ((4032, 3024), (2048, 1536), True),
        ((1000, 667), (333, 222), True),
        ((333, 222), (1000, 667), True),
        ((1024, 1024), (1024, 1026), True),
        ((640, 480), (480, 640), False),
        ((640, 480), (640, 478), False),
        ((640, 480), (512, 512), False),
        ((1024, 1024), (1024, 1030), False),
        ((64, 64), (32, 64), False),
    ],
)
@pytest.mark.parametrize("kind", [World.edit, World.texture])
def test_a_mask_of_another_shape_is_refused_before_the_charge(
    world: World, kind: Any, image: tuple[int, int], mask: tuple[int, int], fits: bool
) -> None:
    image_id, texture, mask_id = sized(world, image), sized(world, (90, 70)), sized(world, mask)
    names = {"image": image_id, "mask": mask_id} | ({"texture": texture} if kind is World.texture else {})
    if fits:
        assert kind(world, **names).charge.points == 1
        return
    with pytest.raises(StudioError) as error:
        kind(world, **names)
    assert (error.value.type, world.person().points) == (ErrorType.MASK_MISMATCH, 20)
    for width, height in (image, mask):
        assert f"{width:,} by {height:,}" in error.value.message
    sizes = {"image": image, "mask": mask}
    assert error.value.facts == {name: {"width": size[0], "height": size[1]} for name, size in sizes.items()}


def test_a_mask_is_measured_against_a_picture_that_was_made_too(world: World) -> None:
    made = completed(world)
    assert made.image
    other = sized(world, (made.image.width, made.image.height // 2))
    refused = refusal(world.edit, clientRequestId="other", image=made.id, mask=other)
    assert (refused, world.person().points) == (ErrorType.MASK_MISMATCH, 19)
    assert world.edit(clientRequestId="own", image=made.id, mask=made.id).charge.points == 1


def test_a_seed_is_drawn_where_the_work_takes_one(world: World) -> None:
    drawn = {job.kind: job.image_spec.seed_drawn for job in make_every_kind(world)}
    assert drawn == {kind: kind != JobKind.REMOVE_BACKGROUND for kind in JobKind}
    larger = world.transform(JobKind.UPSCALE, clientRequestId="j", image=world.uploaded(), model="stable-image")
    assert larger.image_spec.seed is None


def test_a_seed_can_be_asked_for_where_the_work_takes_one(world: World) -> None:
    image, mask = world.uploaded(), world.uploaded(purpose="MASK")
    asks = [
        partial(world.edit, image=image, mask=mask),
        partial(world.camera, image=image),
        partial(world.texture, image=image, texture=image),
        partial(world.transform, JobKind.VARIATION, image=image),
    ]
    for number, ask in enumerate(asks):
        job = ask(clientRequestId=f"seven-{number}", seed=7)
        assert (job.image_spec.seed, job.image_spec.seed_drawn) == (7, False)
        assert refusal(ask, clientRequestId=f"seven-{number}", seed=8) == ErrorType.REQUEST_ID_REUSED
        assert refusal(ask, clientRequestId="far", seed=2**31) == ErrorType.SEED_OUT_OF_RANGE
    cut_out = {"clientRequestId": "none", "image": image, "model": "stable-image", "seed": 7}
    assert refusal(world.transform, JobKind.REMOVE_BACKGROUND, **cut_out) == ErrorType.SEED_NOT_SUPPORTED


def test_the_same_words_for_another_kind_are_another_request(world: World) -> None:
    image = world.uploaded()
    world.transform(JobKind.VARIATION, image=image)
    assert refusal(world.transform, JobKind.UPSCALE, image=image) == ErrorType.REQUEST_ID_REUSED


def test_a_kind_the_model_lacks(world: World) -> None:
    assert refusal(world.camera, image=world.uploaded(), model="stable-image") == ErrorType.KIND_NOT_SUPPORTED
    assert world.edit(image=world.uploaded(), mask=world.uploaded(), model="stable-image").kind == JobKind.EDIT


def test_a_model_that_starts_slowly_has_longer(world: World) -> None:
    quick, slow = world.generate()[0], world.generate(clientRequestId="slow", model="sdxl")[0]
    assert slow.deadline - quick.deadline == (3600 - 840) * 1000


def test_no_kind_but_generation_gives_its_image_a_size(world: World) -> None:
    sizes = {job.kind: (job.image_spec.size, job.image_spec.aspect_ratio) for job in make_every_kind(world)}
    assert {kind for kind, size in sizes.items() if size == (None, None)} == set(JobKind) - {JobKind.GENERATE}


KINDS = st.sampled_from(["basic", "pro", "edit", "camera", "texture", "stable", "larger", "cut out", "varied"])


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(KINDS, st.booleans()), max_size=8), st.integers(0, 12))
def test_whatever_the_kind_the_books_are_right(world: World, wishes: list[tuple[str, bool]], points: int) -> None:
    world.clear().joined(points=points)
    id_ = world.uploaded()
    paid = free = 0
    refusals: set[ErrorType] = set()
    for i, (kind, canceled) in enumerate(wishes):
        try:
            job = ask_for(world, kind, f"r{i}", id_)
        except StudioError as error:
            refusals.add(error.type)
            continue
        assert ask_for(world, kind, f"r{i}", id_).id == job.id
        if canceled:
            ended = world.job_actions.cancel(USER, job.id, world.time)
            assert ended
            assert world.refunds.give_back(ended, world.time)
            assert not world.refunds.give_back(ended, world.time)
        else:
            paid, free = paid + job.charge.points, free + job.charge.free_images
    assert refusals <= {ErrorType.POINTS_NOT_ENOUGH}
    assert world.person().points == points - paid
    assert world.drift() == 0
    total = world.usage.day(USER.sub, world.time.date().isoformat()).total
    assert (total.points, total.free) == (paid, free)
    assert free <= 3


def ask_for(world: World, kind: str, request: str, id_: str) -> Job:
    given_: dict[str, Any] = {"clientRequestId": request}
    image: dict[str, Any] = {**given_, "image": id_}
    ways: dict[str, Any] = {
        "basic": lambda: world.generate(**given_, model="nanobanana-basic")[0],
        "pro": lambda: world.generate(**given_, references=[id_])[0],
        "camera": lambda: world.camera(**image),
        "texture": lambda: world.texture(**image, texture=id_),
        "larger": lambda: world.transform(JobKind.UPSCALE, **image, model="stable-upscale-conservative"),
        "cut out": lambda: world.transform(JobKind.REMOVE_BACKGROUND, **image, model="stable-image"),
        "varied": lambda: world.transform(JobKind.VARIATION, **image),
        "stable": lambda: world.edit(**image, mask=id_, model="stable-image"),
        "edit": lambda: world.edit(**image, mask=id_),
    }
    return ways[kind]()
