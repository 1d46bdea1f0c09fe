"""What a model is shown of a job: pictures and mask, upright and checked."""

import math
from dataclasses import asdict, dataclass

from PIL import Image

from studio.images.model import IMAGE, MASK, TEXTURE
from studio.jobs.model import Job
from workers import memory_needs
from workers.imaging.flaw import UnfitError
from workers.imaging.mask import open_mask
from workers.imaging.outpaint import Margins, canvas
from workers.imaging.prepare import Edits, Encoded, Limits, for_provider, mask_for_provider
from workers.imaging.upright import open_upright, size_of
from workers.memory import memory
from workers.outcome import invalid
from workers.provider import Pictures


@dataclass(frozen=True)
class Scene:
    """The image that is changed, if there is one, then texture and references; and the mask of the first."""

    pictures: list[Encoded]
    mask: Encoded | None

    @property
    def files(self) -> list[Encoded]:
        """The pictures, and the mask last."""
        return [*self.pictures, *([self.mask] if self.mask else [])]


def scene(job: Job, inputs: Pictures, limits: Limits, edits: Edits = Edits.WHITE) -> Scene:
    """Prepare a job's inputs within a model's limits; a canvas that grows is shown grown, with its mask.

    `edits` is the colour of a mask under which the model changes the picture.

    Raises
    ------
    FinalError
        An input cannot be used.
    """
    try:
        with memory.reserve(memory_needs.preparing(_largest(job), limits.max_pixels)):
            return _scene(job, inputs, limits, edits)
    except UnfitError as error:
        raise invalid(error) from error


def _largest(job: Job) -> tuple[int, int]:
    """Return the size of the largest picture that is opened, grown where it grows."""
    margins = Margins(**asdict(job.image_spec.outpaint)) if job.image_spec.outpaint else Margins()
    sizes = [(each.width, each.height) for each in job.image_spec.inputs.values()]
    return max((margins.around(size) for size in sizes), key=math.prod, default=(0, 0))


def _scene(job: Job, inputs: Pictures, limits: Limits, edits: Edits) -> Scene:
    others = [role for role in (TEXTURE, *job.image_spec.references) if role in inputs]
    rest = [for_provider(open_upright(inputs[role]), limits) for role in others]
    if IMAGE not in inputs:
        return Scene(rest, None)
    image, mask = _shown(job, inputs)
    shown = for_provider(image, limits)
    del image  # there is room for one picture in full size, not for two
    return Scene([shown, *rest], mask_for_provider(mask, limits, edits) if mask else None)


def _shown(job: Job, inputs: Pictures) -> tuple[Image.Image, Image.Image | None]:
    if job.image_spec.outpaint:
        return canvas(open_upright(inputs[IMAGE]), Margins(**asdict(job.image_spec.outpaint)))
    content = inputs[IMAGE]
    mask = open_mask(inputs[MASK], size_of(content)) if MASK in inputs else None
    return open_upright(content), mask
