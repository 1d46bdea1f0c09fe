"""Imagen's ``:predict`` bodies for editing with a mask: a request read into an order, a picture put into an answer."""

import base64
import secrets
from dataclasses import dataclass
from typing import Any

from local.models.gemini import SAFETY_WORD, names
from local.models.google_error import GoogleError
from local.models.render import EditOrder, Picture

Json = dict[str, Any]

MODELS = frozenset({"imagen-3.0-capability-001"})
REMOVAL = "EDIT_MODE_INPAINT_REMOVAL"
MODES = frozenset({"EDIT_MODE_INPAINT_INSERTION", REMOVAL, "EDIT_MODE_OUTPAINT", "EDIT_MODE_BGSWAP"})
MOST_STEPS = 75
BLOCKED_PROMPT = (
    "Image editing failed with the following error: The prompt could not be submitted. This prompt contains sensitive "
    "words that violate Google's Responsible AI practices. Try rephrasing the prompt."
)
FILTERED = (
    "Unable to show generated images. All images were filtered out because they violated Vertex AI's usage guidelines. "
    "You will not be charged for blocked images."
)
THIRD_PARTY = "Unable to show generated images. They may be too close to third-party content. Support codes: 35561575"
PARAMETERS = names(
    "sampleCount seed editMode editConfig includeRaiReason includeSafetyAttributes addWatermark outputOptions language "
    "negativePrompt personGeneration safetySetting storageUri aspectRatio guidanceScale"
)


@dataclass(frozen=True)
class Edit:
    """What a request asks for; ``explains`` says whether a filtered picture's reason is wanted."""

    prompt: str
    image: bytes
    mask: bytes
    mode: str
    seed: int | None
    mime: str
    explains: bool

    @property
    def unsafe(self) -> bool:
        """Tell whether our own safety filter stops this prompt."""
        return SAFETY_WORD.search(self.prompt) is not None

    def order(self) -> EditOrder:
        """Give the change to draw; what is removed leaves its surroundings, whatever the prompt says."""
        seed = self.seed if self.seed is not None else secrets.randbits(31)
        return EditOrder("" if self.mode == REMOVAL else self.prompt, seed, self.image, self.mask, self.mime)


def read_edit(body: object) -> Edit:
    """Read a predict body. Raises GoogleError 400."""
    request = _object(body, "request")
    instances = request.get("instances")
    if not isinstance(instances, list) or len(instances) != 1:
        raise GoogleError(400, "Exactly one instance is expected.")
    instance = _object(instances[0], "instances[0]")
    parameters = _object(request.get("parameters", {}), "parameters")
    _known(instance, frozenset({"prompt", "referenceImages"}))
    _known(parameters, PARAMETERS)
    images = _references(instance.get("referenceImages"))
    return Edit(
        prompt=_text(instance.get("prompt", "")),
        image=images["REFERENCE_TYPE_RAW"],
        mask=images["REFERENCE_TYPE_MASK"],
        mode=_mode(parameters),
        seed=_seed(parameters),
        mime=_mime(_object(parameters.get("outputOptions", {}), "outputOptions")),
        explains=parameters.get("includeRaiReason") is True,
    )


def _references(value: object) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for item in value if isinstance(value, list) else []:
        reference = _object(item, "referenceImages")
        if reference.get("referenceType") == "REFERENCE_TYPE_MASK":
            _check_mask(_object(reference.get("maskImageConfig"), "maskImageConfig"))
        found[_text(reference.get("referenceType"))] = _picture(reference)
    if set(found) != {"REFERENCE_TYPE_RAW", "REFERENCE_TYPE_MASK"}:
        raise GoogleError(400, "Image editing needs one raw reference image and one mask.")
    return found


def _check_mask(config: Json) -> None:
    """Refuse masks that a model would have to find by itself: this one cannot see."""
    if config.get("maskMode") != "MASK_MODE_USER_PROVIDED":
        raise GoogleError(400, f"Mask mode {config.get('maskMode')!r} is not supported here.")
    dilation = config.get("dilation", 0)
    if not isinstance(dilation, (int, float)) or not 0 <= dilation <= 1:
        raise GoogleError(400, "Mask dilation must be between 0 and 1.")


def _picture(reference: Json) -> bytes:
    image = _object(reference.get("referenceImage"), "referenceImage")
    try:
        return base64.b64decode(_text(image.get("bytesBase64Encoded")), validate=True)
    except ValueError:
        raise GoogleError(400, "Image editing failed: Base64 decoding of a reference image failed.") from None


def _mode(parameters: Json) -> str:
    steps = _object(parameters.get("editConfig", {}), "editConfig").get("baseSteps", 1)
    if not isinstance(steps, (int, float)) or not 1 <= steps <= MOST_STEPS:
        raise GoogleError(400, f"editConfig.baseSteps must be between 1 and {MOST_STEPS}.")
    if parameters.get("sampleCount", 1) != 1:
        raise GoogleError(400, "This endpoint makes one sample a call.")
    mode = parameters.get("editMode")
    if not isinstance(mode, str) or mode not in MODES:
        raise GoogleError(400, f"Edit mode {mode!r} is not supported.")
    return mode


def _seed(parameters: Json) -> int | None:
    seed = parameters.get("seed")
    if seed is None:
        return None
    if parameters.get("addWatermark") is not False:
        raise GoogleError(400, "Seed is not supported when watermark is enabled.")
    if not isinstance(seed, (int, float)) or not 0 <= seed < 2**32:
        raise GoogleError(400, "Seed must be an unsigned 32-bit number.")
    return int(seed)


def _mime(options: Json) -> str:
    mime = options.get("mimeType", "image/png")
    if mime not in ("image/png", "image/jpeg"):
        raise GoogleError(400, f"MIME type {mime!r} is not supported.")
    return str(mime)


def _object(value: object, name: str) -> Json:
    if not isinstance(value, dict):
        raise GoogleError(400, f"Invalid value at '{name}': an object is expected.")
    return value


def _known(value: Json, names: frozenset[str]) -> None:
    unknown = set(value) - names
    if unknown:
        raise GoogleError(400, f"Unknown field {min(unknown)!r}.")


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise GoogleError(400, "A text is expected.")
    return value


def edit_answer(picture: Picture) -> Json:
    """Give the answer of one finished picture."""
    data = base64.b64encode(picture.data).decode("ascii")
    return {"predictions": [{"mimeType": picture.mime, "bytesBase64Encoded": data}]}


def filtered_answer(edit: Edit, reason: str = FILTERED) -> Json:
    """Give the answer of a picture that the filter stopped: nothing at all, unless the reason was asked for."""
    return {"predictions": [{"raiFilteredReason": reason}]} if edit.explains else {}
