"""Bodies of Stability's models on Bedrock: two that generate, three that edit."""

import base64
import secrets
from collections.abc import Callable
from dataclasses import dataclass

from local.models.bedrock_task import Json, Task, known, malformed, number, picture, text
from local.models.render import EditOrder, Picture, PictureOrder
from local.models.render.edit import grown

LONGEST_TEXT = 10_000
MAX_SEED = 4_294_967_294
MAX_SIDE_GROWTH = 2000
LONG_SIDE = 1024
RATIOS = ("16:9", "1:1", "21:9", "2:3", "3:2", "4:5", "5:4", "9:16", "9:21")
SIDES = ("left", "up", "right", "down")


@dataclass(frozen=True)
class Stability:
    """One model: its way to read a body."""

    reader: Callable[[Json], Task]

    def read(self, body: Json) -> Task:
        """Read a request. Raises BedrockError 400, BadReferenceError."""
        if body.get("output_format", "png") not in ("png", "jpeg", "webp"):
            raise malformed("#/output_format: jpeg, png or webp is expected")
        return self.reader(body)

    def answer(self, made: Picture, task: Task) -> Json:
        """Give the answer of one finished picture."""
        images = [base64.b64encode(made.data).decode("ascii")]
        return {"seeds": [task.seed], "finish_reasons": [None], "images": images}

    def empty(self) -> Json:
        """Give an answer without a picture."""
        return {"seeds": [], "finish_reasons": [], "images": []}

    def blocked(self, *, prompt: bool) -> Json:
        """Give the answer of what the filter stopped: status 200 all the same."""
        reason = "Filter reason: prompt" if prompt else "Filter reason: output image"
        return {"seeds": [0], "finish_reasons": [reason], "images": []}


def _generated(body: Json) -> Task:
    known(body, "prompt negative_prompt aspect_ratio seed output_format mode image strength")
    prompt, seed = _prompt(body), _seed(body)
    avoid = text(body, "negative_prompt", LONGEST_TEXT, "")
    ratio = body.get("aspect_ratio", "1:1")
    if ratio not in RATIOS:
        raise malformed(f"#/aspect_ratio: {ratio!r} is not a valid enum value")
    across, down = (int(part) for part in ratio.split(":"))
    scale = LONG_SIDE / max(across, down)
    asked = f"{prompt}\n\nAvoid: {avoid}" if avoid else prompt
    return Task(prompt, seed, PictureOrder(asked, seed, round(across * scale), round(down * scale)))


def _inpainted(body: Json) -> Task:
    known(body, "prompt image mask negative_prompt seed output_format grow_mask style_preset")
    return _edited(body, _prompt(body), picture(body, "image"), picture(body, "mask"))


def _erased(body: Json) -> Task:
    known(body, "image mask seed output_format grow_mask")
    return _edited(body, "", picture(body, "image"), picture(body, "mask"))


def _outpainted(body: Json) -> Task:
    known(body, "image left right up down prompt creativity seed output_format style_preset")
    left, top, right, bottom = (number(body, side, 0, MAX_SIDE_GROWTH, 0) for side in SIDES)
    if not left + top + right + bottom:
        raise malformed("at least one of left, right, up, down must be non-zero")
    image, mask = grown(picture(body, "image"), left, top, right, bottom)
    return _edited(body, text(body, "prompt", LONGEST_TEXT, ""), image, mask)


def _edited(body: Json, prompt: str, image: bytes, mask: bytes) -> Task:
    number(body, "grow_mask", 0, 20, 5)
    seed = _seed(body)
    return Task(prompt, seed, EditOrder(prompt, seed, image, mask))


def _prompt(body: Json) -> str:
    return text(body, "prompt", LONGEST_TEXT)


def _seed(body: Json) -> int:
    """Give the seed; 0 means by lot."""
    return number(body, "seed", 0, MAX_SEED, 0) or 1 + secrets.randbits(31)


GENERATE, INPAINT = Stability(_generated), Stability(_inpainted)
ERASE, OUTPAINT = Stability(_erased), Stability(_outpainted)
