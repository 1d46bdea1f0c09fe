"""The pictures of the demo: what was brought and what was made, on the disk and on one sheet."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from PIL import Image, ImageChops, ImageOps

from local import console
from local.demo import requests
from local.demo.sheet import Row, Tile, nested, sheet
from local.demo.user import fetch
from local.ministack import ROOT

FOLDER: Final = ROOT / "build/demo"
CONTACT: Final = FOLDER / "contact.png"
_SIZES: Final = ("large", "medium", "thumbnail")
_TITLES: Final[Mapping[str, tuple[str, str]]] = {
    "nanobanana-basic": ("Nano Banana Basic", "A page in a browser"),
    "nanobanana-pro": ("Nano Banana Pro", "Vertex AI"),
    "nanobanana-lite": ("Nano Banana Lite", "Vertex AI"),
    requests.ADMINS_MODEL: ("Nano Banana 2", "Vertex AI, for administrators"),
    "sdxl": ("SDXL", "SageMaker, asynchronous"),
    "stable-image": ("Stable Image", "Bedrock"),
}


@dataclass
class Pictures:
    """Pictures by name, as they were downloaded from their signed links."""

    by_name: dict[str, Image.Image] = field(default_factory=dict[str, Image.Image])

    async def keep(self, name: str, image: Mapping[str, Any]) -> Path:
        """Download an image, save it and return where."""
        content = await fetch(image["url"])
        path = FOLDER / f"{name}.{image['contentType'].rpartition('/')[2]}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        self.by_name[name] = ImageOps.exif_transpose(Image.open(io.BytesIO(content)))
        return path

    async def keep_file(self, name: str, url: str) -> Path:
        """Download a file that is no picture, save it and return where."""
        path = FOLDER / name
        path.write_bytes(await fetch(url))
        return path

    async def keep_sizes(self, name: str, images: Mapping[str, Any]) -> None:
        for size in _SIZES:
            await self.keep(f"{name}-{size}", images[size])

    def keep_views(self, views: Mapping[str, Image.Image]) -> list[Path]:
        """Save what a person saw in their browser and return where."""
        paths = [FOLDER / f"{name}.png" for name in views]
        for path, view in zip(paths, views.values(), strict=True):
            view.save(path)
        return paths

    def name(self, *paths: Path) -> None:
        """Say where files are."""
        for path in paths:
            print(f"  {console.styled(str(path.relative_to(ROOT)), 'cyan')}", flush=True)

    def differing(self, before: str, after: str, mask: str) -> tuple[int, int]:
        """Count the pixels that differ where the mask is black, and all that are there."""
        outside = self.by_name[mask].convert("L").point(lambda value: 0 if value else 255)
        one, other = (self.by_name[name].convert("RGB") for name in (before, after))
        red, green, blue = ImageChops.difference(one, other).split()
        largest = ImageChops.lighter(ImageChops.lighter(red, green), blue)
        changed = ImageChops.darker(largest.point(lambda value: 255 if value else 0), outside)
        return changed.histogram()[255], outside.histogram()[255]

    # ---- the sheet

    def contact(self, models: Sequence[str]) -> Path:
        """Lay everything out on one sheet."""
        rows = [
            Row("A picture from each model", [self._tile(model, *_TITLES[model]) for model in models]),
            Row("A photo, its smaller sizes, and an edit inside a mask", self._photo()),
            Row("The same scene from elsewhere, and in another material", self._changes()),
            Row("Without its background, drawn anew, and four times as large", self._transformations()),
            Row("A picture that was made here, changed again; and a wider canvas", self._again()),
        ]
        sheet("NamO Studio", "Everything that makes or changes an image, through one API", rows).save(CONTACT)
        return CONTACT

    def _photo(self) -> list[Tile]:
        sizes = nested([self.by_name[f"photo-{size}"] for size in _SIZES])
        upright = "Uploaded lying on its side; upright in 2048, 1024 and 320 pixels"
        return [
            Tile(sizes, "The photo", upright),
            self._tile("mask", "A mask", "White is what may change", "+"),
            self._tile("edit", "Edited by Stable Image", self._edited("photo", "edit", "mask"), "→"),
        ]

    def _changes(self) -> list[Tile]:
        return [
            self._tile("photo", "The photo"),
            self._tile("camera", "Camera sync", "Nano Banana Pro: 35° to the right, 10° up, closer", "→"),
            self._tile("pattern", "A texture", "Uploaded too"),
            self._tile("texture", "Texture transfer", "Nano Banana Pro: the texture on the photo", "→"),
        ]

    def _transformations(self) -> list[Tile]:
        pattern, larger = (self.by_name[name] for name in ("pattern", "larger"))
        sizes = f"{pattern.width} by {pattern.height} pixels, then {larger.width} by {larger.height}"
        cut = self.by_name["cut-out"]
        page = Image.new("RGBA", cut.size, "white")
        return [
            self._tile("photo", "The photo"),
            Tile(Image.alpha_composite(page, cut.convert("RGBA")), "Cut out", "A PNG with transparency", "→"),
            self._tile("variation", "A variation", "Stable Image: the same in another season"),
            self._tile("larger", "Upscaled", sizes),
        ]

    def _again(self) -> list[Tile]:
        edited = self._edited(requests.ADMINS_MODEL, "edit-night", "night-mask")
        return [
            self._tile(requests.ADMINS_MODEL, "Before", "A job's result, named by its id"),
            self._tile("night-mask", "A mask", "White is what may change", "+"),
            self._tile("edit-night", "Edited by Nano Banana 2", edited, "→"),
            self._tile("outpaint", "Outpainted by Stable Image", "The photo, 600 pixels wider on either side"),
        ]

    def _tile(self, name: str, caption: str, note: str = "", joint: str = "") -> Tile:
        return Tile(self.by_name[name], caption, note, joint)

    def _edited(self, before: str, after: str, mask: str) -> str:
        differing, of = self.differing(before, after, mask)
        return f"Outside the mask {differing} of {of:,} pixels differ"
