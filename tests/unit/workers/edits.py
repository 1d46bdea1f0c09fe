"""Jobs as a provider gets them, and pictures for them; nothing of AWS."""

import io
from dataclasses import replace
from typing import Any

import httpx
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from studio.images.model import IMAGE, MASK, AspectRatio, EditMode, ImageSize, Input, JobKind, Outpaint, Spec
from studio.jobs.model import Job, JobStatus
from studio.ledger.model import Charge

SIZE = (320, 256)
GROWS = Outpaint(left=32, top=0, right=64, bottom=16)
MODES = tuple(EditMode)

_EMPTY = Spec("a lighthouse", negative_prompt=None, size=None, aspect_ratio=None, seed=None)


def _job(kind: JobKind, spec: Spec) -> Job:
    return Job(
        id="job-1",
        owner="user-1",
        request_id="request-1",
        kind=kind,
        model="any",
        worker="any",
        spec=spec,
        charge=Charge(1, 0, "2026-11-20"),
        status=JobStatus.PROCESSING,
        version=2,
        created_at="",
        updated_at="",
        deadline=0,
        expires_at=0,
        prefixes=("results/any/1",),
    )


def generation(prompt: str = "a lighthouse", ratio: AspectRatio = AspectRatio.SQUARE, **given: Any) -> Job:
    spec = replace(_EMPTY, prompt=prompt, size=ImageSize.ONE_K, aspect_ratio=ratio, **given)
    return _job(JobKind.GENERATE, spec)


def edit(mode: EditMode, prompt: str = "a lighthouse", size: tuple[int, int] = SIZE) -> Job:
    roles = (IMAGE,) if mode.grows else (IMAGE, MASK)
    inputs = {role: Input(role, f"uploads/{role}", "image/png", *size) for role in roles}
    outpaint = GROWS if mode.grows else None
    return _job(JobKind.EDIT, replace(_EMPTY, prompt=prompt, mode=mode, outpaint=outpaint, inputs=inputs))


def transformation(kind: JobKind, prompt: str = "", size: tuple[int, int] = SIZE) -> Job:
    inputs = {IMAGE: Input(IMAGE, "uploads/image", "image/png", *size)}
    return _job(kind, replace(_EMPTY, prompt=prompt, inputs=inputs))


def inputs_of(job: Job) -> dict[str, bytes]:
    pictures = {IMAGE: photo, MASK: left_half}
    return {role: pictures[role]((image.width, image.height)) for role, image in job.image_spec.inputs.items()}


def photo(size: tuple[int, int] = SIZE) -> bytes:
    """A picture with neither flat parts nor white or black, so that every change shows."""
    x, y = np.meshgrid(np.linspace(40, 200, size[0]), np.linspace(60, 180, size[1]))
    return as_png(np.stack([x, y, (x + y) / 2], axis=-1))


def left_half(size: tuple[int, int] = SIZE) -> bytes:
    mask = np.zeros((size[1], size[0]))
    mask[:, : size[0] // 2] = 255
    return as_png(mask)


def as_png(values: NDArray[Any]) -> bytes:
    out = io.BytesIO()
    Image.fromarray(values.astype(np.uint8)).save(out, "PNG", compress_level=1)
    return out.getvalue()


def pixels(content: bytes) -> NDArray[np.int16]:
    with Image.open(io.BytesIO(content)) as image:
        return np.asarray(image.convert("RGB"), np.int16)


def calls(url: str) -> int:
    return int(httpx.get(f"{url}/_calls").json()["count"])
