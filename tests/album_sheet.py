"""``python -m tests.album_sheet``: lay an album out and draw its pages, from its PDF, onto docs/images/album.jpg."""

import io
from pathlib import Path
from typing import Final

import pypdfium2
from PIL import Image, ImageFilter

from local.models.render import PictureOrder, draw
from studio.documents.album import Album, AlbumLayout, PdfProduct, Photo
from studio.people.model import Language
from tests.unit.documents.albums import DAY, write

FILE: Final = Path(__file__).parents[1] / "docs" / "images" / "album.jpg"
MAX_BYTES: Final = 250_000
_GROUND: Final = (226, 221, 213)
_DPI: Final = 50
_GAP: Final = 34
_SCENES: Final = (
    ("a lighthouse on a stormy coast at sunset", 3, 1600, 1200, "Hải đăng Kê Gà lúc hoàng hôn"),
    ("a red fox in a snowy forest", 4, 1200, 1600, "Gặp một chú cáo trong rừng tuyết"),
    ("a wooden boat on a calm lake with mountains", 5, 1600, 1067, "Hồ Tuyền Lâm"),
    ("a meadow of flowers with hills", 10, 1600, 1100, None),
    ("lanterns in Hoi An at night, city", 12, 1200, 1600, "Hội An"),
    ("an underwater coral reef with fish", 11, 1600, 1200, None),
    ("a castle in the mountains at dawn", 13, 1600, 1200, None),
    ("a cat on a windowsill", 14, 1200, 1200, "Mướp đợi cả nhà về"),
)


def pages() -> list[Image.Image]:
    files = {prompt: _drawn(prompt, seed, width, height) for prompt, seed, width, height, _ in _SCENES}
    photos = tuple(Photo(prompt, width, height, caption=caption) for prompt, _, width, height, caption in _SCENES)
    album = Album("Mùa hè của chúng mình", DAY, photos, AlbumLayout.MIXED, Language.VI)
    content, _ = write(album, files, PdfProduct.SCREEN)
    with pypdfium2.PdfDocument(content) as document:
        bitmaps = [page.render(scale=3 * _DPI / 72) for page in document]  # pyright: ignore[reportArgumentType]
        return [each.to_pil().convert("RGB").reduce(3) for each in bitmaps]


def sheet() -> Image.Image:
    """Lay the cover and two spreads on a table."""
    cover, *inside = pages()
    width, height = cover.size
    table = Image.new("RGB", (2 * width + 2 * _GAP, 3 * height + 4 * _GAP), _GROUND)
    _lay(table, [cover], (table.width - width) // 2, _GAP)
    for row, at in ((1, 1), (2, 3)):
        _lay(table, inside[at : at + 2], _GAP, _GAP + row * (height + _GAP))
    return table


def _lay(table: Image.Image, leaves: list[Image.Image], left: int, top: int) -> None:
    width, height = leaves[0].size
    shadow = Image.new("L", table.size, 0)
    shadow.paste(90, (left + 3, top + 6, left + width * len(leaves) + 3, top + height + 6))
    table.paste((60, 46, 36), mask=shadow.filter(ImageFilter.GaussianBlur(9)))
    for i, leaf in enumerate(leaves):
        table.paste(leaf, (left + i * width, top))
    if len(leaves) > 1:  # the fold
        table.paste((205, 203, 200), (left + width, top, left + width + 1, top + height))


def _drawn(prompt: str, seed: int, width: int, height: int) -> bytes:
    out = io.BytesIO()
    picture = Image.open(io.BytesIO(draw(PictureOrder(prompt, seed, width, height)).data)).convert("RGB")
    picture.save(out, "JPEG", quality=92)
    return out.getvalue()


def main() -> None:
    sheet().save(FILE, quality=84, optimize=True, progressive=True)
    assert FILE.stat().st_size <= MAX_BYTES


if __name__ == "__main__":
    main()
