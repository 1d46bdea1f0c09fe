"""Google's Gemini image models on Vertex AI, through google-genai."""

from collections.abc import Mapping
from dataclasses import dataclass

import httpx
from google.auth.exceptions import GoogleAuthError, TransportError
from google.genai import Client, errors, types

from studio.images.model import IMAGE, AspectRatio, ImageSize, JobKind, Outpaint
from studio.jobs.model import Failure, Job
from workers.imaging.prepare import Limits
from workers.outcome import BLOCKED, RECITATION, REFUSED, REJECTED, UNUSABLE, FinalError, TransientError
from workers.provider import Pictures
from workers.providers.scene import scene
from workers.providers.status import error_object, failure_of
from workers.providers.wording import instructions

SIZES: Mapping[ImageSize, str] = {ImageSize.ONE_K: "1K", ImageSize.TWO_K: "2K", ImageSize.FOUR_K: "4K"}
SIDES: Mapping[ImageSize, int] = {ImageSize.ONE_K: 1024, ImageSize.TWO_K: 2048, ImageSize.FOUR_K: 4096}
RATIOS: Mapping[AspectRatio, str] = {
    AspectRatio.SQUARE: "1:1",
    AspectRatio.PORTRAIT_3_4: "3:4",
    AspectRatio.LANDSCAPE_4_3: "4:3",
    AspectRatio.PORTRAIT_9_16: "9:16",
    AspectRatio.LANDSCAPE_16_9: "16:9",
    AspectRatio.PORTRAIT_2_3: "2:3",
    AspectRatio.LANDSCAPE_3_2: "3:2",
    AspectRatio.PORTRAIT_4_5: "4:5",
    AspectRatio.LANDSCAPE_5_4: "5:4",
    AspectRatio.LANDSCAPE_21_9: "21:9",
    AspectRatio.PORTRAIT_1_4: "1:4",
    AspectRatio.LANDSCAPE_4_1: "4:1",
    AspectRatio.PORTRAIT_1_8: "1:8",
    AspectRatio.LANDSCAPE_8_1: "8:1",
}
_LARGER = 2  # times
# "Maximum file size per file for inline data: 7 MB"; and no picture is asked for that is larger than 4K:
# https://docs.cloud.google.com/vertex-ai/generative-ai/docs/multimodal/image-understanding
LIMITS = Limits(max_side=4096, max_pixels=4096 * 4096, max_base64=7_000_000 * 4 // 3)
# What each end of an answer means; None: it counts as it is. One that is new to us gives no usable image.
ENDS: Mapping[str, Failure | None] = {
    **dict.fromkeys(("FINISH_REASON_UNSPECIFIED", "STOP", "NO_IMAGE"), None),
    **dict.fromkeys(("SAFETY", "PROHIBITED_CONTENT", "BLOCKLIST", "SPII"), BLOCKED),
    **dict.fromkeys(("IMAGE_SAFETY", "IMAGE_PROHIBITED_CONTENT"), BLOCKED),
    **dict.fromkeys(("RECITATION", "IMAGE_RECITATION"), RECITATION),
    **dict.fromkeys(("OTHER", "IMAGE_OTHER", "MAX_TOKENS", "CONTINUATION"), UNUSABLE),
    **dict.fromkeys(("MALFORMED_FUNCTION_CALL", "UNEXPECTED_TOOL_CALL", "TOO_MANY_TOOL_CALLS"), UNUSABLE),
    "LANGUAGE": REJECTED,
}
# Why a prompt was not even begun; one that is new to us is no proof of an unsafe prompt.
BLOCKS: Mapping[str, Failure] = {
    **dict.fromkeys(("SAFETY", "IMAGE_SAFETY", "PROHIBITED_CONTENT", "BLOCKLIST"), BLOCKED),
    **dict.fromkeys(("MODEL_ARMOR", "JAILBREAK"), BLOCKED),
    **dict.fromkeys(("BLOCKED_REASON_UNSPECIFIED", "OTHER"), REJECTED),
}


@dataclass(frozen=True)
class Gemini:
    """Makes one image a call; `models` maps the catalogue's names to Google's."""

    client: Client
    models: Mapping[str, str]

    def make(self, job: Job, inputs: Pictures) -> bytes:
        """Ask for one image.

        Raises
        ------
        TransientError
            429, 5xx, a timeout or the network, of the token endpoint too; with the pause that Google asked for.
        FinalError
            Blocked, refused, too close to another's work, retired, or an answer without an image.
        """
        try:
            answer = self.client.models.generate_content(
                model=self.models[job.model], contents=_contents(job, inputs), config=_config(job)
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


def _contents(job: Job, inputs: Pictures) -> types.Content:
    """Return the images in the order that the instructions speak of, and the instructions."""
    files = scene(job, inputs, LIMITS).files if inputs else []
    shown = [types.Part.from_bytes(data=each.content, mime_type=each.content_type) for each in files]
    return types.Content(role="user", parts=[*shown, types.Part.from_text(text=instructions(job))])


def _config(job: Job) -> types.GenerateContentConfig:
    """Without a ratio the answer has the shape of the first image."""
    ratio = job.image_spec.aspect_ratio
    return types.GenerateContentConfig(
        response_modalities=["TEXT", "IMAGE"],
        seed=job.image_spec.seed,
        image_config=types.ImageConfig(
            aspect_ratio=RATIOS[ratio] if ratio else None, image_size=SIZES[job.image_spec.size or _own_size(job)]
        ),
    )


def _own_size(job: Job) -> ImageSize:
    """Return the smallest size that holds the job's image, grown where it grows, and twice as large to be larger."""
    image, grown = job.image_spec.inputs[IMAGE], job.image_spec.outpaint or Outpaint()
    longest = max(image.width + grown.left + grown.right, image.height + grown.top + grown.bottom)
    longest *= _LARGER if job.kind == JobKind.UPSCALE else 1
    return next((size for size, side in SIDES.items() if longest <= side), ImageSize.FOUR_K)


def _image(answer: types.GenerateContentResponse) -> bytes:
    """Return the image of the answer; a blocked one has a reason and no parts."""
    if answer.prompt_feedback and answer.prompt_feedback.block_reason:
        raise FinalError(BLOCKS.get(answer.prompt_feedback.block_reason.name, REJECTED))
    if not answer.candidates:
        raise FinalError(UNUSABLE)
    end = answer.candidates[0].finish_reason
    failure = ENDS.get(end.name, UNUSABLE) if end else None
    if failure:
        raise FinalError(failure)
    return _final(answer.candidates[0])


def _final(candidate: types.Candidate) -> bytes:
    """Return the last image: those before it, and all that are thoughts, are drafts."""
    parts = [part for part in (candidate.content and candidate.content.parts) or [] if not part.thought]
    images = [part.inline_data.data for part in parts if part.inline_data and part.inline_data.data]
    if images:
        return images[-1]
    raise FinalError(REFUSED if any((part.text or "").strip() for part in parts) else UNUSABLE)


def _failed(error: errors.APIError) -> Exception:
    reported = error_object(error.details)  # pyright: ignore[reportUnknownMemberType] - the SDK gives it no type
    return failure_of(error.code, getattr(error.response, "headers", None), reported.get("details"), error.message)
