"""What a job was made from."""

import strawberry

from schema.directives import USER_AND_SYSTEM
from schema.enums import described
from studio.images.model import AspectRatio, EditMode, ImageSize

described(
    ImageSize,
    "The longer side: about 1024, 2048 or 4096 pixels.",
    ONE_K="About 1,024 pixels on the longer side.",
    TWO_K="About 2,048 pixels on the longer side.",
    FOUR_K="About 4,096 pixels on the longer side.",
)
described(
    AspectRatio,
    "Width to height.",
    SQUARE="1:1",
    PORTRAIT_3_4="3:4",
    LANDSCAPE_4_3="4:3",
    PORTRAIT_9_16="9:16",
    LANDSCAPE_16_9="16:9",
    PORTRAIT_2_3="2:3",
    LANDSCAPE_3_2="3:2",
    PORTRAIT_4_5="4:5",
    LANDSCAPE_5_4="5:4",
    PORTRAIT_9_21="9:21",
    LANDSCAPE_21_9="21:9",
    PORTRAIT_1_4="1:4",
    LANDSCAPE_4_1="4:1",
    PORTRAIT_1_8="1:8",
    LANDSCAPE_8_1="8:1",
)
described(
    EditMode,
    "What an edit does. Nothing else of the image changes, not by a bit.",
    INPAINT_INSERT="Draws what the prompt says where the mask is white.",
    INPAINT_REMOVE="Takes away what is there where the mask is white.",
    OUTPAINT="Makes the canvas larger and draws what is new of it.",
    BACKGROUND_SWAP="Draws another background where the mask is white.",
)


@strawberry.type(directives=USER_AND_SYSTEM, description="How many pixels the canvas grew on each side.")
class Outpaint:
    left: int = strawberry.field(description="Pixels.")
    top: int = strawberry.field(description="Pixels.")
    right: int = strawberry.field(description="Pixels.")
    bottom: int = strawberry.field(description="Pixels.")


@strawberry.type(directives=USER_AND_SYSTEM, description="Where the camera went.")
class Camera:
    yaw: float = strawberry.field(description="Degrees around the scene; above 0 the camera goes right.")
    pitch: float = strawberry.field(description="Degrees; above 0 the camera goes up.")
    zoom: float = strawberry.field(description="1: as it was; above 1 is closer.")


@strawberry.type(
    directives=USER_AND_SYSTEM,
    description="What a job was made from, beside its kind, model and prompt: enough to ask for it again. Ids name the"
    " caller's uploads or jobs, which may have expired or been deleted since.",
)
class JobInput:
    size: ImageSize | None = strawberry.field(description="null where the image keeps the size of its input.")
    aspect_ratio: AspectRatio | None = strawberry.field(description="null where the image keeps its input's shape.")
    seed: int | None = strawberry.field(
        description="The one that the model was given: the client's (the next one for each further image of a call), or"
        " one that was drawn when the job was made. null where the model takes none, or the job is older than this."
    )
    negative_prompt: str | None = strawberry.field(description="What was to be kept out of the picture.")
    references: list[strawberry.ID] = strawberry.field(description="In their order; empty where there were none.")
    image: strawberry.ID | None = strawberry.field(description="The image that was changed.")
    mask: strawberry.ID | None = strawberry.field(description="Its mask.")
    texture: strawberry.ID | None = strawberry.field(description="The texture that was laid onto it.")
    mode: EditMode | None = strawberry.field(description="Of an EDIT.")
    outpaint: Outpaint | None = strawberry.field(description="Of an EDIT whose mode is OUTPAINT.")
    camera: Camera | None = strawberry.field(description="Of a CAMERA_SYNC.")
