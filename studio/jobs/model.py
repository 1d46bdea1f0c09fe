"""What a job is: one image to be made, with its own state, charge and history."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


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
    TIMED_OUT = "TIMED_OUT"
    INVALID_IMAGE = "INVALID_IMAGE"
    MODEL_RETIRED = "MODEL_RETIRED"
    INTERNAL = "INTERNAL"


@dataclass(frozen=True)
class Spec:
    """What to make. The prompt may be personal: it is never logged."""

    prompt: str
    negative_prompt: str | None
    size: ImageSize
    aspect_ratio: AspectRatio
    seed: int | None

    @classmethod
    def from_item(cls, item: Mapping[str, Any]) -> "Spec":
        return cls(
            prompt=item["prompt"],
            negative_prompt=item.get("negative_prompt"),
            size=ImageSize(item["size"]),
            aspect_ratio=AspectRatio(item["aspect_ratio"]),
            seed=item.get("seed"),
        )


@dataclass(frozen=True)
class Charge:
    """What one job took: points, or one of the free images of a day (YYYY-MM-DD, UTC)."""

    points: int
    free_images: int
    day: str


@dataclass(frozen=True)
class StoredImage:
    """The original in the media bucket; sizes in pixels and bytes."""

    key: str
    content_type: str
    width: int
    height: int
    byte_size: int


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
    failure: Failure | None = None
    image: StoredImage | None = None
    refunded_at: str | None = None
    link: Mapping[str, str] | None = None
    history: tuple[JobEvent, ...] = field(default=())

    @property
    def settled(self) -> bool:
        return self.status == JobStatus.COMPLETED or self.refunded_at is not None
