"""An order at a printer, as it stands there. It holds nothing of whom it goes to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from studio.printing.cost import Cost


class PrintStatus(StrEnum):
    """How an order stands, in the order of a life; of two ends the printed one: what was sent is not taken back."""

    DRAFT = "DRAFT"
    IN_PROGRESS = "IN_PROGRESS"
    CANCELED = "CANCELED"
    COMPLETE = "COMPLETE"


class Step(StrEnum):
    """What a printer does with an order, one after the other."""

    DOWNLOAD = "DOWNLOAD"
    ALLOCATE = "ALLOCATE"
    PREPARE = "PREPARE"
    PRODUCE = "PRODUCE"
    SHIP = "SHIP"


class Stage(StrEnum):
    """How far a step is; an error that was mended ends COMPLETE."""

    NOT_STARTED = "NOT_STARTED"
    IN_PROGRESS = "IN_PROGRESS"
    ERROR = "ERROR"
    COMPLETE = "COMPLETE"


class ParcelStatus(StrEnum):
    """How a parcel stands, in the order of a life."""

    PROCESSING = "PROCESSING"
    CANCELED = "CANCELED"
    SHIPPED = "SHIPPED"


class IssueKind(StrEnum):
    """What holds an order up. All but the first last until somebody does something."""

    DOWNLOAD_RETRIED = "DOWNLOAD_RETRIED"
    DOWNLOAD_FAILED = "DOWNLOAD_FAILED"
    ITEM_UNAVAILABLE = "ITEM_UNAVAILABLE"
    PAYMENT_NEEDED = "PAYMENT_NEEDED"
    OTHER = "OTHER"

    @property
    def stays(self) -> bool:
        return self is not IssueKind.DOWNLOAD_RETRIED


@dataclass(frozen=True, order=True)
class Issue:
    """One thing that holds an order up: the printer's own code, and which part it is about.

    The printer's sentence is left out: it may name the file's address, which is signed.
    """

    kind: IssueKind
    code: str
    about: str


@dataclass(frozen=True, order=True)
class Charge:
    """Something the printer charges us for, or gives back."""

    id: str
    kind: str
    total: Cost


@dataclass(frozen=True)
class Label:
    """What stands on a parcel: who carries it, and by which number. `since` is the earliest state that showed it."""

    carrier: str | None
    service: str | None
    number: str | None
    url: str | None
    since: str

    @property
    def name(self) -> tuple[str, str, str, str]:
        """What tells it from others on the same parcel."""
        return self.number or "", self.carrier or "", self.service or "", self.url or ""


@dataclass(frozen=True)
class Parcel:
    """One shipment of an order. A new label takes no old one's place: none is ever lost."""

    id: str
    status: ParcelStatus
    dispatched_at: str | None = None
    labels: tuple[Label, ...] = ()

    @property
    def label(self) -> Label | None:
        """The newest label, of those with a number if there are any."""
        return max(self.labels, key=lambda label: (label.number is not None, label.since, label.name), default=None)


def _nothing_started() -> Mapping[Step, Stage]:
    return dict.fromkeys(Step, Stage.NOT_STARTED)


@dataclass(frozen=True)
class PrintOrder:
    """One state of an order: `reference` is our name of it, `updated_at` when the printer changed it last."""

    id: str
    reference: str | None
    status: PrintStatus
    updated_at: str
    steps: Mapping[Step, Stage] = field(default_factory=_nothing_started)
    parcels: tuple[Parcel, ...] = ()
    issues: tuple[Issue, ...] = ()
    charges: tuple[Charge, ...] = ()

    @property
    def is_over(self) -> bool:
        return self.status in {PrintStatus.COMPLETE, PrintStatus.CANCELED}

    @property
    def in_production(self) -> bool:
        """Whether anything of it is, or was, printed: from then on nobody can be sure to stop it."""
        started = self.steps[Step.PRODUCE] is not Stage.NOT_STARTED or self.steps[Step.SHIP] is not Stage.NOT_STARTED
        return started or bool(self.shipped) or self.status is PrintStatus.COMPLETE

    @property
    def shipped(self) -> tuple[Parcel, ...]:
        return tuple(parcel for parcel in self.parcels if parcel.status is ParcelStatus.SHIPPED)

    @property
    def is_stuck(self) -> bool:
        """Whether it goes on only after somebody has done something."""
        return not self.is_over and any(issue.kind.stays for issue in self.issues)
