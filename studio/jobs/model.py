"""What a job is: one image to be made, with its own state, charge and history."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any

from studio.media.model import StoredImage, Variants, no_variants

# The roles that images play in a job; references are numbered: `reference(0)`.
IMAGE, MASK, TEXTURE = "image", "mask", "texture"


def reference(index: int) -> str:
    return f"reference-{index}"


class JobStatus(StrEnum):
    """PENDING → PROCESSING → one of three ends; a PENDING job can also be canceled at once."""

    PENDING = "PENDING"
    PROCESSING = "PROCESSING"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"
    CANCELED = "CANCELED"


TERMINAL = frozenset({JobStatus.COMPLETED, JobStatus.FAILED, JobStatus.CANCELED})
REFUNDED = frozenset({JobStatus.FAILED, JobStatus.CANCELED})


class JobKind(StrEnum):
    """What is asked of the model."""

    GENERATE = "GENERATE"
    EDIT = "EDIT"
    CAMERA_SYNC = "CAMERA_SYNC"
    TEXTURE_TRANSFER = "TEXTURE_TRANSFER"


class EditMode(StrEnum):
    """What an edit does. A mask is white where the image may change."""

    INPAINT_INSERT = "INPAINT_INSERT"
    INPAINT_REMOVE = "INPAINT_REMOVE"
    OUTPAINT = "OUTPAINT"
    BACKGROUND_SWAP = "BACKGROUND_SWAP"

    @property
    def grows(self) -> bool:
        """Tell whether the canvas grows; every other mode changes what a mask shows."""
        return self is EditMode.OUTPAINT

    @property
    def needs_prompt(self) -> bool:
        return self in {EditMode.INPAINT_INSERT, EditMode.BACKGROUND_SWAP}


class ImageSize(StrEnum):
    """The longest side: 1024, 2048 or 4096 pixels."""

    ONE_K = "ONE_K"
    TWO_K = "TWO_K"
    FOUR_K = "FOUR_K"


class AspectRatio(StrEnum):
    """Width to height."""

    SQUARE = "SQUARE"
    PORTRAIT_3_4 = "PORTRAIT_3_4"
    LANDSCAPE_4_3 = "LANDSCAPE_4_3"
    PORTRAIT_9_16 = "PORTRAIT_9_16"
    LANDSCAPE_16_9 = "LANDSCAPE_16_9"


class JobErrorCode(StrEnum):
    """Why a job failed, for programs."""

    PROVIDER_UNAVAILABLE = "PROVIDER_UNAVAILABLE"
    PROVIDER_REJECTED = "PROVIDER_REJECTED"
    SAFETY_BLOCKED = "SAFETY_BLOCKED"
    RECITATION = "RECITATION"
    MODEL_REFUSED = "MODEL_REFUSED"
    TIMED_OUT = "TIMED_OUT"
    INVALID_IMAGE = "INVALID_IMAGE"
    MODEL_RETIRED = "MODEL_RETIRED"
    INTERNAL = "INTERNAL"


@dataclass(frozen=True)
class Outpaint:
    """How many pixels the canvas grows on each side."""

    left: int = 0
    top: int = 0
    right: int = 0
    bottom: int = 0


@dataclass(frozen=True)
class Camera:
    """Where the camera goes: degrees to the right and upwards, and how much closer (1: as it is)."""

    yaw: Decimal
    pitch: Decimal
    zoom: Decimal


@dataclass(frozen=True)
class Input:
    """An image that a job works on: the upload's or the job's id that the client named, and what was behind it."""

    id: str
    key: str
    content_type: str
    width: int
    height: int


Inputs = Mapping[str, Input]


def _no_inputs() -> Inputs:
    return {}


@dataclass(frozen=True)
class Spec:
    """What to make. The prompt may be personal: it is never logged.

    An edit keeps its image's own size and shape, so `size` and `aspect_ratio` are None there. `inputs` are by role.
    """

    prompt: str
    negative_prompt: str | None
    size: ImageSize | None
    aspect_ratio: AspectRatio | None
    seed: int | None
    mode: EditMode | None = None
    outpaint: Outpaint | None = None
    camera: Camera | None = None
    inputs: Inputs = field(default_factory=_no_inputs)

    @property
    def references(self) -> list[str]:
        """The roles of the references, in their order."""
        return sorted(role for role in self.inputs if role not in {IMAGE, MASK, TEXTURE})

    @classmethod
    def from_item(cls, item: Mapping[str, Any]) -> "Spec":
        size, ratio, mode, camera = (item.get(name) for name in ("size", "aspect_ratio", "mode", "camera"))
        return cls(
            prompt=item["prompt"],
            negative_prompt=item.get("negative_prompt"),
            size=ImageSize(size) if size else None,
            aspect_ratio=AspectRatio(ratio) if ratio else None,
            seed=item.get("seed"),
            mode=EditMode(mode) if mode else None,
            outpaint=Outpaint(**item["outpaint"]) if "outpaint" in item else None,
            camera=Camera(**{name: Decimal(value) for name, value in camera.items()}) if camera else None,
            inputs={role: Input(**image) for role, image in item.get("inputs", {}).items()},
        )


@dataclass(frozen=True)
class Charge:
    """What one job took: points, or one of the free images of a day (YYYY-MM-DD, UTC)."""

    points: int
    free_images: int
    day: str


@dataclass(frozen=True)
class JobEvent:
    """One change of a job: its version after the change."""

    version: int
    status: JobStatus
    at: str
    note: str | None = None


@dataclass(frozen=True)
class Failure:
    """Why a job failed: a code for programs, a sentence for a person."""

    code: JobErrorCode
    message: str


@dataclass(frozen=True)
class Job:
    """One image to be made. Times are ISO 8601 in UTC; `deadline` and `due` are milliseconds since the epoch.

    `due` is when the sweeper should look next; it is gone once the job is settled, that is completed or refunded.
    `lease_end` is how long a worker may be at it, in milliseconds: gone once the worker itself has settled the job or
    stopped, and still there where somebody else ended the job meanwhile.
    One with `deleted_at` is seen by nobody any more: its objects are being removed, and then its row.
    `doubt` says why a refund was put aside, for a person to look.
    `variants` are the image's smaller sizes, and `variants_of` is the tag of the original that they were made from.
    `prefixes` are where its claims store what they make, one for each, the latest last. `shared` tells whether whoever
    holds the id may look.
    """

    id: str
    owner: str
    request_id: str
    kind: JobKind
    model: str
    worker: str
    spec: Spec
    charge: Charge
    status: JobStatus
    version: int
    created_at: str
    updated_at: str
    deadline: int
    expires_at: int
    due: int | None = None
    claims: int = 0
    lease: str | None = None
    lease_end: int | None = None
    failure: Failure | None = None
    image: StoredImage | None = None
    variants: Variants = field(default_factory=no_variants)
    variants_of: str | None = None
    prefixes: tuple[str, ...] = ()
    shared: bool = True
    refunded_at: str | None = None
    doubt: str | None = None
    deleted_at: str | None = None
    link: Mapping[str, str] | None = None
    history: tuple[JobEvent, ...] = field(default=())

    @property
    def settled(self) -> bool:
        return self.status == JobStatus.COMPLETED or self.refunded_at is not None

    @property
    def prefix(self) -> str:
        """Where the current claim stores; there is none before the first."""
        return self.prefixes[-1]

    def stores(self, key: str) -> bool:
        """Tell whether the object is the job's image, or may become it."""
        if self.status == JobStatus.COMPLETED:
            return self.image is not None and self.image.key == key
        return self.status == JobStatus.PROCESSING and key.startswith(f"{self.prefix}/")
