"""Settings to begin from: a job's own, and some that are near them. Nothing is made of it, nor anybody asked."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

from studio.catalogue.model import Model
from studio.images.model import AspectRatio, JobKind, Spec
from studio.images.request import drawn_seed
from studio.jobs.model import Job

T = TypeVar("T")
_SEEDS = 3


def more_like(job: Job, model: Model | None) -> list[Spec]:
    """Return a job's own settings, then others that its model takes: other seeds, the nearest shapes and sizes.

    Of a model that the caller can use no longer there are none but the job's own, to be tried with another.
    """
    spec = job.image_spec
    if model is None:
        return [spec]
    seeds = _SEEDS if model.takes_seed(JobKind(job.kind)) else 0
    shapes = _neighbours(sorted(model.ratios, key=_width), spec.aspect_ratio)
    return [
        spec,
        *(replace(spec, seed=drawn_seed()) for _ in range(seeds)),
        *(replace(spec, aspect_ratio=ratio) for ratio in shapes),
        *(replace(spec, size=size) for size in _neighbours(model.sizes, spec.size)),
    ]


def _width(ratio: AspectRatio) -> float:
    return ratio.shape[0] / ratio.shape[1]


def _neighbours(ordered: Sequence[T], one: T | None) -> list[T]:
    """Return what stands before and after one of a sequence; nothing where it is not in it."""
    if one is None or one not in ordered:
        return []
    at = ordered.index(one)
    return [*ordered[max(at - 1, 0) : at], *ordered[at + 1 : at + 2]]
