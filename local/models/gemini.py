"""Gemini's generateContent bodies: a request read into an order, a picture put into an answer."""

import base64
import binascii
import math
import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from local.models.google_error import GoogleError
from local.models.render import Picture, PictureOrder
from local.models.render.references import size_of

Json = dict[str, Any]

LONG_SIDES = {"512": 512, "1K": 1024, "2K": 2048, "4K": 4096}
ASPECT_RATIOS = ("1:1", "2:3", "3:2", "3:4", "4:3", "4:5", "5:4", "9:16", "16:9", "21:9")
LONG_RATIOS = ("1:4", "4:1", "1:8", "8:1")
MAX_REFERENCES = 14  # Gemini 3 Pro Image's own limit
IMAGE_TOKENS = {"4K": 2000}  # what the provider bills; every smaller size counts 1120
DEFAULT_IMAGE_TOKENS = 1120
REFERENCE_TOKENS = 560
UNDERSCORE = re.compile(r"_([a-z])")
# A grey pixel: what stands for a draft.
DRAFT = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==")
SAFETY_WORD = re.compile(r"\bforbidden\b", re.IGNORECASE)


def names(text: str) -> frozenset[str]:
    """Give the words of a list."""
    return frozenset(text.split())


REQUEST_FIELDS = names(
    "contents systemInstruction generationConfig safetySettings labels tools toolConfig cachedContent"
)
CONFIG_FIELDS = names(
    "responseModalities imageConfig seed temperature topP topK candidateCount maxOutputTokens stopSequences "
    "presencePenalty frequencyPenalty thinkingConfig mediaResolution"
)
IMAGE_FIELDS = names("aspectRatio imageSize imageOutputOptions personGeneration prominentPeople")


@dataclass(frozen=True)
class Abilities:
    """What a model makes: its sizes and shapes, and where alone it is asked ("": anywhere)."""

    sizes: tuple[str, ...] = tuple(LONG_SIDES)
    ratios: tuple[str, ...] = ASPECT_RATIOS
    location: str = ""


MODELS = {
    "gemini-3-pro-image": Abilities(),
    "gemini-3.1-flash-lite-image": Abilities(sizes=("1K",)),
    "gemini-nano-banana-2.1": Abilities(ratios=ASPECT_RATIOS + LONG_RATIOS, location="global"),
}


@dataclass(frozen=True)
class Ask:
    """What a request asks for."""

    prompt: str
    references: tuple[bytes, ...]
    width: int
    height: int
    size: str
    seed: int | None
    mime: str
    quality: int
    modalities: frozenset[str]

    @property
    def unsafe(self) -> bool:
        """Tell whether our own safety filter stops this prompt: it does so at the word «forbidden»."""
        return SAFETY_WORD.search(self.prompt) is not None

    def order(self) -> PictureOrder:
        """Give the picture to draw; without a seed a fresh one is taken, so that no two are alike."""
        seed = self.seed if self.seed is not None else secrets.randbits(31)
        return PictureOrder(self.prompt, seed, self.width, self.height, self.references, self.mime, self.quality)


def read_request(body: object, can: Abilities) -> Ask:
    """Read a generateContent body for a model. Raises GoogleError 400."""
    request = _object(_camel(body), "request")
    _known(request, REQUEST_FIELDS)
    config = _object(request.get("generationConfig", {}), "generation_config")
    _known(config, CONFIG_FIELDS)
    image = _object(config.get("imageConfig", {}), "image_config")
    _known(image, IMAGE_FIELDS)
    parts = _parts(request.get("contents"))
    size = _choice(image.get("imageSize", "1K"), can.sizes, "image_size")
    references = _references(parts)
    aspect = _choice(image.get("aspectRatio") or _usual_aspect(references), can.ratios, "aspect_ratio")
    width, height = _dimensions(size, aspect)
    mime, quality = _output(_object(image.get("imageOutputOptions", {}), "image_output_options"))
    return Ask(
        prompt="\n".join(part["text"] for part in parts if isinstance(part.get("text"), str)),
        references=references,
        width=width,
        height=height,
        size=size,
        seed=_seed(config.get("seed")),
        mime=mime,
        quality=quality,
        modalities=frozenset(config.get("responseModalities") or ("TEXT", "IMAGE")),
    )


