"""Settings to begin from: a job's own, and some that are near them. Nothing is made of it, nor anybody asked."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TypeVar

from studio.catalogue.model import Model
from studio.images.edits import MAX_PITCH, MAX_YAW
from studio.images.model import AspectRatio, Camera, Inputs, JobKind, Spec
from studio.images.request import drawn_seed
from studio.jobs.model import Job

T = TypeVar("T")
_SEEDS = 3
_DEGREES = 15  # enough to be seen as another view


def more_like(job: Job, model: Model | None, inputs: Inputs) -> list[Spec]:
    """Return a job's own settings, then others that its model takes: seeds, cameras, the nearest shapes and sizes.

    `inputs` are those of its pictures that are still there. Of a model that the caller can use no longer there are none
    but the job's own, to be tried with another.
    """
    spec = replace(job.image_spec, inputs=inputs)
    if model is None:
        return [spec]
    seeds = _SEEDS if isinstance(job.kind, JobKind) and model.takes_seed(job.kind) else 0
    shapes = _neighbours(sorted(model.ratios, key=_width), spec.aspect_ratio)
    return [
        spec,
        *(replace(spec, seed=drawn_seed()) for _ in range(seeds)),
        *(replace(spec, camera=camera) for camera in _cameras(spec.camera)),
        *(replace(spec, aspect_ratio=ratio) for ratio in shapes),
        *(replace(spec, size=size) for size in _neighbours(model.sizes, spec.size)),
    ]


def _cameras(camera: Camera | None) -> Iterator[Camera]:
    """Yield what is seen from a little further left and right, down and up."""
    if camera is None:
        return
    for degrees in (-_DEGREES, _DEGREES):
        if abs(camera.yaw + degrees) <= MAX_YAW:
            yield replace(camera, yaw=camera.yaw + degrees)
        if abs(camera.pitch + degrees) <= MAX_PITCH:
            yield replace(camera, pitch=camera.pitch + degrees)


def _width(ratio: AspectRatio) -> float:
    return ratio.shape[0] / ratio.shape[1]


def _neighbours(ordered: Sequence[T], one: T | None) -> list[T]:
    """Return what stands before and after one of a sequence; nothing where it is not in it."""
    if one is None or one not in ordered:
        return []
    at = ordered.index(one)
    return [*ordered[max(at - 1, 0) : at], *ordered[at + 1 : at + 2]]
