"""From what a model made to what is kept of it: composited, so that nothing changes where nothing was to change."""

from dataclasses import asdict
from typing import TypeVar

from studio.images.model import IMAGE, MASK, JobKind
from studio.jobs.model import Job
from workers import memory_needs
from workers.imaging.composite import inpainted, outpainted
from workers.imaging.flaw import UnfitError
from workers.imaging.outpaint import Margins
from workers.imaging.transform import cut_out, enlarged, larger_size
from workers.marking import marked
from workers.memory import memory
from workers.outcome import UNUSABLE, FinalError, invalid
from workers.picture import describe, inspect
from workers.provider import Pictures
from workers.result import Result

T = TypeVar("T")
_LAID_ON = frozenset({JobKind.UPSCALE, JobKind.REMOVE_BACKGROUND})


def result_of(job: Job, inputs: Pictures, made: bytes) -> Result:
    """Return what the job keeps of what a model made: looked at, and marked.

    Raises
    ------
    FinalError
        It is no image we keep, or the original or its mask cannot be used.
    """
    content = finished(job, inputs, made)
    if content is made:
        inspect(job.prefix, made)
    content = marked(job, content)
    return Result(describe(job.prefix, content), content)


def finished(job: Job, inputs: Pictures, made: bytes) -> bytes:
    """Lay what was made into or onto the original, where that is to stay; else return it as it is.

    Raises
    ------
    FinalError
        What was made is no image, or not what was asked for, or the original or its mask cannot be used.
    """
    outpaint = job.image_spec.outpaint
    if outpaint is None and MASK not in inputs and job.kind not in _LAID_ON:
        return made
    shown = inspect(job.prefix, made)  # so that whatever is found below is the inputs' fault
    image, margins = job.image_spec.inputs[IMAGE], Margins(**asdict(outpaint)) if outpaint else Margins()
    canvas = margins.around((image.width, image.height))
    if job.kind == JobKind.UPSCALE:
        canvas = _usable(larger_size(canvas, (shown.width, shown.height)))
    try:
        with memory.reserve(memory_needs.compositing(canvas, (shown.width, shown.height))):
            return _laid(job, inputs, made, canvas, margins)
    except UnfitError as error:
        raise invalid(error) from error


def _laid(job: Job, inputs: Pictures, made: bytes, canvas: tuple[int, int], margins: Margins) -> bytes:
    if job.kind == JobKind.UPSCALE:
        return enlarged(inputs[IMAGE], made, canvas)
    if job.kind == JobKind.REMOVE_BACKGROUND:
        return _usable(cut_out(inputs[IMAGE], made))
    if job.image_spec.outpaint:
        return outpainted(inputs[IMAGE], made, margins)
    return inpainted(inputs[IMAGE], made, inputs[MASK])


def _usable(found: T | None) -> T:
    if found is None:
        raise FinalError(UNUSABLE)
    return found
