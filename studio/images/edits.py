"""How an image is to be changed, checked: what is edited where, and where the camera goes."""

from decimal import Decimal
from typing import TYPE_CHECKING

from studio.errors import ErrorType, StudioError
from studio.images.model import IMAGE, MASK, Camera, EditMode, Outpaint, Spec
from studio.media.model import MAX_PIXELS

if TYPE_CHECKING:
    from studio.inputs import OutpaintInput, SyncCameraInput

MAX_OUTPAINT = 1024  # pixels a side
MAX_YAW, MAX_PITCH, MIN_ZOOM, MAX_ZOOM = 180, 90, 0.25, 4
_STEP = Decimal("0.01")  # of a degree, or of the zoom: finer than any model can follow


def edit_mode(name: str, *, masked: bool, outpainted: bool) -> EditMode:
    """Check that a mode has what it needs and nothing that it would not use.

    Raises
    ------
    StudioError
        MASK_MISSING, EDIT_MODE_MISMATCH.
    """
    mode = EditMode(name)
    if not mode.grows and not masked:
        raise StudioError(ErrorType.MASK_MISSING, "Please say with a mask where the image may change.")
    if masked if mode.grows else outpainted:
        unused = "mask" if mode.grows else "outpaint"
        raise StudioError(ErrorType.EDIT_MODE_MISMATCH, f"{mode.words} uses no {unused}; please leave it out.")
    return mode


def outpaint(given: "OutpaintInput | None") -> Outpaint:
    """Check how far the canvas grows.

    Raises
    ------
    StudioError
        OUTPAINT_OUT_OF_RANGE.
    """
    sides = (given.get("left"), given.get("top"), given.get("right"), given.get("bottom")) if given else ()
    pixels = [side or 0 for side in sides]
    if not any(pixels) or not all(0 <= side <= MAX_OUTPAINT for side in pixels):
        message = f"An image can grow by 0 to {MAX_OUTPAINT} pixels on each side, and must on one."
        raise StudioError(ErrorType.OUTPAINT_OUT_OF_RANGE, message, min=0, max=MAX_OUTPAINT)
    return Outpaint(*pixels)


def check_canvas(spec: Spec) -> None:
    """Refuse a canvas that would be larger than an image may be.

    Raises
    ------
    StudioError
        OUTPAINT_OUT_OF_RANGE.
    """
    if spec.outpaint is None:
        return
    image, grown = spec.inputs[IMAGE], spec.outpaint
    pixels = (image.width + grown.left + grown.right) * (image.height + grown.top + grown.bottom)
    if pixels > MAX_PIXELS:
        message = f"The larger image would have more than {MAX_PIXELS // 1_000_000} megapixels."
        raise StudioError(ErrorType.OUTPAINT_OUT_OF_RANGE, message)


def check_mask(spec: Spec) -> None:
    """Refuse a mask that would have to be stretched: it may be smaller or larger than its image, to a pixel's rounding.

    Raises
    ------
    StudioError
        MASK_MISMATCH.
    """
    if MASK not in spec.inputs:
        return
    image, mask = spec.inputs[IMAGE], spec.inputs[MASK]
    pixel = max(image.width + image.height, mask.width + mask.height)
    if abs(mask.width * image.height - mask.height * image.width) >= pixel:
        message = (
            f"A mask must have its image's shape: the image has {image.width:,} by {image.height:,} pixels,"
            f" the mask {mask.width:,} by {mask.height:,}."
        )
        raise StudioError(
            ErrorType.MASK_MISMATCH,
            message,
            image={"width": image.width, "height": image.height},
            mask={"width": mask.width, "height": mask.height},
        )


def camera(given: "SyncCameraInput") -> Camera:
    """Check where the camera goes; the zoom is 1 where it is left out.

    Raises
    ------
    StudioError
        CAMERA_OUT_OF_RANGE.
    """
    yaw, pitch, zoom = given["yaw"], given["pitch"], given.get("zoom")
    zoom = 1 if zoom is None else zoom
    _check_bounds("yaw", yaw, -MAX_YAW, MAX_YAW)
    _check_bounds("pitch", pitch, -MAX_PITCH, MAX_PITCH)
    _check_bounds("zoom", zoom, MIN_ZOOM, MAX_ZOOM)
    return Camera(_decimal(yaw), _decimal(pitch), _decimal(zoom))


def _check_bounds(name: str, value: float, least: float, most: float) -> None:
    if not least <= value <= most:
        message = f"{name} must be {least} to {most}."
        raise StudioError(ErrorType.CAMERA_OUT_OF_RANGE, message, field=name, min=least, max=most)


def _decimal(value: float) -> Decimal:
    """Return what DynamoDB keeps of a float."""
    return Decimal(str(value)).quantize(_STEP).normalize() + 0
