"""Bodies of Amazon's own image models: Titan Image Generator v2, and Nova Canvas, which differs in its limits."""

import base64
import secrets
from dataclasses import dataclass

from local.models.bedrock_error import BedrockError
from local.models.bedrock_task import Json, Task, known, malformed, number, picture, section, text
from local.models.render import EditOrder, Picture, PictureOrder
from local.models.render.edit import inverted

MAX_SEED = 2_147_483_646
CONFIG = "numberOfImages quality cfgScale seed width height"
BLOCKED = (
    "This request has been blocked by our content filters because the generated image(s) may conflict with our AUP or "
    "AWS Responsible AI Policy. Please try again."
)
BLOCKED_PROMPT = "This request has been blocked by our content filters. Please modify the prompt and try again."
# Width and height that Titan v2 makes; Nova Canvas takes any multiple of 16.
TITAN_SIZES = frozenset(
    {(1024, 1024), (768, 768), (512, 512), (768, 1152), (1152, 768), (768, 1280), (1280, 768), (896, 1152), (1152, 896)}
    | {(768, 1408), (1408, 768), (640, 1408), (1408, 640), (1152, 640), (1173, 640)}
)
NOVA_STEP, NOVA_LEAST, NOVA_MOST = 16, 320, 4096


@dataclass(frozen=True)
class Titan:
    """One of the two models."""

    longest_text: int
    nova: bool

    def read(self, body: Json) -> Task:
        """Read a request. Raises BedrockError 400, BadReferenceError."""
        tasks = {
            "TEXT_IMAGE": self._generated,
            "IMAGE_VARIATION": self._varied,
            "INPAINTING": self._inpainted,
            "OUTPAINTING": self._outpainted,
        }
        kind = body.get("taskType")
        if kind not in tasks:
            raise malformed(f"#/taskType: {kind!r} is not supported")
        config = body.get("imageGenerationConfig", {})
        known(config, CONFIG)
        if number(config, "numberOfImages", 1, 5, 1) != 1:
            raise malformed("this endpoint makes one image a call")
        return tasks[kind](body, config)

    def answer(self, made: Picture, task: Task) -> Json:
        """Give the answer of one finished picture."""
        del task
        return {"images": [base64.b64encode(made.data).decode("ascii")], "error": None}

    def empty(self) -> Json:
        """Give an answer without a picture."""
        return {"images": [], "error": None}

    def blocked(self, *, prompt: bool) -> Json:
        """Refuse what the filter stopped. Raises BedrockError 400."""
        raise BedrockError(400, BLOCKED_PROMPT if prompt else BLOCKED)

    def _generated(self, body: Json, config: Json) -> Task:
        params = section(body, "textToImageParams")
        known(params, "text negativeText")
        return self._drawn(params, config, text(params, "text", self.longest_text), ())

    def _varied(self, body: Json, config: Json) -> Task:
        params = section(body, "imageVariationParams")
        known(params, "text negativeText images similarityStrength")
        images = tuple(picture({"image": image}, "image") for image in params.get("images", ()))
        if not 1 <= len(images) <= 5:  # noqa: PLR2004
            raise malformed("#/images: expected 1 to 5 items")
        return self._drawn(params, config, text(params, "text", self.longest_text, ""), images)

    def _drawn(self, params: Json, config: Json, prompt: str, references: tuple[bytes, ...]) -> Task:
        avoid = text(params, "negativeText", self.longest_text, "")
        seed = _seed(config)
        width, height = self._size(config)
        asked = f"{prompt}\n\nAvoid: {avoid}" if avoid else prompt
        return Task(prompt, seed, PictureOrder(asked, seed, width, height, references))

    def _size(self, config: Json) -> tuple[int, int]:
        width = number(config, "width", NOVA_LEAST, NOVA_MOST, 1024)
        height = number(config, "height", NOVA_LEAST, NOVA_MOST, 1024)
        fits = width % NOVA_STEP == height % NOVA_STEP == 0 if self.nova else (width, height) in TITAN_SIZES
        if not fits:
            raise malformed(f"{width}x{height} is not a supported size")
        return width, height

    def _inpainted(self, body: Json, config: Json) -> Task:
        params = section(body, "inPaintingParams")
        known(params, "image maskImage maskPrompt text negativeText")
        return self._edited(params, config, inverted(_mask(params)), text(params, "text", self.longest_text, ""))

    def _outpainted(self, body: Json, config: Json) -> Task:
        params = section(body, "outPaintingParams")
        known(params, "image maskImage maskPrompt text negativeText outPaintingMode")
        if params.get("outPaintingMode", "DEFAULT") not in ("DEFAULT", "PRECISE"):
            raise malformed("#/outPaintingMode: DEFAULT or PRECISE is expected")
        return self._edited(params, config, _mask(params), text(params, "text", self.longest_text))

    def _edited(self, params: Json, config: Json, white: bytes, prompt: str) -> Task:
        if self.nova and not {"width", "height"}.isdisjoint(config):
            raise malformed("width and height are the image's own in this task")
        seed = _seed(config)
        return Task(prompt, seed, EditOrder(prompt, seed, picture(params, "image"), white))


def _seed(config: Json) -> int:
    return number(config, "seed", 0, MAX_SEED, secrets.randbelow(MAX_SEED))


def _mask(params: Json) -> bytes:
    if "maskPrompt" in params:
        raise malformed("this endpoint cannot see: maskImage is expected instead of maskPrompt")
    return picture(params, "maskImage")


TITAN_V2 = Titan(longest_text=512, nova=False)
NOVA_CANVAS = Titan(longest_text=1024, nova=True)
