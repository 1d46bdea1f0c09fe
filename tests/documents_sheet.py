"""``python -m tests.documents_sheet``: draw each template onto docs/images/collages.jpg, from drawn pictures."""

import io
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Final

from PIL import Image, ImageFilter

from local.models.render import PictureOrder
from local.models.render import draw as render
from studio.documents.collage import CollagePicture, CollageSpec, check
from studio.documents.templates import CollageTemplate
from tests.unit.documents.portraits import Portrait, portrait
from workers.documents.collage import draw

FILE: Final = Path(__file__).parents[1] / "docs" / "images" / "collages.jpg"
MAX_BYTES: Final = 250_000
_GROUND: Final = (226, 221, 213)
_SCENES: Final = (
    ("lanterns in Hoi An at night, city", 12, 900, 1200),
    ("a sailboat on the sea at sunset", 4, 1200, 800),
    ("a fox in an autumn forest", 5, 800, 1000),
    ("a pagoda in the mountains at dawn, cherry blossom", 6, 1200, 800),
    ("hot-air balloon over the hills, golden hour", 8, 900, 1200),
    ("a meadow of flowers in spring", 9, 1200, 800),
    ("a lighthouse on the coast, calm morning", 10, 900, 900),
)

Picture = tuple[Image.Image, CollagePicture]


def collage(
    template: CollageTemplate,
    pictures: Sequence[Picture],
    side: int,
    caption: str | None = None,
    background: str | None = None,
) -> Image.Image:
    spec = CollageSpec(template, tuple(each for _, each in pictures), caption, background)
    check(spec)
    drawn = draw(spec, [partial(_jpeg, image) for image, _ in pictures], side)
    return Image.open(io.BytesIO(drawn.content))


def people(seeds: Sequence[int], width: int, height: int, captions: Sequence[str] = ()) -> Sequence[Picture]:
    found = [portrait(seed, width, height, 0.5, (0.5, 0.44)) for seed in seeds]
    return [_of(each, captions[i] if captions else None) for i, each in enumerate(found)]


def scenes() -> Sequence[Picture]:
    images = [
        Image.open(io.BytesIO(render(PictureOrder(prompt, seed, width, height)).data)).convert("RGB")
        for prompt, seed, width, height in _SCENES
    ]
    return [(image, CollagePicture(*image.size)) for image in images]


def sheet() -> Image.Image:
    """Lay one of each template on a table."""
    views, table = scenes(), Image.new("RGB", (2070, 1300), _GROUND)
    nine = [*people([3, 10, 21], 600, 600), *[views[i] for i in (1, 3, 5)], *people([14, 26, 17], 600, 600)]
    both = people([4], 900, 900, ["Chụp lúc hoàng hôn"])
    one, four, strip = people([9], 900, 900), people([1, 5, 2, 9], 800, 800), people([8, 12, 31, 4], 900, 700)
    placed = (
        (collage(CollageTemplate.GRID_2X2, four, 560, "Đám cưới Hạnh & Ngọc"), 70, 60),
        (collage(CollageTemplate.GRID_3X3, nine, 560, background="#1f2430"), 70, 680),
        (collage(CollageTemplate.STRIP_4, strip, 1180, "Tết 2027\nSài Gòn"), 700, 60),
        (collage(CollageTemplate.POLAROID, one, 500, "Thuở ấy ở Huế"), 1160, 60),
        (collage(CollageTemplate.POLAROID, both, 500, "Biển Mỹ Khê", "#27303f"), 1589, 60),
        (collage(CollageTemplate.MOSAIC, views, 840, "Mùa hè của chúng mình", "#f5efe6"), 1160, 680),
    )
    for image, left, top in placed:
        _lay(table, image, left, top)
    return table.resize((1600, 1005), Image.Resampling.LANCZOS)


def _lay(table: Image.Image, image: Image.Image, left: int, top: int) -> None:
    shadow = Image.new("L", table.size, 0)
    shadow.paste(90, (left + 4, top + 8, left + image.width + 4, top + image.height + 8))
    table.paste((60, 46, 36), mask=shadow.filter(ImageFilter.GaussianBlur(12)))
    table.paste(image, (left, top))


def _of(drawn: Portrait, caption: str | None) -> Picture:
    return drawn.image, CollagePicture(*drawn.image.size, *drawn.focal, caption)


def _jpeg(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=92)
    return out.getvalue()


def main() -> None:
    sheet().save(FILE, quality=86, optimize=True, progressive=True)
    assert FILE.stat().st_size <= MAX_BYTES


if __name__ == "__main__":
    main()
