"""Amazon's own models' answers in the words of the refund table: the real SDK against the local endpoint."""

import importlib
import io
from dataclasses import replace
from typing import Any

import pytest
from botocore.stub import Stubber
from PIL import Image

from studio.images.model import AspectRatio, EditMode, Input, reference
from studio.jobs.model import Failure, Job
from tests.unit.workers.bedrock_calls import PASSING, client, recorded, without_pictures
from tests.unit.workers.edits import MODES, SIZE, calls, edit, generation, inputs_of, photo, pixels
from tests.unit.workers.endpoints import in_vain, set_fault
from workers.finish import finished
from workers.outcome import BLOCKED, REJECTED, RETIRED, UNUSABLE, FinalError, TransientError
from workers.picture import inspect
from workers.providers.invoke import invoke
from workers.providers.stability import Stability
from workers.providers.titan import SIZES, Titan

V2, NOVA = "amazon.titan-image-generator-v2:0", "amazon.nova-canvas-v1:0"
SQUARE = generation()


def titan(url: str, model: str = V2, region: str = "us-east-1", seconds: float = 20) -> Titan:
    return Titan(client(url, region, seconds), model)


def failure_of(provider: Titan, job: Job = SQUARE) -> Failure:
    with pytest.raises(FinalError) as error:
        provider.make(job, inputs_of(job))
    return error.value.failure


@pytest.mark.parametrize("ratio", SIZES)
@pytest.mark.parametrize("model", [V2, NOVA])
def test_every_shape_is_made_to_the_pixel(url: str, model: str, ratio: AspectRatio) -> None:
    made = titan(url, model).make(generation(ratio=ratio), {})
    across, down = ratio.shape
    with Image.open(io.BytesIO(made)) as image:
        assert abs(image.width * down - image.height * across) < max(across, down)


def test_what_amazon_is_asked(url: str) -> None:
    provider = titan(url)
    sent = recorded(provider.client)
    provider.make(generation(seed=2**31 - 1, negative_prompt="rain"), {})
    ((model, body),) = sent
    assert model == V2
    assert body == {
        "taskType": "TEXT_IMAGE",
        "textToImageParams": {"text": "a lighthouse", "negativeText": "rain"},
        "imageGenerationConfig": {"numberOfImages": 1, "quality": "standard", "width": 1024, "height": 1024, "seed": 0},
    }


