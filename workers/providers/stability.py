"""Stability's models on Amazon Bedrock: some generate, and tools change what there is."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from studio.images.model import IMAGE, AspectRatio, EditMode, Input, JobKind, Outpaint
from studio.jobs.model import Job
from workers.imaging.prepare import Limits, fitted
from workers.outcome import BLOCKED, UNUSABLE, FinalError, TransientError
from workers.provider import Pictures
from workers.providers.invoke import invoke
from workers.providers.pictures import cropped, from_base64
from workers.providers.scene import scene

if TYPE_CHECKING:
    from types_boto3_bedrock_runtime import BedrockRuntimeClient

# https://docs.aws.amazon.com/bedrock/latest/userguide/stable-image-services.html; a body may have 25 MB.
LIMITS = Limits(max_side=3072, max_pixels=3072 * 3072, max_base64=16_000_000, min_side=64)
_PASSING = "Inference error"
# To these models seed 0 is none; this is their last one, and beyond all that can be asked for here.
_SEED_ZERO = 2**32 - 2
# Inference profiles of the US regions: what a model of ours has done that only generates itself.
INPAINT = "us.stability.stable-image-inpaint-v1:0"
ERASE = "us.stability.stable-image-erase-object-v1:0"
OUTPAINT = "us.stability.stable-outpaint-v1:0"
UPSCALE = "us.stability.stable-fast-upscale-v1:0"
CUT_OUT = "us.stability.stable-image-remove-background-v1:0"
STRUCTURE = "us.stability.stable-image-control-structure-v1:0"
_CORE, _SD35, _UPSCALER = "stable-image-core", "sd3", "-upscale-"
# How far a variation may go from its image: from 0, not at all, to 1. And how close it keeps to what is where.
_STRENGTH, _CONTROL = 0.65, 0.6
# Sixteen megapixels without loss are more than an answer may have, which is 25 MB of Base64.
_FORMATS = {JobKind.UPSCALE: "jpeg"}
# These models need a prompt.
_SHARP, _ALIKE = "the same picture, sharp and rich in detail", "a variation of the same picture"

# The nearest shapes that the generators make; they have neither 3:4 nor 4:3.
RATIOS: Mapping[AspectRatio, str] = {
    AspectRatio.SQUARE: "1:1",
    AspectRatio.PORTRAIT_3_4: "4:5",
    AspectRatio.LANDSCAPE_4_3: "5:4",
    AspectRatio.PORTRAIT_9_16: "9:16",
    AspectRatio.LANDSCAPE_16_9: "16:9",
    AspectRatio.PORTRAIT_2_3: "2:3",
    AspectRatio.LANDSCAPE_3_2: "3:2",
    AspectRatio.PORTRAIT_4_5: "4:5",
    AspectRatio.LANDSCAPE_5_4: "5:4",
    AspectRatio.PORTRAIT_9_21: "9:21",
    AspectRatio.LANDSCAPE_21_9: "21:9",
}


@dataclass(frozen=True)
class Stability:
    """Makes one image a call; `model` is the one that generates, or one that only makes images larger."""

    client: "BedrockRuntimeClient"
    model: str

    def make(self, job: Job, inputs: Pictures) -> bytes:
        """Ask for one image.

        Raises
        ------
        TransientError
            See `invoke`; also where the model failed half way.
        FinalError
            Blocked, refused, retired, or an answer without an image.
        """
        model, body = self._asked(job, inputs)
        seed = {} if job.image_spec.seed is None else {"seed": job.image_spec.seed or _SEED_ZERO}
        format_ = _FORMATS.get(JobKind(job.kind), "png")
        image = _image(invoke(self.client, model, {**body, **seed, "output_format": format_}))
        return cropped(image, job.image_spec.aspect_ratio)

    def _asked(self, job: Job, inputs: Pictures) -> tuple[str, dict[str, Any]]:
        """Return which model is asked, and what."""
        match job.kind:
            case JobKind.EDIT:
                return _edit(job, inputs)
            case JobKind.UPSCALE:
                return self._upscaling(job, inputs)
            case JobKind.REMOVE_BACKGROUND:
                return CUT_OUT, {"image": _shown(job, inputs)}
            case JobKind.VARIATION:
                return self._variation(job, inputs)
            case _:
                return self.model, _generation(job)

    def _upscaling(self, job: Job, inputs: Pictures) -> tuple[str, dict[str, Any]]:
        image = {"image": _shown(job, inputs)}
        if _UPSCALER not in self.model:
            return UPSCALE, image
        return self.model, {"prompt": job.image_spec.prompt or _SHARP, **image}

    def _variation(self, job: Job, inputs: Pictures) -> tuple[str, dict[str, Any]]:
        body = {"prompt": job.image_spec.prompt or _ALIKE, "image": _shown(job, inputs)}
        if _CORE in self.model:  # it takes no image itself
            return STRUCTURE, {**body, "control_strength": _CONTROL}
        mode = {"mode": "image-to-image"} if _SD35 in self.model else {}
        return self.model, {**body, "strength": _STRENGTH, **mode}


def _shown(job: Job, inputs: Pictures) -> str:
    (image,) = scene(job, inputs, LIMITS).pictures
    return image.base64


def _generation(job: Job) -> dict[str, Any]:
    avoid = {"negative_prompt": job.image_spec.negative_prompt} if job.image_spec.negative_prompt else {}
    ratio = RATIOS[job.image_spec.aspect_ratio or AspectRatio.SQUARE]
    return {"prompt": job.image_spec.prompt, "aspect_ratio": ratio, **avoid}


def _edit(job: Job, inputs: Pictures) -> tuple[str, dict[str, Any]]:
    if job.image_spec.outpaint:
        return OUTPAINT, _outpaint(job, inputs, job.image_spec.outpaint)
    shown = scene(job, inputs, LIMITS)
    assert shown.mask  # every other edit has one
    files = {"image": shown.pictures[0].base64, "mask": shown.mask.base64}
    if job.image_spec.mode is EditMode.INPAINT_REMOVE:
        return ERASE, files
    return INPAINT, {"prompt": job.image_spec.prompt, **files}


def _outpaint(job: Job, inputs: Pictures, outpaint: Outpaint) -> dict[str, Any]:
    """The model grows the image itself: what is sent is as much smaller as the result must be to fit."""
    size = job.image_spec.inputs[IMAGE]
    grown = _grown(size, outpaint)
    scale = min(1.0, fitted(grown, LIMITS)[0] / grown[0])
    alone = replace(job, spec=replace(job.image_spec, outpaint=None))
    (image,) = scene(alone, inputs, replace(LIMITS, max_side=round(max(size.width, size.height) * scale))).pictures
    sides = {"left": outpaint.left, "right": outpaint.right, "up": outpaint.top, "down": outpaint.bottom}
    margins = {side: round(pixels * scale) for side, pixels in sides.items()}
    return {"image": image.base64, "prompt": job.image_spec.prompt, **margins}


def _grown(size: Input, outpaint: Outpaint) -> tuple[int, int]:
    return size.width + outpaint.left + outpaint.right, size.height + outpaint.top + outpaint.bottom


def _image(answer: Mapping[str, Any]) -> bytes:
    """Return the image; an answer with status 200 may still say that there is none."""
    for reason in answer.get("finish_reasons") or []:
        if reason and str(reason).startswith("Filter reason"):
            raise FinalError(BLOCKED)
        if reason:
            raise TransientError if reason == _PASSING else FinalError(UNUSABLE)
    images = answer.get("images") or []
    if not images:
        raise FinalError(UNUSABLE)
    return from_base64(images[0])
