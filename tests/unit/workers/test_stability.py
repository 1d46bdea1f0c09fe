"""Stability's answers in the words of the refund table: the real SDK against the local endpoint."""

import io

import pytest
from PIL import Image

from studio.images.model import AspectRatio, EditMode, JobKind
from studio.jobs.model import Failure, Job
from tests.unit.workers.bedrock_calls import PASSING, client, recorded, without_pictures
from tests.unit.workers.edits import MODES, SIZE, calls, edit, generation, inputs_of, photo, pixels, transformation
from tests.unit.workers.endpoints import in_vain, set_fault
from workers.finish import finished
from workers.imaging.resize import resize
from workers.outcome import BLOCKED, REJECTED, RETIRED, UNAVAILABLE, UNUSABLE, FinalError, TransientError
from workers.picture import inspect
from workers.providers.stability import CUT_OUT, ERASE, INPAINT, OUTPAINT, STRUCTURE, UPSCALE, Stability

SD35, ULTRA = "stability.sd3-5-large-v1:0", "stability.stable-image-ultra-v1:1"
CONSERVATIVE, CREATIVE = (f"us.stability.stable-{kind}-upscale-v1:0" for kind in ("conservative", "creative"))
CORE = "stability.stable-image-core-v1:1"
TALL = generation(ratio=AspectRatio.PORTRAIT_3_4, seed=7, negative_prompt="rain")


def stability(url: str, model: str = CORE, region: str = "us-west-2", seconds: float = 20) -> Stability:
    return Stability(client(url, region, seconds), model)


def failure_of(provider: Stability, job: Job = TALL) -> Failure:
    with pytest.raises(FinalError) as error:
        provider.make(job, inputs_of(job))
    return error.value.failure


def test_a_generation_has_exactly_the_shape_that_was_asked_for(url: str) -> None:
    provider = stability(url)
    sent = recorded(provider.client)
    made = provider.make(TALL, {})
    with Image.open(io.BytesIO(made)) as image:
        assert image.width * 4 == image.height * 3
    body = {"prompt": "a lighthouse", "negative_prompt": "rain", "aspect_ratio": "4:5", "seed": 7}
    assert sent == [(CORE, {**body, "output_format": "png"})]


def test_seed_0_can_be_repeated_like_any_other(url: str) -> None:
    job = generation(seed=0)
    assert stability(url).make(job, {}) == stability(url).make(job, {})


