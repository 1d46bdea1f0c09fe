"""Google's answers in the words of the refund table, through its own SDK on a transport in memory."""

import base64
import io
import json
from dataclasses import replace
from datetime import timedelta
from email.utils import format_datetime
from typing import Any

import httpx
import pytest
from google.auth.exceptions import GoogleAuthError, RefreshError, TransportError
from google.genai import Client, types
from google.oauth2.credentials import Credentials
from PIL import Image

from studio.clock import now
from studio.images.model import JobKind
from studio.jobs.model import Failure, Job, JobErrorCode
from tests.unit.workers.edits import inputs_of, transformation
from tests.unit.workers.fakes import png
from tests.unit.world import World
from workers.outcome import (
    BLOCKED,
    RECITATION,
    REFUSED,
    REJECTED,
    RETIRED,
    UNAVAILABLE,
    UNUSABLE,
    FinalError,
    TransientError,
)
from workers.providers.gemini import BLOCKS, ENDS, Gemini

IMAGE = png()


def gemini(answer: Any, credentials: Credentials | None = None) -> tuple[Gemini, list[httpx.Request]]:
    seen: list[httpx.Request] = []

    def respond(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        if isinstance(answer, Exception):
            raise answer
        return answer

    options = types.HttpOptions(
        base_url="http://127.0.0.1:9", httpx_client=httpx.Client(transport=httpx.MockTransport(respond))
    )
    client = Client(
        vertexai=True,
        project="p",
        location="global",
        credentials=credentials or Credentials(token="t"),
        http_options=options,
    )
    return Gemini(client, {"nanobanana-pro": "gemini-3-pro-image"}), seen


@pytest.mark.parametrize(
    ("kind", "size", "asked", "words"),
    [
        (JobKind.UPSCALE, (320, 256), "1K", "this very image in a higher resolution"),
        (JobKind.UPSCALE, (1024, 768), "2K", "this very image in a higher resolution"),
        (JobKind.UPSCALE, (1200, 2048), "4K", "this very image in a higher resolution"),
        (JobKind.VARIATION, (1024, 768), "1K", "a variation of this image"),
        (JobKind.VARIATION, (3000, 768), "4K", "a variation of this image"),
    ],
)
def test_a_transformation_is_asked_for_in_words_and_in_a_size_that_holds_it(
    kind: JobKind, size: tuple[int, int], asked: str, words: str
) -> None:
    provider, seen = gemini(candidate(content={"parts": [inline(IMAGE)]}, finishReason="STOP"))
    wish = replace(transformation(kind, "a boat", size), model="nanobanana-pro")
    assert provider.make(wish, inputs_of(wish)) == IMAGE
    sent = json.loads(seen[0].content)
    picture, text = sent["contents"][0]["parts"]
    assert "inlineData" in picture
    assert words in text["text"]
    assert text["text"].endswith("a boat")
    assert sent["generationConfig"]["imageConfig"] == {"imageSize": asked}


def candidate(**parts: Any) -> httpx.Response:
    return httpx.Response(200, json={"candidates": [parts]})


def inline(content: bytes) -> dict[str, Any]:
    return {"inlineData": {"mimeType": "image/png", "data": base64.b64encode(content).decode()}}


def draft(content: bytes) -> dict[str, Any]:
    return {**inline(content), "thought": True}


@pytest.fixture
def job(world: World) -> Job:
    world.joined()
    given: dict[str, Any] = {"size": "TWO_K", "aspectRatio": "LANDSCAPE_16_9", "seed": 5, "negativePrompt": "rain"}
    return world.generate(**given)[0]


def test_the_request_is_what_google_documents(job: Job) -> None:
    worker, seen = gemini(candidate(content={"parts": [{"text": "Here it is."}, inline(IMAGE)]}))
    assert worker.make(job, {}) == IMAGE
    (request,) = seen
    assert request.url.path.endswith("/publishers/google/models/gemini-3-pro-image:generateContent")
    assert request.headers["authorization"] == "Bearer t"
    body = httpx.Response(200, content=request.content).json()
    assert body["generationConfig"] == {
        "responseModalities": ["TEXT", "IMAGE"],
        "seed": 5,
        "imageConfig": {"aspectRatio": "16:9", "imageSize": "2K"},
    }
    assert body["contents"][0]["parts"] == [{"text": "a lighthouse at dusk\n\nAvoid: rain"}]


@pytest.mark.parametrize(
    ("answer", "failure"),
    [
        (candidate(finishReason="IMAGE_SAFETY"), BLOCKED),
        (candidate(finishReason="PROHIBITED_CONTENT"), BLOCKED),
        (httpx.Response(200, json={"promptFeedback": {"blockReason": "PROHIBITED_CONTENT"}}), BLOCKED),
        (httpx.Response(200, json={}), UNUSABLE),
        (candidate(content={"parts": [{"text": "I cannot draw that."}]}, finishReason="STOP"), REFUSED),
        (candidate(content={"parts": [{"text": "I cannot draw that."}]}, finishReason="NO_IMAGE"), REFUSED),
        (candidate(content={"parts": [{"text": " "}, {"text": "Hm, a fox?", "thought": True}]}), UNUSABLE),
        (candidate(content={"parts": [draft(IMAGE), draft(IMAGE)]}, finishReason="STOP"), UNUSABLE),
        (candidate(content={"parts": [draft(IMAGE)]}, finishReason="IMAGE_RECITATION"), RECITATION),
        (httpx.Response(200, json={"promptFeedback": {"blockReason": "OTHER"}}), REJECTED),
        (httpx.Response(200, content=b"<html>"), UNUSABLE),
        (httpx.Response(400, json={"error": {"code": 400, "message": "no", "status": "INVALID_ARGUMENT"}}), REJECTED),
        (httpx.Response(403, json={"error": {"code": 403, "message": "no", "status": "DENIED"}}), REJECTED),
        (httpx.Response(404, json={"error": {"code": 404, "message": "no", "status": "NOT_FOUND"}}), RETIRED),
    ],
)
def test_what_trying_again_would_not_help(job: Job, answer: httpx.Response, failure: Failure) -> None:
    worker, seen = gemini(answer)
    with pytest.raises(FinalError) as error:
        worker.make(job, {})
    assert error.value.failure == failure
    assert len(seen) == 1


@pytest.mark.parametrize(
    "parts",
    [
        [draft(png(8, 8)), {"text": "Better.", "thought": True}, draft(png(9, 9)), inline(IMAGE)],
        [inline(png(8, 8)), {"text": "Here it is."}, {**inline(IMAGE), "thoughtSignature": "c2lnbmVk"}],
        [inline(IMAGE), draft(png(8, 8)), {"text": "Done."}],
    ],
)
def test_drafts_are_not_the_image(job: Job, parts: list[dict[str, Any]]) -> None:
    worker, _ = gemini(candidate(content={"parts": parts}, finishReason="STOP"))
    assert worker.make(job, {}) == IMAGE


@pytest.mark.parametrize("reason", [each.name for each in types.FinishReason])
def test_every_end_of_an_answer_is_in_the_table(job: Job, reason: str) -> None:
    """What a newer SDK knows has to be decided on; whatever the decision, no job is left without an end."""
    worker, _ = gemini(candidate(content={"parts": [inline(IMAGE)]}, finishReason=reason))
    failure = ENDS[reason]
    if failure is None:
        assert worker.make(job, {}) == IMAGE
        return
    with pytest.raises(FinalError) as error:
        worker.make(job, {})
    assert error.value.failure == failure
    counted = failure.code == JobErrorCode.SAFETY_BLOCKED
    assert counted == (not {"RECITATION", "OTHER", "LANGUAGE"} & set(reason.split("_")) and failure != UNUSABLE)


def test_every_reason_to_block_a_prompt_is_in_the_table() -> None:
    assert set(BLOCKS) == {each.name for each in types.BlockedReason}


@pytest.mark.filterwarnings("ignore:.* is not a valid:UserWarning")
def test_reasons_that_are_new_count_as_nothing_unsafe(job: Job) -> None:
    ended = candidate(content={"parts": [inline(IMAGE)]}, finishReason="TIRED")
    blocked = httpx.Response(200, json={"promptFeedback": {"blockReason": "TIRED"}})
    for answer, failure in ((ended, UNUSABLE), (blocked, REJECTED)):
        with pytest.raises(FinalError) as error:
            gemini(answer)[0].make(job, {})
        assert error.value.failure == failure


@pytest.mark.parametrize(
    "answer",
    [
        *(httpx.Response(status, json={"error": {"code": status}}) for status in (408, 429, 500, 502, 503, 504)),
        httpx.Response(503, content=b"<html>upstream"),
        httpx.ConnectError("refused"),
        httpx.ReadTimeout("late"),
        httpx.RemoteProtocolError("cut off"),
    ],
)
def test_what_may_be_better_in_a_moment(job: Job, answer: Any) -> None:
    worker, seen = gemini(answer)
    with pytest.raises(TransientError) as error:
        worker.make(job, {})
    assert error.value.retry_after is None
    assert len(seen) == 1


def test_retry_after_in_seconds_and_as_a_date(job: Job) -> None:
    def asked(value: str) -> float | None:
        worker, _ = gemini(httpx.Response(429, json={"error": {"code": 429}}, headers={"retry-after": value}))
        with pytest.raises(TransientError) as error:
            worker.make(job, {})
        return error.value.retry_after

    assert asked("7") == 7
    assert asked("soon") is None
    assert asked(format_datetime(now() + timedelta(seconds=20), usegmt=True)) == pytest.approx(20, abs=2)
    assert asked(format_datetime(now() - timedelta(seconds=20), usegmt=True)) == 0


RPC = "type.googleapis.com/google.rpc."


def busy(*details: dict[str, Any], message: str = "Resource exhausted.", **headers: str) -> httpx.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.Response(429, json={"error": {"code": 429, "message": message, "details": details}}, headers=named)


def retry_info(delay: object) -> dict[str, Any]:
    return {"@type": f"{RPC}RetryInfo", "retryDelay": delay}


def over_quota(quota: str) -> dict[str, Any]:
    return {"@type": f"{RPC}QuotaFailure", "violations": [{"quotaMetric": "m", "quotaId": quota}]}


ODD_DELAYS = (
    "soon",
    None,
    "12.5 minutes",
    "nans",
    "1e999s",
    {},
    "",
    "1_2s",
    " 12s",
    "+12s",
    "\u0661\u0662s",
    "\uff11s",
)


@pytest.mark.parametrize(
    ("answer", "seconds"),
    [
        (busy(retry_info("12.837906927s")), 12.837906927),
        (busy({"@type": f"{RPC}Help"}, over_quota("RequestsPerMinute"), retry_info("12s")), 12),
        (busy(retry_info("12s"), retry_after="3"), 12),
        (busy(retry_info("3s"), retry_after="12"), 12),
        (busy(message="Quota exceeded. Please retry in 12.5s."), 12.5),
        (busy(message="Please retry in 250ms."), 0.25),
        (busy(message="Please retry in 1m4.5s."), 64.5),
        (busy(message="Too many requests. Please wait 2 minutes."), 120),
        (busy(message="Retry after 30 secs"), 30),
        (busy(message="Please retry in 1h0m30.25s."), 3630.25),
        (busy(retry_info("-4s")), 0),
        *((busy(retry_info(odd)), None) for odd in ODD_DELAYS),
        (httpx.Response(503, json=[{"error": {"code": 503, "details": [retry_info("7s")]}}]), 7),
        (httpx.Response(429, json={"error": {"code": 429, "details": [7, None, {"@type": None}]}}), None),
        (httpx.Response(429, json={"error": {"code": 429, "details": "busy"}}), None),
    ],
)
def test_the_pause_that_google_asks_for(job: Job, answer: httpx.Response, seconds: float | None) -> None:
    with pytest.raises(TransientError) as error:
        gemini(answer)[0].make(job, {})
    assert error.value.retry_after == seconds


@pytest.mark.parametrize(
    "answer",
    [
        busy(over_quota("GenerateContentRequestsPerDayPerProjectPerModel"), retry_info("30s")),
        busy({"@type": f"{RPC}ErrorInfo", "metadata": {"quota_limit": "RequestsPerDayPerProject"}}),
        busy(message="You exceeded your daily quota."),
    ],
)
def test_a_quota_of_the_day_is_not_tried_again(job: Job, answer: httpx.Response) -> None:
    with pytest.raises(FinalError) as error:
        gemini(answer)[0].make(job, {})
    assert error.value.failure == UNAVAILABLE


def parts_of(request: httpx.Request) -> tuple[list[Image.Image], str]:
    """Return the pictures of a request in their order, and the text after them."""
    *pictures, text = httpx.Response(200, content=request.content).json()["contents"][0]["parts"]
    files = [io.BytesIO(base64.urlsafe_b64decode(part["inlineData"]["data"])) for part in pictures]
    return [Image.open(file) for file in files], text["text"]


def asked(job: Job, inputs: dict[str, bytes]) -> tuple[list[tuple[int, int]], str, dict[str, Any]]:
    worker, seen = gemini(candidate(content={"parts": [inline(IMAGE)]}))
    assert worker.make(job, inputs) == IMAGE
    pictures, text = parts_of(seen[0])
    config = httpx.Response(200, content=seen[0].content).json()["generationConfig"]
    return [each.size for each in pictures], text, config["imageConfig"]


def test_an_edit_is_the_image_its_mask_and_what_to_do(world: World) -> None:
    world.joined()
    job = world.edit(image=world.uploaded(), mask=world.uploaded(), prompt="a {red} boat", mode="INPAINT_INSERT")
    sizes, text, config = asked(job, {"image": png(60, 40), "mask": png(60, 40)})
    assert sizes == [(60, 40), (60, 40)]
    assert "Edit the first image: a {red} boat" in text
    assert "mask" in text
    assert config == {"imageSize": "1K"}


def test_a_canvas_is_shown_grown_with_its_mask(world: World) -> None:
    world.joined()
    job = world.edit(image=world.uploaded(), mode="OUTPAINT", prompt=None, outpaint={"right": 1000, "top": 10})
    sizes, text, config = asked(job, {"image": png(60, 40)})
    assert sizes == [(1060, 50), (1060, 50)]
    assert "beyond its edges" in text
    assert config == {"imageSize": "2K"}


def test_a_camera_is_told_in_words(world: World) -> None:
    world.joined()
    image = world.uploaded()
    job = world.camera(image=image, yaw=-30.5, pitch=10.0, zoom=0.5, prompt="at night")
    sizes, text, _ = asked(job, {"image": png(60, 40)})
    assert sizes == [(60, 40)]
    assert "moved 30.5° around the scene to the left, moved 10° up" in text
    assert "zoomed out to 0.5 times" in text
    assert "at night" in text
    still = world.camera(clientRequestId="still", image=image, yaw=0, pitch=0)
    assert "stays where it is" in asked(still, {"image": png()})[1]


def test_a_texture_comes_second_and_a_mask_last(world: World) -> None:
    world.joined()
    ids: dict[str, Any] = {role: world.uploaded() for role in ("image", "texture", "mask")}
    sizes, text, _ = asked(world.texture(**ids), {"mask": png(60, 40), "texture": png(9, 9), "image": png(60, 40)})
    assert sizes == [(60, 40), (9, 9), (60, 40)]
    assert "second image" in text
    assert "mask" in text


def test_references_come_in_their_order(world: World) -> None:
    world.joined()
    job = world.generate(references=[world.uploaded(), world.uploaded()])[0]
    sizes, text, config = asked(job, {"reference-1": png(20, 20), "reference-0": png(10, 10)})
    assert sizes == [(10, 10), (20, 20)]
    assert text.startswith("a lighthouse at dusk\n\nThe images are references")
    assert config == {"aspectRatio": "1:1", "imageSize": "1K"}


def test_an_input_that_cannot_be_used_is_not_sent(world: World) -> None:
    world.joined()
    worker, seen = gemini(candidate(content={"parts": [inline(IMAGE)]}))
    with pytest.raises(FinalError) as error:
        worker.make(world.camera(image=world.uploaded()), {"image": b"another"})
    assert error.value.failure.code == JobErrorCode.INVALID_IMAGE
    assert seen == []


class Tokenless(Credentials):
    """Credentials whose token endpoint is in trouble."""

    def __init__(self, trouble: GoogleAuthError) -> None:
        super().__init__(token=None)
        self._trouble = trouble

    def refresh(self, request: Any) -> None:  # noqa: ARG002 - as its base names it
        raise self._trouble


@pytest.mark.parametrize("trouble", [TransportError("away"), RefreshError("busy", retryable=True)])
def test_a_token_endpoint_in_trouble_may_do_better_in_a_moment(job: Job, trouble: GoogleAuthError) -> None:
    worker, seen = gemini(candidate(), Tokenless(trouble))
    with pytest.raises(TransientError):
        worker.make(job, {})
    assert not seen


def test_a_credential_that_is_refused_is_our_own_fault(job: Job) -> None:
    worker, _ = gemini(candidate(), Tokenless(RefreshError("invalid_grant")))
    with pytest.raises(RefreshError):
        worker.make(job, {})
