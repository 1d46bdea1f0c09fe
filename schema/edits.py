"""Changing an image: edits with a mask, another camera, another texture."""

import strawberry

from schema.jobs import BoardLinkInput
from studio.images.model import EditMode

_REQUEST_ID = "Made by the client. The same id again gives the same job and is charged once, for ever."
_IMAGE = "An upload's id, or that of a completed job; the caller's own."
_MASK = "Of the image's shape; white is what may change, black is what may not."


@strawberry.input(description="How many pixels the canvas grows, 0 to 1,024 on each side and more than 0 on one.")
class OutpaintInput:
    left: int | None = strawberry.field(default=strawberry.UNSET, description="Pixels; default 0.")
    top: int | None = strawberry.field(default=strawberry.UNSET, description="Pixels; default 0.")
    right: int | None = strawberry.field(default=strawberry.UNSET, description="Pixels; default 0.")
    bottom: int | None = strawberry.field(default=strawberry.UNSET, description="Pixels; default 0.")


@strawberry.input(description="An edit. The result has the image's own size, grown where OUTPAINT asks for it.")
class EditImageInput:
    client_request_id: strawberry.ID = strawberry.field(description=_REQUEST_ID)
    model: str = strawberry.field(description="A model's id, of those whose kinds have EDIT.")
    image: strawberry.ID = strawberry.field(description=_IMAGE)
    mask: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET, description=f"{_MASK} Needed by every mode but OUTPAINT, which takes none."
    )
    prompt: str | None = strawberry.field(
        default=strawberry.UNSET, description="Needed by INPAINT_INSERT and BACKGROUND_SWAP; 4,000 characters at most."
    )
    mode: EditMode = strawberry.field(description="What is to be done.")
    seed: int | None = strawberry.field(
        default=strawberry.UNSET, description="Equal seeds, equal pictures, where the model can."
    )
    link: BoardLinkInput | None = strawberry.field(
        default=strawberry.UNSET, description="Where in the caller's boards the picture is to be shown."
    )
    outpaint: OutpaintInput | None = strawberry.field(
        default=strawberry.UNSET, description="Needed by OUTPAINT, and taken by no other mode."
    )


@strawberry.input(description="The same scene from another place.")
class SyncCameraInput:
    client_request_id: strawberry.ID = strawberry.field(description=_REQUEST_ID)
    model: str = strawberry.field(description="A model's id, of those whose kinds have CAMERA_SYNC.")
    image: strawberry.ID = strawberry.field(description=_IMAGE)
    yaw: float = strawberry.field(description="Degrees around the scene, -180 to 180; above 0 the camera goes right.")
    pitch: float = strawberry.field(description="Degrees, -90 to 90; above 0 the camera goes up.")
    zoom: float | None = strawberry.field(
        default=strawberry.UNSET, description="0.25 to 4, default 1; above 1 is closer."
    )
    prompt: str | None = strawberry.field(
        default=strawberry.UNSET, description="What else the picture is to show; 4,000 characters at most."
    )
    seed: int | None = strawberry.field(
        default=strawberry.UNSET, description="Equal seeds, equal pictures, where the model can."
    )
    link: BoardLinkInput | None = strawberry.field(
        default=strawberry.UNSET, description="Where in the caller's boards the picture is to be shown."
    )


@strawberry.input(description="One image, of which another is made.")
class TransformImageInput:
    client_request_id: strawberry.ID = strawberry.field(description=_REQUEST_ID)
    model: str = strawberry.field(description="A model's id, of those whose kinds have what is asked for.")
    image: strawberry.ID = strawberry.field(description=_IMAGE)
    prompt: str | None = strawberry.field(
        default=strawberry.UNSET,
        description="What the image shows, or how it is to differ; 4,000 characters at most. removeBackground does not"
        " look at it, nor does upscaleImage with stable-image.",
    )
    seed: int | None = strawberry.field(
        default=strawberry.UNSET, description="Equal seeds, equal pictures, where the model can."
    )
    link: BoardLinkInput | None = strawberry.field(
        default=strawberry.UNSET, description="Where in the caller's boards the picture is to be shown."
    )


@strawberry.input(description="A texture laid onto an image, or onto the part of it that a mask shows.")
class TransferTextureInput:
    client_request_id: strawberry.ID = strawberry.field(description=_REQUEST_ID)
    model: str = strawberry.field(description="A model's id, of those whose kinds have TEXTURE_TRANSFER.")
    image: strawberry.ID = strawberry.field(description=_IMAGE)
    texture: strawberry.ID = strawberry.field(description=_IMAGE)
    prompt: str | None = strawberry.field(
        default=strawberry.UNSET, description="How the texture is to be laid; 4,000 characters at most."
    )
    mask: strawberry.ID | None = strawberry.field(default=strawberry.UNSET, description=_MASK)
    seed: int | None = strawberry.field(
        default=strawberry.UNSET, description="Equal seeds, equal pictures, where the model can."
    )
    link: BoardLinkInput | None = strawberry.field(
        default=strawberry.UNSET, description="Where in the caller's boards the picture is to be shown."
    )