@pytest.mark.parametrize("mode", MODES)
def test_an_edit_changes_what_the_mask_shows_and_nothing_else(url: str, mode: EditMode) -> None:
    job = edit(mode)
    kept = pixels(finished(job, inputs_of(job), stability(url).make(job, inputs_of(job))))
    original = pixels(inputs_of(job)["image"])
    if job.image_spec.outpaint:
        left, right = job.image_spec.outpaint.left, job.image_spec.outpaint.left + SIZE[0]
        assert kept.shape == (SIZE[1] + 16, SIZE[0] + 96, 3)
        assert (kept[: SIZE[1], left:right] == original).all()
    else:
        assert (kept[:, SIZE[0] // 2 :] == original[:, SIZE[0] // 2 :]).all()
    assert (kept[:200, 8:24] != original[:200, 8:24]).mean() > 0.5


@pytest.mark.parametrize(
    ("mode", "model", "body"),
    [
        (EditMode.INPAINT_INSERT, INPAINT, {"prompt": "a lighthouse", "image": "…", "mask": "…"}),
        (EditMode.BACKGROUND_SWAP, INPAINT, {"prompt": "a lighthouse", "image": "…", "mask": "…"}),
        (EditMode.INPAINT_REMOVE, ERASE, {"image": "…", "mask": "…"}),
        (
            EditMode.OUTPAINT,
            OUTPAINT,
            {"image": "…", "prompt": "a lighthouse", "left": 32, "right": 64, "up": 0, "down": 16},
        ),
    ],
)
def test_each_edit_has_its_own_model(url: str, mode: EditMode, model: str, body: dict[str, object]) -> None:
    provider, job = stability(url), edit(mode)
    sent = recorded(provider.client)
    provider.make(job, inputs_of(job))
    assert [(to, without_pictures(what)) for to, what in sent] == [(model, {**body, "output_format": "png"})]


@pytest.mark.parametrize(
    ("model", "job", "asked", "body"),
    [
        (CORE, transformation(JobKind.UPSCALE, "a boat"), UPSCALE, {}),
        (CORE, transformation(JobKind.REMOVE_BACKGROUND, "a boat"), CUT_OUT, {}),
        (CORE, transformation(JobKind.VARIATION, "a boat"), STRUCTURE, {"prompt": "a boat", "control_strength": 0.6}),
        (ULTRA, transformation(JobKind.VARIATION, "a boat"), ULTRA, {"prompt": "a boat", "strength": 0.65}),
        (
            SD35,
            transformation(JobKind.VARIATION),
            SD35,
            {"prompt": "a variation of the same picture", "strength": 0.65, "mode": "image-to-image"},
        ),
        (
            CONSERVATIVE,
            transformation(JobKind.UPSCALE),
            CONSERVATIVE,
            {"prompt": "the same picture, sharp and rich in detail"},
        ),
        (CREATIVE, transformation(JobKind.UPSCALE, "a boat"), CREATIVE, {"prompt": "a boat"}),
    ],
)
def test_each_transformation_has_its_own_model(
    url: str, model: str, job: Job, asked: str, body: dict[str, object]
) -> None:
    provider = stability(url, model)
    sent = recorded(provider.client)
    made = provider.make(job, inputs_of(job))
    assert [(to, without_pictures(what)) for to, what in sent] == [
        (asked, {"image": "…", **body, "output_format": "jpeg" if job.kind == JobKind.UPSCALE else "png"})
    ]
    with Image.open(io.BytesIO(made)) as image:
        assert (image.format == "JPEG") == (job.kind == JobKind.UPSCALE)
        assert (image.size == SIZE) == (job.kind != JobKind.UPSCALE)
        assert (image.mode == "RGBA") == (job.kind == JobKind.REMOVE_BACKGROUND)


def test_what_is_larger_keeps_its_shape_and_what_is_cut_out_its_colours(url: str) -> None:
    larger, cut = (transformation(kind) for kind in (JobKind.UPSCALE, JobKind.REMOVE_BACKGROUND))
    four_times = finished(larger, inputs_of(larger), stability(url).make(larger, inputs_of(larger)))
    assert pixels(four_times).shape == (SIZE[1] * 4, SIZE[0] * 4, 3)
    result = finished(cut, inputs_of(cut), stability(url).make(cut, inputs_of(cut)))
    assert (pixels(result) == pixels(inputs_of(cut)["image"])).all()
    with Image.open(io.BytesIO(result)) as image:
        assert (image.mode, image.format) == ("RGBA", "PNG")
        assert image.getchannel("A").getextrema() == (0, 255)
    with Image.open(io.BytesIO(resize(result).variants["thumbnail"].content)) as small:
        assert (small.mode, small.format) == ("RGBA", "WEBP")


@pytest.mark.parametrize("fault", ["wrong-mime", "garbage", "truncated"])
def test_a_picture_without_what_was_asked_for_is_no_usable_one(url: str, fault: str) -> None:
    set_fault(url, fault)  # a JPEG has no transparency
    job = transformation(JobKind.REMOVE_BACKGROUND)
    made = stability(url).make(job, inputs_of(job))
    with pytest.raises(FinalError) as error:
        finished(job, inputs_of(job), made)
    assert error.value.failure == UNUSABLE


def test_a_picture_that_is_no_larger_is_not_what_was_asked_for() -> None:
    job = transformation(JobKind.UPSCALE)
    for size, usable in (((640, 512), True), (SIZE, False), ((640, 256), False)):
        if usable:
            assert finished(job, inputs_of(job), photo(size)) == photo(size)
        else:
            with pytest.raises(FinalError) as error:
                finished(job, inputs_of(job), photo(size))
            assert error.value.failure == UNUSABLE


def test_what_would_grow_too_large_is_sent_smaller() -> None:
    job = edit(EditMode.OUTPAINT, size=(3072, 64))
    provider = stability("http://127.0.0.1:9")
    sent = recorded(provider.client)
    with pytest.raises(TransientError):
        provider.make(job, inputs_of(job))
    ((_, body),) = sent
    assert (body["left"], body["right"]) == (31, 62)


@in_vain
def test_what_trying_again_would_not_help(url: str, fault: str, failure: Failure) -> None:
    set_fault(url, fault)
    before = calls(url)
    assert failure_of(stability(url)) == failure
    assert calls(url) == before + 1


@pytest.mark.parametrize("fault", PASSING)
def test_what_may_be_better_in_a_moment(url: str, fault: str) -> None:
    set_fault(url, fault)
    before = calls(url)
    with pytest.raises(TransientError) as error:
        stability(url).make(TALL, {})
    assert error.value.retry_after is None
    assert calls(url) == before + 1, "the runner tries again, not the SDK"


def test_retry_after_an_answer_that_takes_too_long_and_nobody_there(url: str) -> None:
    set_fault(url, "retry-after:7", "slow:1.5")
    with pytest.raises(TransientError) as error:
        stability(url).make(TALL, {})
    assert error.value.retry_after == 7
    for late in (stability(url, seconds=0.3), stability("http://127.0.0.1:9")):
        with pytest.raises(TransientError):
            late.make(TALL, {})


@pytest.mark.parametrize("fault", ["garbage", "truncated"])
def test_what_is_no_image_is_found_before_it_is_kept(url: str, fault: str) -> None:
    set_fault(url, fault, fault)
    assert failure_of(stability(url)) == UNUSABLE, "where it is cropped"
    job = edit(EditMode.INPAINT_REMOVE)
    made = stability(url).make(job, inputs_of(job))
    with pytest.raises(FinalError) as error:
        inspect("job-1", made)
    assert error.value.failure == UNUSABLE


def test_the_endpoints_own_filter_other_regions_and_models_that_are_gone(url: str) -> None:
    assert failure_of(stability(url), generation("something forbidden")) == BLOCKED
    assert failure_of(stability(url, region="us-east-1")) == REJECTED
    assert failure_of(stability(url, "stability.stable-image-core-v9:0")) == REJECTED
    assert failure_of(stability(url, "stability.stable-image-core-v1:0")) == RETIRED


def test_the_pause_that_only_the_body_asks_for_and_a_quota_of_the_day(url: str) -> None:
    set_fault(url, "retry-info:12.5", "daily-quota")
    with pytest.raises(TransientError) as error:
        stability(url).make(TALL, {})
    assert error.value.retry_after == 12.5
    assert failure_of(stability(url)) == UNAVAILABLE


def test_a_reason_that_is_new_is_no_usable_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = {"seeds": [1], "finish_reasons": ["Out of paint"], "images": ["aW1hZ2U="]}
    monkeypatch.setattr("workers.providers.stability.invoke", lambda *_: answer)
    assert failure_of(stability("http://127.0.0.1:9")) == UNUSABLE


def test_an_inference_error_is_passing(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = {"seeds": [1], "finish_reasons": ["Inference error"], "images": []}
    monkeypatch.setattr("workers.providers.stability.invoke", lambda *_: answer)
    with pytest.raises(TransientError):
        stability("http://127.0.0.1:9").make(TALL, {})
