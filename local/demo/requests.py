"""What the demo asks for."""

from collections.abc import Mapping
from typing import Final

from local.demo.user import DemoRequest

ADMINS_MODEL: Final = "nanobanana-2"
# The models that are alive, by their names in the catalogue.
PROMPTS: Final[Mapping[str, str]] = {
    "nanobanana-basic": "A red fox in an autumn forest, watercolour",
    "nanobanana-pro": "A paper lighthouse on a cliff at dusk, lanterns in the windows, ink and gold leaf",
    "nanobanana-lite": "A hedgehog with an umbrella in the rain, cut paper",
    ADMINS_MODEL: "A castle above a lake at night, stars and fireflies",
    "sdxl": "A whale under a turquoise sea, risograph print",
    "stable-image": "An old windmill in a field of tulips in spring, oil painting",
}
# The local model endpoint's own safety filter knows this word, as a provider's knows others.
REFUSED: Final = DemoRequest("refused", "generateImages", {"model": "nanobanana-pro", "prompt": "Something forbidden"})


def generation(model: str) -> DemoRequest:
    return DemoRequest(model, "generateImages", {"model": model, "prompt": PROMPTS[model]})


def edit(name: str, model: str, prompt: str, more: Mapping[str, str]) -> DemoRequest:
    return DemoRequest(name, "editImage", {"model": model, "mode": "INPAINT_INSERT", "prompt": prompt, **more})


def changes(photo: str, mask: str, pattern: str) -> list[DemoRequest]:
    """All that can be done with a photo."""
    image, pro = {"image": photo}, {"model": "nanobanana-pro"}
    balloon = "A hot-air balloon in the sky at golden hour"
    moved = {"yaw": 35, "pitch": 10, "zoom": 1.2, "prompt": "A sailboat on a lake below mountains, golden hour"}
    tiled = {"texture": pattern, "prompt": "Soft, as if drawn on paper"}
    wider = {"model": "stable-image", "mode": "OUTPAINT", "outpaint": {"left": 600, "right": 600}}
    stability = {"model": "stable-image"}
    return [
        DemoRequest("larger", "upscaleImage", {**stability, "image": pattern}),
        DemoRequest("cut-out", "removeBackground", {**stability, **image}),
        DemoRequest("variation", "varyImage", {**stability, **image, "prompt": "The same in another season"}),
        edit("edit", "stable-image", balloon, {**image, "mask": mask}),
        DemoRequest("camera", "syncCamera", {**pro, **image, **moved}),
        DemoRequest("texture", "transferTexture", {**pro, **image, **tiled}),
        DemoRequest("outpaint", "editImage", {**image, **wider}),
    ]
