"""Google's Gemini image models on Vertex AI, through google-genai."""

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

import httpx
from google.auth.exceptions import GoogleAuthError, TransportError
from google.genai import Client, errors, types

from studio.clock import now
from studio.jobs.model import AspectRatio, ImageSize, Job
from workers.outcome import BLOCKED, REJECTED, RETIRED, UNUSABLE, FinalError, TransientError

SIZES: Mapping[ImageSize, str] = {ImageSize.ONE_K: "1K", ImageSize.TWO_K: "2K", ImageSize.FOUR_K: "4K"}
RATIOS: Mapping[AspectRatio, str] = {
    AspectRatio.SQUARE: "1:1",
    AspectRatio.PORTRAIT_3_4: "3:4",
    AspectRatio.LANDSCAPE_4_3: "4:3",
    AspectRatio.PORTRAIT_9_16: "9:16",
    AspectRatio.LANDSCAPE_16_9: "16:9",
}
_BLOCKING = frozenset({"SAFETY", "IMAGE_SAFETY", "PROHIBITED_CONTENT", "IMAGE_PROHIBITED_CONTENT", "BLOCKLIST", "SPII"})
_TOO_MANY, _NOT_FOUND, _TIMEOUT, _SERVER = 429, 404, 408, 500


@dataclass(frozen=True)
class Gemini:
    """Makes one image a call; `models` maps the catalogue's names to Google's."""

    client: Client
    models: Mapping[str, str]

    def make(self, job: Job) -> bytes:
        """Ask for one image.

        Raises
        ------
        TransientError
            429, 5xx, a timeout or the network, of the token endpoint too; with Retry-After where Google sent one.
        FinalError
            Blocked, refused, retired, or an answer without an image.
        """
        try:
            answer = self.client.models.generate_content(
                model=self.models[job.model], contents=_text(job), config=_config(job)
            )
        except errors.APIError as error:
            raise _failed(error) from error
        except (httpx.TransportError, httpx.TimeoutException) as error:
            raise TransientError from error
        except GoogleAuthError as error:  # the token endpoint, before Google's model was asked at all
            if not (error.retryable or isinstance(error, TransportError)):
                raise
            raise TransientError from error
        except (ValueError, TypeError) as error:  # an answer that is not what the protocol says
            raise FinalError(UNUSABLE) from error
        return _image(answer)


def _text(job: Job) -> str:
    avoid = job.spec.negative_prompt
    return f"{job.spec.prompt}\n\nAvoid: {avoid}" if avoid else job.spec.prompt


def _config(job: Job) -> types.GenerateContentConfig:
    return types.GenerateContentConfig(
        response_modalities=["TEXT", "IMAGE"],
        seed=job.spec.seed,
        image_config=types.ImageConfig(aspect_ratio=RATIOS[job.spec.aspect_ratio], image_size=SIZES[job.spec.size]),
    )


def _image(answer: types.GenerateContentResponse) -> bytes:
    """Return the first image of the answer; a blocked one has a reason and no parts."""
    if answer.prompt_feedback and answer.prompt_feedback.block_reason:
        raise FinalError(BLOCKED)
    for candidate in answer.candidates or []:
        if candidate.finish_reason and candidate.finish_reason.name in _BLOCKING:
            raise FinalError(BLOCKED)
        for part in (candidate.content and candidate.content.parts) or []:
            if part.inline_data and part.inline_data.data:
                return part.inline_data.data
    raise FinalError(UNUSABLE)


def _failed(error: errors.APIError) -> Exception:
    if error.code in {_TOO_MANY, _TIMEOUT} or error.code >= _SERVER:
        return TransientError(_retry_after(error))
    return FinalError(RETIRED if error.code == _NOT_FOUND else REJECTED)


def _retry_after(error: errors.APIError) -> float | None:
    """Read Retry-After: seconds, or a date."""
    text = getattr(error.response, "headers", {}).get("retry-after", "")
    with contextlib.suppress(ValueError):
        return max(0.0, float(text))
    with contextlib.suppress(ValueError):
        return max(0.0, (parsedate_to_datetime(text) - now()).total_seconds())
    return None
