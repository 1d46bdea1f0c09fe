"""What is asked of a model: the picture to make or to change, and the images that it is made from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

# The roles that images play in a job; references are numbered: `reference(0)`.
IMAGE, MASK, TEXTURE = "image", "mask", "texture"


def reference(index: int) -> str:
    return f"reference-{index}"


class JobKind(StrEnum):
    """What is asked of the model."""

    GENERATE = "GENERATE"
    EDIT = "EDIT"
    CAMERA_SYNC = "CAMERA_SYNC"
    TEXTURE_TRANSFER = "TEXTURE_TRANSFER"
    UPSCALE = "UPSCALE"
    REMOVE_BACKGROUND = "REMOVE_BACKGROUND"
    VARIATION = "VARIATION"

    @property
    def keeps_image(self) -> bool:
        """Tell whether what is made still shows the image that it is made from; else that is drawn anew."""
        return self not in {JobKind.GENERATE, JobKind.CAMERA_SYNC, JobKind.VARIATION}


class EditMode(StrEnum):
    """What an edit does. A mask is white where the image may change."""

    INPAINT_INSERT = "INPAINT_INSERT"
    INPAINT_REMOVE = "INPAINT_REMOVE"
    OUTPAINT = "OUTPAINT"
    BACKGROUND_SWAP = "BACKGROUND_SWAP"

    @property
    def grows(self) -> bool:
        """Tell whether the canvas grows; every other mode changes what a mask shows."""
        return self is EditMode.OUTPAINT

    @property
    def words(self) -> str:
        """Return what a sentence calls it, at its beginning."""
        return _MODES[self]

    @property
    def needs_prompt(self) -> bool:
        return self in {EditMode.INPAINT_INSERT, EditMode.BACKGROUND_SWAP}


_MODES = {
    EditMode.INPAINT_INSERT: "Painting something in",
    EditMode.INPAINT_REMOVE: "Taking something out",
    EditMode.OUTPAINT: "Making the canvas larger",
    EditMode.BACKGROUND_SWAP: "Changing the background",
}


class ImageSize(StrEnum):
    """The longest side: 1024, 2048 or 4096 pixels."""

    ONE_K = "ONE_K"
    TWO_K = "TWO_K"
    FOUR_K = "FOUR_K"

    @property
    def words(self) -> str:
        """Return what a sentence calls it."""
        return _SIZES[self]


_SIZES = {ImageSize.ONE_K: "1K", ImageSize.TWO_K: "2K", ImageSize.FOUR_K: "4K"}


class AspectRatio(StrEnum):
    """Width to height."""

    SQUARE = "SQUARE"
    PORTRAIT_3_4 = "PORTRAIT_3_4"
    LANDSCAPE_4_3 = "LANDSCAPE_4_3"
    PORTRAIT_9_16 = "PORTRAIT_9_16"
    LANDSCAPE_16_9 = "LANDSCAPE_16_9"
    PORTRAIT_2_3 = "PORTRAIT_2_3"
    LANDSCAPE_3_2 = "LANDSCAPE_3_2"
    PORTRAIT_4_5 = "PORTRAIT_4_5"
    LANDSCAPE_5_4 = "LANDSCAPE_5_4"
    PORTRAIT_9_21 = "PORTRAIT_9_21"
    LANDSCAPE_21_9 = "LANDSCAPE_21_9"
    PORTRAIT_1_4 = "PORTRAIT_1_4"
    LANDSCAPE_4_1 = "LANDSCAPE_4_1"
    PORTRAIT_1_8 = "PORTRAIT_1_8"
    LANDSCAPE_8_1 = "LANDSCAPE_8_1"

    @property
    def shape(self) -> tuple[int, int]:
        """Width and height in their smallest whole numbers, as the name says them."""
        width, height = self.removeprefix("PORTRAIT_").removeprefix("LANDSCAPE_").split("_") if "_" in self else "11"
        return int(width), int(height)


@dataclass(frozen=True)
class Outpaint:
    """How many pixels the canvas grows on each side."""

    left: int = 0
    top: int = 0
    right: int = 0
    bottom: int = 0


@dataclass(frozen=True)
class Camera:
    """Where the camera goes: degrees to the right and upwards, and how much closer (1: as it is)."""

    yaw: Decimal
    pitch: Decimal
    zoom: Decimal


@dataclass(frozen=True)
class Input:
    """An image that a job works on: the upload's or the job's id that the client named, and what was behind it.

    `photo` says whether it shows what somebody brought, even in part; else a model made all of it.
    `from_upload` says whether an upload is among what it was made from, however far back.
    """

    id: str
    key: str
    content_type: str
    width: int
    height: int
    photo: bool = False
    from_upload: bool = False


Inputs = Mapping[str, Input]


def _no_inputs() -> Inputs:
    return {}


@dataclass(frozen=True)
class Spec:
    """What to make. The prompt may be personal: it is never logged.

    An edit keeps its image's own size and shape, so `size` and `aspect_ratio` are None there. `inputs` are by role.
    `seed_drawn` says that nobody asked for this seed: to try again is to try another one.
    """

    prompt: str
    negative_prompt: str | None
    size: ImageSize | None
    aspect_ratio: AspectRatio | None
    seed: int | None
    mode: EditMode | None = None
    outpaint: Outpaint | None = None
    camera: Camera | None = None
    inputs: Inputs = field(default_factory=_no_inputs)
    seed_drawn: bool = False

    @property
    def references(self) -> list[str]:
        """The roles of the references, in their order."""
        return sorted(role for role in self.inputs if role not in {IMAGE, MASK, TEXTURE})
