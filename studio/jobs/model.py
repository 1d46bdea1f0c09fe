"""What a job is: one image or document to be made, with its own state, charge and history."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from studio.documents.spec import DocumentKind, DocumentSpec
from studio.images.model import IMAGE, MASK, JobKind, Spec
from studio.ledger.model import Charge
from studio.media.model import StoredImage, StoredPdf, Variants, no_variants


class JobStatus(StrEnum):
    """PENDING → PROCESSING → one of three ends; a PENDING job can also be canceled at once."""

    PENDING = "PENDING"
    PROCESSING = "PROCESSING"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"
    CANCELED = "CANCELED"


TERMINAL = frozenset({JobStatus.COMPLETED, JobStatus.FAILED, JobStatus.CANCELED})
REFUNDED = frozenset({JobStatus.FAILED, JobStatus.CANCELED})


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
    """One image, or one file of a document, to be made.

    Times are ISO 8601 in UTC; `deadline` and `due` are milliseconds since the epoch.

    `index` is its place among the jobs of its request.
    `due` is when the sweeper should look next; it is gone once the job is settled, that is completed or refunded.
    `lease_end` is how long a worker may be at it, in milliseconds: gone once the worker itself has settled the job or
    stopped, and still there where somebody else ended the job meanwhile.
    One with `deleted_at` is seen by nobody any more: its objects are being removed, and then its row.
    `doubt` says why a refund was put aside, for a person to look.
    What was made is an `image`, or an album's `pdf`.
    `variants` are the image's smaller sizes, and `variants_of` is the tag of the original that they were made from.
    `prefixes` are where its claims store what they make, one for each, the latest last. `shared` says whether whoever
    holds the id may look.
    """

    id: str
    owner: str
    request_id: str
    kind: JobKind | DocumentKind
    model: str
    worker: str
    spec: Spec | DocumentSpec
    charge: Charge
    status: JobStatus
    version: int
    created_at: str
    updated_at: str
    deadline: int
    expires_at: int
    index: int = 0
    due: int | None = None
    claims: int = 0
    lease_end: int | None = None
    failure: Failure | None = None
    image: StoredImage | None = None
    pdf: StoredPdf | None = None
    variants: Variants = field(default_factory=no_variants)
    variants_of: str | None = None
    prefixes: tuple[str, ...] = ()
    shared: bool = True
    favorite: bool = False
    tags: tuple[str, ...] = ()
    refunded_at: str | None = None
    doubt: str | None = None
    deleted_at: str | None = None
    link: Mapping[str, str] | None = None
    history: tuple[JobEvent, ...] = field(default=())

    @property
    def settled(self) -> bool:
        ended = self.status == JobStatus.COMPLETED or self.refunded_at is not None
        return ended or (self.is_document and self.status in TERMINAL)

    @property
    def started_at(self) -> str | None:
        """When a worker took it first."""
        return next((event.at for event in self.history if event.status == JobStatus.PROCESSING), None)

    @property
    def ended_at(self) -> str | None:
        """When it came to its end; what is done to it afterwards is in the history too."""
        return next((event.at for event in self.history if event.status in TERMINAL), None)

    @property
    def is_document(self) -> bool:
        """Tell whether it makes a document: that costs no points, and is shown as the document's, not as a job."""
        return isinstance(self.kind, DocumentKind)

    @property
    def image_spec(self) -> Spec:
        """What is asked of an image's model."""
        if not isinstance(self.spec, Spec):
            raise TypeError("the job makes a document")
        return self.spec

    @property
    def shows_photo(self) -> bool:
        """Tell whether the image that is made still shows, even in part, what somebody brought."""
        image = self.image_spec.inputs.get(IMAGE)
        return image is not None and image.photo and JobKind(self.kind).keeps_image

    @property
    def from_upload(self) -> bool:
        """Tell whether an upload is among what the image was made from, however far back; a mask is no picture."""
        return any(image.from_upload for role, image in self.image_spec.inputs.items() if role != MASK)

    @property
    def document_spec(self) -> DocumentSpec:
        """The document to be rendered."""
        if not isinstance(self.spec, DocumentSpec):
            raise TypeError("the job makes an image")
        return self.spec

    @property
    def order(self) -> str | None:
        """The id of the order that it renders a document for."""
        return self.spec.order if isinstance(self.spec, DocumentSpec) else None

    @property
    def prefix(self) -> str:
        """Where the current claim stores; there is none before the first."""
        return self.prefixes[-1]

    def stores(self, key: str) -> bool:
        """Tell whether the object is the job's image, or may become it."""
        if self.status == JobStatus.COMPLETED:
            return self.image is not None and self.image.key == key
        return self.status == JobStatus.PROCESSING and bool(self.prefixes) and key.startswith(f"{self.prefix}/")
