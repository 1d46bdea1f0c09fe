"""``python -m tests.bench.album_run LAYOUT PRODUCT PHOTOS...``: a process that writes an album of 200 photos.

It writes what it took, as JSON: processor seconds, the peak above which it never was, and what the file has become.
"""

import json
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime
from pathlib import Path
from typing import BinaryIO, Final

from PIL import Image

from studio.documents.album import MAX_PHOTOS, Album, AlbumLayout, PdfProduct, Photo
from studio.people.model import Language
from workers.documents.album import write_album

MADE: Final = datetime(2026, 11, 28, tzinfo=UTC)
_CAPTIONED: Final = 2  # every second photo has a caption


class _Nowhere:
    """Takes the file as an upload in parts does, which keeps none of it; counts the photos that come as they are."""

    def __init__(self, photos: Iterable[bytes]) -> None:
        self._sizes = {len(each) for each in photos}
        self.untouched = 0

    def write(self, data: bytes, /) -> object:
        self.untouched += len(data) in self._sizes
        return len(data)


def album(paths: Sequence[Path], layout: AlbumLayout) -> Album:
    photos = tuple(_photo(i, paths[i % len(paths)]) for i in range(MAX_PHOTOS))
    return Album("Mùa hè của chúng mình", date(2026, 11, 28), photos, layout, Language.VI)


def _photo(i: int, path: Path) -> Photo:
    with Image.open(path) as image:
        width, height = image.size
    caption = "" if i % _CAPTIONED else f"Ảnh thứ {i + 1}: một buổi chiều ở Đà Lạt"
    return Photo(f"{i}:{path}", width, height, caption=caption)


def _opened(photo: Photo) -> BinaryIO:
    return Path(photo.id.partition(":")[2]).open("rb")


def main() -> None:
    layout, product, *paths = sys.argv[1:]
    made = album([Path(path) for path in paths], AlbumLayout(layout))
    sink = _Nowhere(Path(path).read_bytes() for path in paths)
    Path("/proc/self/clear_refs").write_text("5")  # the peak begins anew
    started = time.process_time()
    written = write_album(made, PdfProduct(product), _opened, sink, MADE)
    took = {"seconds": time.process_time() - started, "megabytes": _peak(), "untouched": sink.untouched}
    sys.stdout.write(json.dumps({**took, **asdict(written)}))


def _peak() -> float:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1000


if __name__ == "__main__":
    main()