def _camel(value: object) -> object:
    """Give the body with field names as proto3 JSON writes them; snake case is taken too, and the SDK sends it."""
    if isinstance(value, list):
        return [_camel(item) for item in value]
    if isinstance(value, dict):
        return {UNDERSCORE.sub(_upper, name): _camel(item) for name, item in value.items()}
    return value


def _upper(found: re.Match[str]) -> str:
    return found[1].upper()


def _object(value: object, name: str) -> Json:
    if not isinstance(value, dict):
        raise GoogleError(400, f"Invalid value at '{name}': an object is expected.")
    return value


def _known(value: Json, names: frozenset[str]) -> None:
    for name in value:
        if name not in names:
            raise GoogleError(400, f'Invalid JSON payload received. Unknown name "{name}": Cannot find field.')


def _choice(value: object, choices: tuple[str, ...], name: str) -> str:
    if not isinstance(value, str) or value not in choices:
        raise GoogleError(400, f"Invalid value at '{name}': {value!r}. Supported: {', '.join(choices)}.")
    return value


def _parts(contents: object) -> list[Json]:
    if not isinstance(contents, list) or not contents:
        raise GoogleError(400, "Unable to submit request because at least one contents field is required.")
    found: list[Json] = []
    for content in contents:
        turn = _object(content, "contents")
        if turn.get("role") not in ("user", "model"):
            raise GoogleError(400, "Please use a valid role: user, model.")
        found += [_object(part, "parts") for part in turn.get("parts") or []]
    if not found:
        raise GoogleError(400, "Unable to submit request because it must include at least one parts field.")
    return found


def _usual_aspect(references: tuple[bytes, ...]) -> str:
    """Give the shape that is nearest to the first image's; without one it is a square."""
    size = size_of(references[0]) if references else None
    if size is None:
        return "1:1"
    shape = math.log(size[0] / size[1])
    return min(ASPECT_RATIOS, key=lambda aspect: abs(shape - math.log(_ratio(aspect))))


def _ratio(aspect: str) -> float:
    across, down = aspect.split(":")
    return int(across) / int(down)


def _dimensions(size: str, aspect: str) -> tuple[int, int]:
    across, down = (int(number) for number in aspect.split(":"))
    long_side = LONG_SIDES[size]
    scale = long_side / max(across, down)
    return round(across * scale), round(down * scale)


def _output(options: Json) -> tuple[str, int]:
    mime = _choice(options.get("mimeType", "image/png"), ("image/png", "image/jpeg"), "mime_type")
    quality = options.get("compressionQuality", 75)
    if not isinstance(quality, int) or not 0 <= quality <= 100:  # noqa: PLR2004
        raise GoogleError(400, "Invalid value at 'compression_quality': 0 to 100 is expected.")
    return mime, quality


def _seed(value: object) -> int | None:
    if value is None or (isinstance(value, int) and -(2**31) <= value < 2**31):
        return value
    raise GoogleError(400, f"Invalid value at 'generation_config.seed' (TYPE_INT32), {value!r}")


def _references(parts: list[Json]) -> tuple[bytes, ...]:
    found = tuple(_inline(_object(part["inlineData"], "inline_data")) for part in parts if "inlineData" in part)
    if len(found) > MAX_REFERENCES:
        raise GoogleError(400, f"Too many images: at most {MAX_REFERENCES} can be sent.")
    return found


def _inline(data: Json) -> bytes:
    if not str(data.get("mimeType", "")).startswith("image/"):
        raise GoogleError(400, f"Unsupported MIME type: {data.get('mimeType')}")
    text = str(data.get("data", "")).translate({ord("-"): "+", ord("_"): "/"})
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error:
        raise GoogleError(400, "Invalid value at 'inline_data.data' (TYPE_BYTES), Base64 decoding failed.") from None


