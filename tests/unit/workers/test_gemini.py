"""Google's answers in the words of the refund table, through its own SDK on a transport in memory."""

import base64
from datetime import timedelta
from email.utils import format_datetime
from typing import Any

import httpx
import pytest
from google.auth.exceptions import GoogleAuthError, RefreshError, TransportError
from google.genai import Client, types
from google.oauth2.credentials import Credentials

from studio.clock import now
from studio.jobs.model import Failure, Job
from tests.unit.workers.fakes import png
from tests.unit.world import World
from workers.gemini import Gemini
from workers.outcome import BLOCKED, REJECTED, RETIRED, UNUSABLE, FinalError, TransientError

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


def candidate(**parts: Any) -> httpx.Response:
    return httpx.Response(200, json={"candidates": [parts]})


def inline(content: bytes) -> dict[str, Any]:
    return {"inlineData": {"mimeType": "image/png", "data": base64.b64encode(content).decode()}}


@pytest.fixture
def job(world: World) -> Job:
    world.joined()
    given: dict[str, Any] = {"size": "TWO_K", "aspectRatio": "LANDSCAPE_16_9", "seed": 5, "negativePrompt": "rain"}
    return world.generate(**given)[0]


def test_the_request_is_what_google_documents(job: Job) -> None:
    worker, seen = gemini(candidate(content={"parts": [{"text": "Here it is."}, inline(IMAGE)]}))
    assert worker.make(job) == IMAGE
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
        (candidate(content={"parts": [{"text": "I cannot draw today."}]}, finishReason="STOP"), UNUSABLE),
        (httpx.Response(200, content=b"<html>"), UNUSABLE),
        (httpx.Response(400, json={"error": {"code": 400, "message": "no", "status": "INVALID_ARGUMENT"}}), REJECTED),
        (httpx.Response(403, json={"error": {"code": 403, "message": "no", "status": "DENIED"}}), REJECTED),
        (httpx.Response(404, json={"error": {"code": 404, "message": "no", "status": "NOT_FOUND"}}), RETIRED),
    ],
)
def test_what_trying_again_would_not_help(job: Job, answer: httpx.Response, failure: Failure) -> None:
    worker, seen = gemini(answer)
    with pytest.raises(FinalError) as error:
        worker.make(job)
    assert error.value.failure == failure
    assert len(seen) == 1


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
        worker.make(job)
    assert error.value.retry_after is None
    assert len(seen) == 1


def test_retry_after_in_seconds_and_as_a_date(job: Job) -> None:
    def asked(value: str) -> float | None:
        worker, _ = gemini(httpx.Response(429, json={"error": {"code": 429}}, headers={"retry-after": value}))
        with pytest.raises(TransientError) as error:
            worker.make(job)
        return error.value.retry_after

    assert asked("7") == 7
    assert asked("soon") is None
    assert asked(format_datetime(now() + timedelta(seconds=20), usegmt=True)) == pytest.approx(20, abs=2)
    assert asked(format_datetime(now() - timedelta(seconds=20), usegmt=True)) == 0


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
        worker.make(job)
    assert not seen


def test_a_credential_that_is_refused_is_our_own_fault(job: Job) -> None:
    worker, _ = gemini(candidate(), Tokenless(RefreshError("invalid_grant")))
    with pytest.raises(RefreshError):
        worker.make(job)
