"""Bodies of Stability's models on Bedrock: those that generate, and tools that change what there is."""

import base64
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace

from local.models.bedrock_task import Json, Task, fraction, known, malformed, number, picture, text
from local.models.render import ChangeOrder, EditOrder, Picture, PictureOrder
from local.models.render.change import LONGEST, What
from local.models.render.edit import grown
from local.models.render.references import size_of

LONGEST_TEXT = 10_000
MAX_SEED = 4_294_967_294
MAX_SIDE_GROWTH = 2000
LONG_SIDE = 1024
MEGAPIXEL, LARGEST = 1024 * 1024, 9_437_184
FAST_TIMES = 4
RATIOS = ("16:9", "1:1", "21:9", "2:3", "3:2", "4:5", "5:4", "9:16", "9:21")
SIDES = ("left", "up", "right", "down")


@dataclass(frozen=True)
class Stability:
    """One model: its way to read a body."""

    reader: Callable[[Json], Task]

    def read(self, body: Json) -> Task:
        """Read a request. Raises BedrockError 400, BadReferenceError."""
        format_ = body.get("output_format", "png")
        if format_ not in ("png", "jpeg", "webp"):
            raise malformed("#/output_format: jpeg, png or webp is expected")
        task = self.reader(body)
        return replace(task, order=replace(task.order, mime="image/jpeg", quality=95)) if format_ == "jpeg" else task

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
    known(body, "prompt negative_prompt aspect_ratio seed output_format")
    return _drawn(body)


def _drawn(body: Json) -> Task:
    prompt, seed = _prompt(body), _seed(body)
    avoid = text(body, "negative_prompt", LONGEST_TEXT, "")
    ratio = body.get("aspect_ratio", "1:1")
    if ratio not in RATIOS:
        raise malformed(f"#/aspect_ratio: {ratio!r} is not a valid enum value")
    across, down = (int(part) for part in ratio.split(":"))
    scale = LONG_SIDE / max(across, down)
    asked = f"{prompt}\n\nAvoid: {avoid}" if avoid else prompt
    return Task(prompt, seed, PictureOrder(asked, seed, round(across * scale), round(down * scale)))


def _generated_or_varied(body: Json) -> Task:
    """Read what Ultra takes: an image makes it a variation, which has the image's own shape."""
    known(body, "prompt negative_prompt aspect_ratio seed output_format image strength")
    return _changed(body, "vary", ("strength",)) if "image" in body else _drawn(body)


def _by_mode(body: Json) -> Task:
    """Read what SD3.5 Large takes."""
    known(body, "prompt negative_prompt aspect_ratio seed output_format mode image strength")
    mode = body.get("mode", "text-to-image")
    if mode not in ("text-to-image", "image-to-image") or (mode == "image-to-image") != ("image" in body):
        raise malformed("#/mode: text-to-image without an image, or image-to-image with one")
    return _changed(body, "vary", ("strength",)) if "image" in body else _drawn(body)


def _structured(body: Json) -> Task:
    known(body, "prompt image control_strength negative_prompt seed output_format style_preset")
    return _changed(body, "vary", ("control_strength",))


def _upscaled_fast(body: Json) -> Task:
    known(body, "image output_format")
    size = _within(body, 32, MEGAPIXEL, 1536)
    return Task(_named(size), 0, ChangeOrder("enlarge", "", 0, picture(body, "image"), FAST_TIMES))


def _upscaled(body: Json) -> Task:
    known(body, "prompt image negative_prompt seed output_format creativity style_preset")
    width, height = _within(body, 64, MEGAPIXEL, LONGEST)
    prompt, seed = _prompt(body), _seed(body)
    fraction(body, "creativity")
    order = ChangeOrder("enlarge", prompt, seed, picture(body, "image"), LONGEST / max(width, height))
    return Task(prompt, seed, order)


def _cut_out(body: Json) -> Task:
    known(body, "image output_format")
    size = _within(body, 64, LARGEST, LARGEST)
    return Task(_named(size), 0, ChangeOrder("cut", "", 0, picture(body, "image")))


def _named(size: tuple[int, int]) -> str:
    """Give what stands for a prompt in rules and in the log, where a model takes none."""
    return f"an image of {size[0]}x{size[1]}"


def _changed(body: Json, what: What, fractions: tuple[str, ...]) -> Task:
    for name in fractions:
        fraction(body, name)
    _within(body, 64, LARGEST, LARGEST)
    prompt, seed = _prompt(body), _seed(body)
    return Task(prompt, seed, ChangeOrder(what, prompt, seed, picture(body, "image")))


def _within(body: Json, least_side: int, most_pixels: int, most_side: int) -> tuple[int, int]:
    """Give the size of the image, if it is one that the model takes."""
    width, height = size_of(picture(body, "image")) or (0, 0)
    if min(width, height) < least_side or max(width, height) > most_side or width * height > most_pixels:
        raise malformed(f"the image has {width}x{height} pixels, which this model does not take")
    return width, height


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
ULTRA, SD35, STRUCTURE = Stability(_generated_or_varied), Stability(_by_mode), Stability(_structured)
FAST_UPSCALE, UPSCALE, CUT_OUT = Stability(_upscaled_fast), Stability(_upscaled), Stability(_cut_out)
ERASE, OUTPAINT = Stability(_erased), Stability(_outpainted)
