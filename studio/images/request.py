"""What a client asks for when it asks for images, checked."""

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any

from studio import ids, links, text
from studio.errors import ErrorType, StudioError
from studio.images.edits import camera, edit_mode, outpaint
from studio.images.model import IMAGE, MASK, TEXTURE, AspectRatio, ImageSize, JobKind, Spec, reference
from studio.requests.table import checked_id, fingerprint

if TYPE_CHECKING:
    from studio.inputs import (
        EditImageInput,
        GenerateImagesInput,
        SyncCameraInput,
        TransferTextureInput,
        TransformImageInput,
    )

MAX_PROMPT = 4_000  # characters
MAX_COUNT = 8
MAX_REFERENCES = 6
MAX_SEED = 2**31 - 1  # Vertex takes a signed 32-bit seed; GraphQL's Int is one too

_TRANSFORMATIONS: Mapping[JobKind, str] = {
    JobKind.UPSCALE: "upscaleImage",
    JobKind.REMOVE_BACKGROUND: "removeBackground",
    JobKind.VARIATION: "varyImage",
}
# These came after the first release. Where they say nothing a request is what it was before, and so is its mark.
_LATER = frozenset({"mode", "outpaint", "camera", "inputs", "retries", "seed_drawn"})


def _nothing() -> Mapping[str, str]:
    return {}


@dataclass(frozen=True)
class ImageRequest:
    """A checked request for `count` images: what the same clientRequestId must repeat exactly.

    `inputs` names images by role: ids of uploads or jobs. The spec holds what is behind them once they were found.
    `retries` is the job whose image is made anew.
    """

    client_request_id: str
    operation: str
    kind: JobKind
    model: str
    spec: Spec
    count: int
    link: links.Link | None
    inputs: Mapping[str, str] = field(default_factory=_nothing)
    retries: str | None = None

    @property
    def fingerprint(self) -> str:
        if self.retries:
            return retry_fingerprint(self.retries)
        given = {**asdict(self), "spec": _said(asdict(self.spec))}
        del given["client_request_id"]
        return fingerprint(self.operation, _said(given))

    @property
    def references(self) -> int:
        return sum(role not in {IMAGE, MASK, TEXTURE} for role in self.inputs)

    def spec_of(self, index: int, *, drawn: bool) -> Spec:
        """Return the spec of one image: with a seed, each image of a call has the next one, so that they differ.

        Without one a seed is drawn where the model takes any, so that the picture can be made again.
        """
        seed = self.spec.seed
        if seed is not None:
            return replace(self.spec, seed=(seed + index) % (MAX_SEED + 1))
        return replace(self.spec, seed=drawn_seed(), seed_drawn=True) if drawn else self.spec


def drawn_seed() -> int:
    """Return one that every provider takes as it is: some read 0 as none, and Titan's end before ours."""
    return 1 + secrets.randbelow(MAX_SEED - 1)


def retry_fingerprint(job_id: str) -> str:
    """Return the mark of a retry by its arguments alone: the job that they name may be gone when it comes again."""
    return fingerprint("retryJob", {"id": job_id})


def _said(values: Mapping[str, Any]) -> dict[str, Any]:
    plain = json.loads(json.dumps(values, default=str))
    return {name: value for name, value in plain.items() if value or name not in _LATER}


def generation(given: "GenerateImagesInput") -> ImageRequest:
    """Check a GenerateImagesInput and apply its defaults, which AppSync does not pass on.

    Raises
    ------
    StudioError
        REQUEST_ID_MALFORMED, PROMPT_EMPTY, PROMPT_TOO_LONG, TEXT_MALFORMED, COUNT_OUT_OF_RANGE, SEED_OUT_OF_RANGE,
        LINK_MALFORMED, TOO_MANY_REFERENCES, ID_MALFORMED.
    """
    spec = Spec(
        prompt=_needed(given["prompt"]),
        negative_prompt=_optional(given.get("negativePrompt")) or None,
        size=ImageSize(given.get("size") or ImageSize.ONE_K),
        aspect_ratio=AspectRatio(given.get("aspectRatio") or AspectRatio.SQUARE),
        seed=_seed(given.get("seed")),
    )
    count, inputs = checked_count(given.get("count")), _references(given.get("references") or [])
    return _request(given, "generateImages", JobKind.GENERATE, spec, inputs, count)


def edit(given: "EditImageInput") -> ImageRequest:
    """Check an EditImageInput.

    Raises
    ------
    StudioError
        REQUEST_ID_MALFORMED, PROMPT_EMPTY, PROMPT_TOO_LONG, TEXT_MALFORMED, MASK_MISSING, EDIT_MODE_MISMATCH,
        OUTPAINT_OUT_OF_RANGE, SEED_OUT_OF_RANGE, LINK_MALFORMED, ID_MALFORMED.
    """
    mode = edit_mode(given["mode"], masked=bool(given.get("mask")), outpainted=bool(given.get("outpaint")))
    prompt = _needed(given.get("prompt")) if mode.needs_prompt else _optional(given.get("prompt"))
    spec = replace(
        _own_size(prompt, given.get("seed")),
        mode=mode,
        outpaint=outpaint(given.get("outpaint")) if mode.grows else None,
    )
    inputs = _named({IMAGE: given["image"], MASK: given.get("mask")})
    return _request(given, "editImage", JobKind.EDIT, spec, inputs)