def picture_answer(ask: Ask, model: str, picture: Picture) -> Json:
    """Give the answer that holds a picture."""
    parts: list[Json] = []
    if "TEXT" in ask.modalities and "IMAGE" not in ask.modalities:
        parts.append({"text": "This endpoint draws; ask for the IMAGE modality."})
    if "IMAGE" in ask.modalities:
        parts.append(_inline_part(picture.mime, picture.data))
    return _said(ask, model, parts)


def thinking_answer(ask: Ask, model: str, picture: Picture, *, final: bool) -> Json:
    """Give the answer of a model that thinks: words and two drafts, and the picture itself after them.

    https://ai.google.dev/gemini-api/docs/image-generation#thinking-process
    """
    drafts: list[Json] = [{"text": "First the composition."}, _inline_part("image/png", DRAFT)]
    drafts += [{"text": "Now the light."}, _inline_part("image/png", DRAFT)]
    parts = [{**part, "thought": True} for part in drafts]
    signature = base64.b64encode(secrets.token_bytes(48)).decode("ascii")
    made = {**_inline_part(picture.mime, picture.data), "thoughtSignature": signature}
    return _said(ask, model, [*parts, *([made] if final else [])])


def refused_answer(ask: Ask, model: str) -> Json:
    """Give the answer of a model that declines in words; as far as the protocol goes it is as good as any."""
    return _said(ask, model, [{"text": "I'm sorry, but I can't make that picture."}], 0)


def _said(ask: Ask, model: str, parts: list[Json], tokens: int | None = None) -> Json:
    tokens = IMAGE_TOKENS.get(ask.size, DEFAULT_IMAGE_TOKENS) if tokens is None else tokens
    return answer(ask, model, [{"content": {"role": "model", "parts": parts}, "finishReason": "STOP"}], tokens)


def _inline_part(mime: str, data: bytes) -> Json:
    return {"inlineData": {"mimeType": mime, "data": base64.b64encode(data).decode("ascii")}}


def blocked_answer(ask: Ask, model: str) -> Json:
    """Give the answer of a picture that the filter stopped: a candidate without parts."""
    reason = "Unable to show the generated image. It may go against the provider's usage guidelines."
    return _stopped(ask, model, "IMAGE_SAFETY", reason)


def empty_answer(ask: Ask, model: str) -> Json:
    """Give an answer without a candidate."""
    return answer(ask, model, [], 0)


def recited_answer(ask: Ask, model: str) -> Json:
    """Give the answer of a picture that is too close to what the model was taught with."""
    return _stopped(ask, model, "IMAGE_RECITATION", "Unable to show the generated image: it may be someone's work.")


def _stopped(ask: Ask, model: str, reason: str, message: str) -> Json:
    candidate = {"content": {"role": "model"}, "finishReason": reason, "finishMessage": message}
    return answer(ask, model, [candidate], 0)


def prompt_blocked_answer(ask: Ask, model: str) -> Json:
    """Give the answer of a prompt that the filter stopped: no candidate at all."""
    feedback = {"blockReason": "PROHIBITED_CONTENT", "blockReasonMessage": "The prompt was blocked."}
    return {**answer(ask, model, None, 0), "promptFeedback": feedback}


def answer(ask: Ask, model: str, candidates: list[Json] | None, image_tokens: int) -> Json:
    """Give an answer with these candidates; None leaves the field out."""
    prompt_tokens = len(ask.prompt) // 4 + 1 + REFERENCE_TOKENS * len(ask.references)
    usage: Json = {"promptTokenCount": prompt_tokens, "totalTokenCount": prompt_tokens + image_tokens}
    usage["trafficType"] = "ON_DEMAND"
    if image_tokens:
        usage["candidatesTokenCount"] = image_tokens
        usage["candidatesTokensDetails"] = [{"modality": "IMAGE", "tokenCount": image_tokens}]
    return {
        **({} if candidates is None else {"candidates": candidates}),
        "usageMetadata": usage,
        "modelVersion": model,
        "createTime": datetime.now(UTC).isoformat().replace("+00:00", "Z"),
        "responseId": secrets.token_urlsafe(16),
    }
