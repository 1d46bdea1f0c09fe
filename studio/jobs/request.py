"""What a client asks for when it asks for images, checked."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from studio.errors import ErrorType, StudioError
from studio.jobs.model import AspectRatio, ImageSize, JobKind, Spec
from studio.requests.table import checked_id, fingerprint

MAX_PROMPT = 4_000  # characters
MAX_COUNT = 8
MAX_SEED = 2**31 - 1  # Vertex takes a signed 32-bit seed; GraphQL's Int is one too
_LINK_FIELDS = ("projectId", "boardId", "workflowId")
_LINK_ID = re.compile(r"[A-Za-z0-9_-]{1,128}")  # one path segment of a Firestore document


@dataclass(frozen=True)
class ImageRequest:
    """A checked request for `count` images: what the same clientRequestId must repeat exactly."""

    client_request_id: str
    operation: str
    kind: JobKind
    model: str
    spec: Spec
    count: int
    link: Mapping[str, str] | None

    @property
    def fingerprint(self) -> str:
        return fingerprint(self.operation, {k: v for k, v in asdict(self).items() if k != "client_request_id"})

    def spec_of(self, index: int) -> Spec:
        """Return the spec of one image: with a seed, each image of a call has the next one, so that they differ."""
        seed = self.spec.seed
        return self.spec if seed is None else replace(self.spec, seed=(seed + index) % (MAX_SEED + 1))


def generation(given: Mapping[str, Any]) -> ImageRequest:
    """Check a GenerateImagesInput and apply its defaults, which AppSync does not pass on.

    Raises
    ------
    StudioError
        REQUEST_ID_MALFORMED, PROMPT_EMPTY, PROMPT_TOO_LONG, COUNT_OUT_OF_RANGE, SEED_OUT_OF_RANGE, LINK_MALFORMED.
    """
    negative = given.get("negativePrompt")
    spec = Spec(
        prompt=_prompt(given["prompt"]),
        negative_prompt=_short(negative) if negative and negative.strip() else None,
        size=ImageSize(given.get("size") or ImageSize.ONE_K),
        aspect_ratio=AspectRatio(given.get("aspectRatio") or AspectRatio.SQUARE),
        seed=_seed(given.get("seed")),
    )
    return ImageRequest(
        client_request_id=checked_id(given["clientRequestId"]),
        operation="generateImages",
        kind=JobKind.GENERATE,
        model=given["model"],
        spec=spec,
        count=checked_count(given.get("count")),
        link=_link(given.get("link")),
    )


def checked_count(count: int | None) -> int:
    if count is None:
        return 1
    if not 1 <= count <= MAX_COUNT:
        raise StudioError(ErrorType.COUNT_OUT_OF_RANGE, f"count must be 1 to {MAX_COUNT}.")
    return count


def _prompt(text: str) -> str:
    if not text.strip():
        raise StudioError(ErrorType.PROMPT_EMPTY, "Please describe the image you want.")
    return _short(text)


def _short(text: str) -> str:
    if len(text) > MAX_PROMPT:
        raise StudioError(ErrorType.PROMPT_TOO_LONG, f"A prompt may have {MAX_PROMPT:,} characters at most.")
    return text


def _seed(seed: int | None) -> int | None:
    if seed is not None and not 0 <= seed <= MAX_SEED:
        raise StudioError(ErrorType.SEED_OUT_OF_RANGE, f"seed must be 0 to {MAX_SEED}.")
    return seed


def _link(link: Mapping[str, str | None] | None) -> Mapping[str, str] | None:
    given = {name: value for name in _LINK_FIELDS if (value := (link or {}).get(name)) is not None}
    if not all(_LINK_ID.fullmatch(value) for value in given.values()):
        raise StudioError(ErrorType.LINK_MALFORMED, "The ids of a link are letters, digits, - and _.")
    return given or None