def camera_sync(given: "SyncCameraInput") -> ImageRequest:
    """Check a SyncCameraInput.

    Raises
    ------
    StudioError
        REQUEST_ID_MALFORMED, PROMPT_TOO_LONG, TEXT_MALFORMED, CAMERA_OUT_OF_RANGE, SEED_OUT_OF_RANGE, LINK_MALFORMED,
        ID_MALFORMED.
    """
    spec = replace(_own_size(_optional(given.get("prompt")), given.get("seed")), camera=camera(given))
    return _request(given, "syncCamera", JobKind.CAMERA_SYNC, spec, _named({IMAGE: given["image"]}))


def texture_transfer(given: "TransferTextureInput") -> ImageRequest:
    """Check a TransferTextureInput.

    Raises
    ------
    StudioError
        REQUEST_ID_MALFORMED, PROMPT_TOO_LONG, TEXT_MALFORMED, SEED_OUT_OF_RANGE, LINK_MALFORMED, ID_MALFORMED.
    """
    spec = _own_size(_optional(given.get("prompt")), given.get("seed"))
    inputs = _named({IMAGE: given["image"], TEXTURE: given["texture"], MASK: given.get("mask")})
    return _request(given, "transferTexture", JobKind.TEXTURE_TRANSFER, spec, inputs)


def transformation(kind: JobKind, given: "TransformImageInput") -> ImageRequest:
    """Check a TransformImageInput: what makes another image of one, without a mask.

    Raises
    ------
    StudioError
        REQUEST_ID_MALFORMED, PROMPT_TOO_LONG, TEXT_MALFORMED, SEED_OUT_OF_RANGE, LINK_MALFORMED, ID_MALFORMED.
    """
    spec = _own_size(_optional(given.get("prompt")), given.get("seed"))
    return _request(given, _TRANSFORMATIONS[kind], kind, spec, _named({IMAGE: given["image"]}))


def _request(
    given: "GenerateImagesInput | EditImageInput | SyncCameraInput | TransferTextureInput | TransformImageInput",
    operation: str,
    kind: JobKind,
    spec: Spec,
    inputs: Mapping[str, str],
    count: int = 1,
) -> ImageRequest:
    return ImageRequest(
        client_request_id=checked_id(given["clientRequestId"]),
        operation=operation,
        kind=kind,
        model=given["model"],
        spec=spec,
        count=count,
        link=links.checked(given.get("link")),
        inputs=inputs,
    )


def _own_size(prompt: str, seed: int | None) -> Spec:
    """Return the spec of what keeps its image's size and shape."""
    return Spec(prompt, negative_prompt=None, size=None, aspect_ratio=None, seed=_seed(seed))


def _named(given: Mapping[str, str | None]) -> Mapping[str, str]:
    return {role: ids.checked(id_) for role, id_ in given.items() if id_ is not None}


def _references(given: Sequence[str]) -> Mapping[str, str]:
    if len(given) > MAX_REFERENCES:
        raise StudioError(
            ErrorType.TOO_MANY_REFERENCES, f"There may be {MAX_REFERENCES} references at most.", max=MAX_REFERENCES
        )
    return {reference(i): ids.checked(id_) for i, id_ in enumerate(given)}


def checked_count(count: int | None) -> int:
    if count is None:
        return 1
    if not 1 <= count <= MAX_COUNT:
        raise StudioError(ErrorType.COUNT_OUT_OF_RANGE, f"count must be 1 to {MAX_COUNT}.", min=1, max=MAX_COUNT)
    return count


def _needed(prompt: str | None) -> str:
    if not (checked := _optional(prompt)):
        raise StudioError(ErrorType.PROMPT_EMPTY, "Please describe the image you want.")
    return checked


def _optional(prompt: str | None) -> str:
    if prompt is None or text.is_blank(prompt):
        return ""
    if len(prompt) > MAX_PROMPT:
        raise StudioError(
            ErrorType.PROMPT_TOO_LONG, f"A prompt may have {MAX_PROMPT:,} characters at most.", max=MAX_PROMPT
        )
    if flaw := text.flaw(prompt):
        raise StudioError(ErrorType.TEXT_MALFORMED, f"A prompt {flaw}.")
    return prompt


def _seed(seed: int | None) -> int | None:
    if seed is not None and not 0 <= seed <= MAX_SEED:
        raise StudioError(ErrorType.SEED_OUT_OF_RANGE, f"seed must be 0 to {MAX_SEED}.", min=0, max=MAX_SEED)
    return seed
