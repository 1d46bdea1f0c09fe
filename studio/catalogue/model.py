"""The models as data: what each can do, what it costs, who may use it and until when."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from enum import StrEnum

from studio.images.model import AspectRatio, EditMode, ImageSize, JobKind

CACHE_SECONDS = 3600


class ModelState(StrEnum):
    """Whether a model can be used: by everybody, by administrators, not on this stage, or no longer."""

    AVAILABLE = "AVAILABLE"
    ADMIN_ONLY = "ADMIN_ONLY"
    UNAVAILABLE = "UNAVAILABLE"
    RETIRED = "RETIRED"


@dataclass(frozen=True)
class Upscaling:
    """The largest picture that a model makes larger: the pixels of its longer side, and all that it has."""

    max_side: int
    max_pixels: int


@dataclass(frozen=True)
class Model:
    """One model of the catalogue.

    `worker` is who makes its images. `points` is the price of one image; `daily_free` marks a model some of whose
    images are free every day (the stage says how many). `sizes` and `ratios` are of what it generates, `modes` of its
    edits, `references` is how many images it looks at. `seedless` are the kinds of work for which its provider takes
    no seed: for all others one is drawn and kept where the client names none. `patient` marks a model whose machine may
    have to start first, so that its jobs have longer. `retires_on` is the first day it is refused (UTC).
    `unavailable` says that the stage has nothing that would make its images.
    """

    id: str
    title: str
    description: str
    provider: str
    worker: str
    kinds: frozenset[JobKind]
    points: int
    sizes: tuple[ImageSize, ...] = (ImageSize.ONE_K,)
    ratios: tuple[AspectRatio, ...] = ()
    modes: tuple[EditMode, ...] = ()
    references: int = 0
    upscaling: Upscaling | None = None
    seedless: frozenset[JobKind] = frozenset()
    negative_prompt: bool = True
    daily_free: bool = False
    admin_only: bool = False
    patient: bool = False
    retires_on: date | None = None
    unavailable: bool = False

    def state(self, today: date) -> ModelState:
        if self.retires_on and today >= self.retires_on:
            return ModelState.RETIRED
        if self.unavailable:
            return ModelState.UNAVAILABLE
        return ModelState.ADMIN_ONLY if self.admin_only else ModelState.AVAILABLE

    def takes_seed(self, kind: JobKind) -> bool:
        return kind in self.kinds and kind not in self.seedless

    def cache_seconds(self, now: datetime) -> int:
        """Return how long this entry may be kept: until it changes by itself, an hour at most."""
        if self.retires_on is None or self.state(now.date()) == ModelState.RETIRED:
            return CACHE_SECONDS
        left = datetime.combine(self.retires_on, time(), UTC) - now
        return min(CACHE_SECONDS, int(left.total_seconds()))

    def free_per_day(self, stage_allowance: int) -> int:
        return stage_allowance if self.daily_free and not self.unavailable else 0
