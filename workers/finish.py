"""From what a model made to what is kept of it: composited, so that nothing changes where nothing was to change."""

from dataclasses import asdict

from studio.images.model import IMAGE, MASK
from studio.jobs.model import Job
from workers import memory_needs
from workers.imaging.composite import inpainted, outpainted
from workers.imaging.flaw import UnfitError
from workers.imaging.outpaint import Margins
from workers.marking import marked
from workers.memory import memory
from workers.outcome import invalid
from workers.picture import describe, inspect
from workers.provider import Pictures
from workers.result import Result


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
    """Lay what was made into the original where the job has a mask or grows the canvas; else return it as it is.

    Raises
    ------
    FinalError
        What was made is no image, or the original or its mask cannot be used.
    """
    outpaint = job.image_spec.outpaint
    if outpaint is None and MASK not in inputs:
        return made
    shown = inspect(job.prefix, made)  # so that whatever is found below is the inputs' fault
    image, margins = job.image_spec.inputs[IMAGE], Margins(**asdict(outpaint)) if outpaint else Margins()
    canvas = margins.around((image.width, image.height))
    try:
        with memory.reserve(memory_needs.compositing(canvas, (shown.width, shown.height))):
            if outpaint:
                return outpainted(inputs[IMAGE], made, margins)
            return inpainted(inputs[IMAGE], made, inputs[MASK])
    except UnfitError as error:
        raise invalid(error) from error