def test_references_make_it_a_variation(url: str) -> None:
    job = replace(SQUARE, spec=replace(SQUARE.spec, inputs={reference(0): Input("i", "k", "image/png", *SIZE)}))
    provider = titan(url)
    sent = recorded(provider.client)
    provider.make(job, {reference(0): photo()})
    ((_, body),) = sent
    assert body["taskType"] == "IMAGE_VARIATION"
    assert without_pictures(body["imageVariationParams"]) == {"text": "a lighthouse", "images": "…"}


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("model", [V2, NOVA])
def test_an_edit_changes_what_the_mask_shows_and_nothing_else(url: str, model: str, mode: EditMode) -> None:
    job = edit(mode)
    kept = pixels(finished(job, inputs_of(job), titan(url, model).make(job, inputs_of(job))))
    original = pixels(inputs_of(job)["image"])
    if job.image_spec.outpaint:
        left, right = job.image_spec.outpaint.left, job.image_spec.outpaint.left + SIZE[0]
        assert kept.shape == (SIZE[1] + 16, SIZE[0] + 96, 3)
        assert (kept[: SIZE[1], left:right] == original).all()
    else:
        assert (kept[:, SIZE[0] // 2 :] == original[:, SIZE[0] // 2 :]).all()
    assert (kept[:200, 8:24] != original[:200, 8:24]).mean() > 0.5


@pytest.mark.parametrize(
    ("mode", "task", "more"),
    [
        (EditMode.INPAINT_INSERT, "INPAINTING", {"text": "a lighthouse"}),
        (EditMode.INPAINT_REMOVE, "INPAINTING", {}),
        (EditMode.OUTPAINT, "OUTPAINTING", {"text": "a lighthouse", "outPaintingMode": "DEFAULT"}),
        (EditMode.BACKGROUND_SWAP, "OUTPAINTING", {"text": "a lighthouse", "outPaintingMode": "PRECISE"}),
    ],
)
def test_each_edit_is_the_task_that_its_mask_is_for(url: str, mode: EditMode, task: str, more: dict[str, str]) -> None:
    provider, job = titan(url), edit(mode)
    sent = recorded(provider.client)
    provider.make(job, inputs_of(job))
    ((_, body),) = sent
    (params,) = (without_pictures(value) for name, value in body.items() if name.endswith("Params"))
    assert body["taskType"] == task
    assert {"image", "maskImage"} <= set(params)
    assert {name: value for name, value in params.items() if name not in {"image", "maskImage"}} == more
    assert body["imageGenerationConfig"] == {"numberOfImages": 1, "quality": "standard"}


def test_a_canvas_may_grow_without_a_word(url: str) -> None:
    job = edit(EditMode.OUTPAINT, prompt="")
    assert titan(url).make(job, inputs_of(job))


@in_vain
def test_what_trying_again_would_not_help(url: str, fault: str, failure: Failure) -> None:
    set_fault(url, fault)
    before = calls(url)
    assert failure_of(titan(url)) == failure
    assert calls(url) == before + 1


@pytest.mark.parametrize("fault", PASSING)
def test_what_may_be_better_in_a_moment(url: str, fault: str) -> None:
    set_fault(url, fault)
    before = calls(url)
    with pytest.raises(TransientError):
        titan(url).make(SQUARE, {})
    assert calls(url) == before + 1, "the runner tries again, not the SDK"


def test_an_answer_that_takes_too_long_is_passing(url: str) -> None:
    set_fault(url, "slow:1.5")
    with pytest.raises(TransientError):
        titan(url, seconds=0.3).make(SQUARE, {})


@pytest.mark.parametrize("fault", ["garbage", "truncated"])
def test_what_is_no_image_is_found_before_it_is_kept(url: str, fault: str) -> None:
    set_fault(url, fault)
    job = edit(EditMode.INPAINT_REMOVE)
    made = titan(url).make(job, inputs_of(job))
    with pytest.raises(FinalError) as error:
        inspect("job-1", made)
    assert error.value.failure == UNUSABLE


def test_the_endpoints_own_filter_and_models_that_are_gone(url: str) -> None:
    assert failure_of(titan(url), generation("something forbidden")) == BLOCKED
    assert failure_of(titan(url), generation("word " * 200)) == REJECTED
    assert failure_of(titan(url, "amazon.titan-image-generator-v1")) == RETIRED


@pytest.mark.parametrize(
    ("code", "status", "message", "passing"),
    [
        ("ModelNotReadyException", 429, "The model is not ready.", True),
        ("ModelTimeoutException", 408, "Timed out.", True),
        ("ServiceQuotaExceededException", 400, "Your request exceeds the quota.", True),
        ("ValidationException", 400, "Malformed input request", False),
        ("ExpiredTokenException", 403, "The security token is expired.", False),
    ],
)
def test_amazons_other_errors(code: str, status: int, message: str, passing: bool) -> None:
    of = client("http://127.0.0.1:9")
    stub = Stubber(of)
    stub.add_client_error("invoke_model", code, message, status)
    with stub, pytest.raises(TransientError if passing else FinalError):
        invoke(of, V2, {})


@pytest.mark.parametrize("code", ["ThrottlingException", "ServiceQuotaExceededException"])
@pytest.mark.parametrize(
    ("headers", "message", "seconds"),
    [
        ({"retry-after": "7"}, "Too many requests.", 7),
        ({"x-amz-retry-after": "1500"}, "Too many requests.", 1.5),
        ({"retry-after": "7", "x-amz-retry-after": "1500"}, "Please wait 9 seconds before trying again.", 9),
        ({}, "Too many requests, please wait before trying again.", None),
    ],
)
def test_the_pause_that_amazon_asks_for(code: str, headers: dict[str, str], message: str, seconds: float) -> None:
    of = client("http://127.0.0.1:9")
    stub = Stubber(of)
    stub.add_client_error("invoke_model", code, message, 400, response_meta={"HTTPHeaders": headers})
    with stub, pytest.raises(TransientError) as error:
        invoke(of, V2, {})
    assert error.value.retry_after == seconds


def test_the_error_of_an_answer_without_images(monkeypatch: pytest.MonkeyPatch) -> None:
    def asked(error: str) -> Failure:
        answer: dict[str, Any] = {"images": [], "error": error}
        monkeypatch.setattr("workers.providers.titan.invoke", lambda *_: answer)
        return failure_of(titan("http://127.0.0.1:9"))

    assert asked("All images have been blocked by our content filters.") == BLOCKED
    assert asked("The model could not finish.") == UNUSABLE


def test_the_bedrock_worker_asks_each_model_in_its_region(monkeypatch: pytest.MonkeyPatch) -> None:
    environment = {
        **dict.fromkeys(("JOBS_TABLE", "MEDIA_BUCKET"), "x"),
        **dict.fromkeys(("RETRY_BASE_SECONDS", "LEASE_SECONDS"), "1"),
        "ATTEMPT_SECONDS": "300",
        "PROVIDER_MODELS": f'{{"titan": "{V2}", "stable-image": "stability.stable-image-core-v1:1"}}',
        "BEDROCK_REGIONS": '{"titan": "us-east-1", "stable-image": "us-west-2"}',
    }
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    bedrock = importlib.import_module("workers.bedrock")
    own, other = bedrock.provider("titan"), bedrock.provider("stable-image")
    assert (type(own), type(other)) == (Titan, Stability)
    assert (own.client.meta.region_name, other.client.meta.region_name) == ("us-east-1", "us-west-2")
    options = own.client.meta.config
    assert (options.read_timeout, options.retries["total_max_attempts"]) == (300, 1)
