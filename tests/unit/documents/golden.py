"""``python -m tests.unit.documents.golden``: draw the golden collages anew; look at them before they are committed."""

import io
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

from studio.documents.collage import CollagePicture, CollageSpec
from studio.documents.templates import TEMPLATES, CollageTemplate
from tests.unit.documents.portraits import Portrait, portrait
from workers.documents.collage import draw

FOLDER: Final = Path(__file__).parent / "golden"
SIDE: Final = 320
_SHAPES: Final = ((240, 320), (320, 240), (280, 280))
_DARK: Final = "#1f2430"


def collages() -> Mapping[str, CollageSpec]:
    """Each template bare, and with all that can be on it."""
    bare = {template.lower(): _spec(template) for template in CollageTemplate}
    full = {f"{name}-full": _full(spec) for name, spec in bare.items()}
    return {**bare, **full, "mosaic-12": _spec(CollageTemplate.MOSAIC, 12)}


def drawn(spec: CollageSpec) -> bytes:
    files = [partial(_file, each) for each in _people(len(spec.pictures))]
    return draw(spec, files, SIDE).content


def _spec(template: CollageTemplate, count: int = 0) -> CollageSpec:
    people = _people(count or max(TEMPLATES[template].least, min(TEMPLATES[template].most, 5)))
    return CollageSpec(template, tuple(CollagePicture(*each.image.size, *each.focal) for each in people))


def _full(spec: CollageSpec) -> CollageSpec:
    pictures = tuple(replace(each, caption=f"Ảnh {i + 1}") for i, each in enumerate(spec.pictures))
    return replace(spec, pictures=pictures, caption="Thuở ấy ở Huế", background=_DARK)


def _people(count: int) -> list[Portrait]:
    return [portrait(i, *_SHAPES[i % len(_SHAPES)]) for i in range(count)]


def _file(each: Portrait) -> bytes:
    out = io.BytesIO()
    each.image.save(out, "PNG", compress_level=1)
    return out.getvalue()


def main() -> None:
    for name, spec in collages().items():
        (FOLDER / f"{name}.jpg").write_bytes(drawn(spec))


if __name__ == "__main__":
    main()
