"""Amazon's own image models on Bedrock: Titan Image Generator v2 and Nova Canvas, which are asked alike."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from studio.jobs.model import IMAGE, MASK, AspectRatio, EditMode, Job
from workers.imaging import prepare
from workers.outcome import BLOCKED, UNUSABLE, FinalError
from workers.provider import Pictures
from workers.providers.base64 import decoded, encoded
from workers.providers.invoke import filtered, invoke
from workers.providers.shape import cropped

if TYPE_CHECKING:
    from types_boto3_bedrock_runtime import BedrockRuntimeClient

LONGEST = 1408  # pixels of an image that it edits
_SEEDS = 2**31 - 1  # the largest is one less
# The nearest sizes that Titan makes (Nova Canvas takes any multiple of 16, these among them but for the last):
# https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-titan-image.html
_SIZES: Mapping[AspectRatio, tuple[int, int]] = {
    AspectRatio.SQUARE: (1024, 1024),
    AspectRatio.PORTRAIT_3_4: (896, 1152),
    AspectRatio.LANDSCAPE_4_3: (1152, 896),
    AspectRatio.PORTRAIT_9_16: (768, 1408),
    AspectRatio.LANDSCAPE_16_9: (1408, 768),
}


@dataclass(frozen=True)
class Titan:
    """Makes one image a call."""

    client: "BedrockRuntimeClient"
    model: str

    def make(self, job: Job, inputs: Pictures) -> bytes:
        """Ask for one image.

        Raises
        ------
        TransientError
            See `invoke`.
        FinalError
            Blocked, refused, retired, or an answer without an image.
        """
        task = _edit(job, inputs) if job.spec.mode else _generation(job, inputs)
        image = _image(invoke(self.client, self.model, {**task, "imageGenerationConfig": _config(job)}))
        return cropped(image, job.spec.aspect_ratio) if job.spec.aspect_ratio else image


def _config(job: Job) -> dict[str, Any]:
    """Return what all tasks share; an edit has its image's own size."""
    config: dict[str, Any] = {"numberOfImages": 1, "quality": "standard"}
    if job.spec.aspect_ratio:
        config["width"], config["height"] = _SIZES[job.spec.aspect_ratio]
    if job.spec.seed is not None:
        config["seed"] = job.spec.seed % _SEEDS
    return config


def _generation(job: Job, inputs: Pictures) -> dict[str, Any]:
    avoid = {"negativeText": job.spec.negative_prompt} if job.spec.negative_prompt else {}
    references = [encoded(prepare.fitted(inputs[role], LONGEST)) for role in job.spec.references]
    if references:
        params = {"text": job.spec.prompt, "images": references, **avoid}
        return {"taskType": "IMAGE_VARIATION", "imageVariationParams": params}
    return {"taskType": "TEXT_IMAGE", "textToImageParams": {"text": job.spec.prompt, **avoid}}


def _edit(job: Job, inputs: Pictures) -> dict[str, Any]:
    """Inpainting changes what is black in its mask, outpainting what is white; a new background is the latter."""
    text = {"text": job.spec.prompt} if job.spec.prompt else {}
    if job.spec.outpaint:
        image, mask = prepare.canvas(inputs[IMAGE], job.spec.outpaint, LONGEST)
        return _outpainting(image, mask, {"text": job.spec.prompt or _MORE, "outPaintingMode": "DEFAULT"})
    image, mask = prepare.masked(inputs[IMAGE], inputs[MASK], LONGEST)
    if job.spec.mode is EditMode.BACKGROUND_SWAP:
        return _outpainting(image, mask, {**text, "outPaintingMode": "PRECISE"})
    params = {"image": encoded(image), "maskImage": encoded(prepare.inverted(mask)), **text}
    return {"taskType": "INPAINTING", "inPaintingParams": params}


_MORE = "more of the same scene"  # outpainting must be told something


def _outpainting(image: bytes, mask: bytes, more: Mapping[str, str]) -> dict[str, Any]:
    params = {"image": encoded(image), "maskImage": encoded(mask), **more}
    return {"taskType": "OUTPAINTING", "outPaintingParams": params}


def _image(answer: Mapping[str, Any]) -> bytes:
    images = answer.get("images") or []
    if images:
        return decoded(images[0])
    raise FinalError(BLOCKED if filtered(answer.get("error")) else UNUSABLE)
