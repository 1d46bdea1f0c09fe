"""Amazon's own image models on Bedrock: Titan Image Generator v2 and Nova Canvas, which are asked alike."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from studio.images.model import AspectRatio, EditMode
from studio.jobs.model import Job
from workers.imaging.prepare import Edits, Limits
from workers.outcome import BLOCKED, UNUSABLE, FinalError
from workers.provider import Pictures
from workers.providers.invoke import filtered, invoke
from workers.providers.pictures import cropped, from_base64
from workers.providers.scene import scene

if TYPE_CHECKING:
    from types_boto3_bedrock_runtime import BedrockRuntimeClient

# https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-titan-image.html; images of 5 MB.
LIMITS = Limits(max_side=1408, max_pixels=1408 * 1408, max_base64=6_600_000, min_side=256)
_SEEDS = 2**31 - 1  # the largest is one less
_MORE = "more of the same scene"  # outpainting needs a prompt
# The nearest sizes that Titan makes; Nova Canvas takes every multiple of 16, so these too.
SIZES: Mapping[AspectRatio, tuple[int, int]] = {
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
        task = _edit(job, inputs) if job.image_spec.mode else _generation(job, inputs)
        image = _image(invoke(self.client, self.model, {**task, "imageGenerationConfig": _config(job)}))
        return cropped(image, job.image_spec.aspect_ratio)


def _config(job: Job) -> dict[str, Any]:
    """Return what all tasks share; an edit has its image's own size."""
    config: dict[str, Any] = {"numberOfImages": 1, "quality": "standard"}
    if job.image_spec.aspect_ratio:
        config["width"], config["height"] = SIZES[job.image_spec.aspect_ratio]
    if job.image_spec.seed is not None:
        config["seed"] = job.image_spec.seed % _SEEDS
    return config


def _generation(job: Job, inputs: Pictures) -> dict[str, Any]:
    avoid = {"negativeText": job.image_spec.negative_prompt} if job.image_spec.negative_prompt else {}
    references = [picture.base64 for picture in scene(job, inputs, LIMITS).pictures]
    if references:
        params = {"text": job.image_spec.prompt, "images": references, **avoid}
        return {"taskType": "IMAGE_VARIATION", "imageVariationParams": params}
    return {"taskType": "TEXT_IMAGE", "textToImageParams": {"text": job.image_spec.prompt, **avoid}}


def _edit(job: Job, inputs: Pictures) -> dict[str, Any]:
    """Inpainting changes what is black in its mask, outpainting what is white; a new background is the latter."""
    inpaints = job.image_spec.mode in {EditMode.INPAINT_INSERT, EditMode.INPAINT_REMOVE}
    shown = scene(job, inputs, LIMITS, Edits.BLACK if inpaints else Edits.WHITE)
    assert shown.mask  # every edit has one
    files = {"image": shown.pictures[0].base64, "maskImage": shown.mask.base64}
    if inpaints:
        text = {"text": job.image_spec.prompt} if job.image_spec.mode is EditMode.INPAINT_INSERT else {}
        return {"taskType": "INPAINTING", "inPaintingParams": {**files, **text}}
    way = "PRECISE" if job.image_spec.mode is EditMode.BACKGROUND_SWAP else "DEFAULT"
    params = {**files, "text": job.image_spec.prompt or _MORE, "outPaintingMode": way}
    return {"taskType": "OUTPAINTING", "outPaintingParams": params}


def _image(answer: Mapping[str, Any]) -> bytes:
    images = answer.get("images") or []
    if images:
        return from_base64(images[0])
    raise FinalError(BLOCKED if filtered(answer.get("error")) else UNUSABLE)
