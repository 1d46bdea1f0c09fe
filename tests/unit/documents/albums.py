"""Albums of small pictures, written to memory."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pikepdf
import pypdfium2
from PIL import Image

from studio.documents.album import Album, AlbumLayout, PdfProduct, Photo
from workers.documents.album import Written, write_album
from workers.imaging import guard

MADE = datetime(2026, 11, 28, 9, 30, tzinfo=UTC)
DAY = date(2026, 11, 28)
ONE, TWO, MIXED = AlbumLayout.ONE_A_PAGE, AlbumLayout.TWO_A_PAGE, AlbumLayout.MIXED
SCREEN, PRINT = PdfProduct.SCREEN, PdfProduct.PRINT


class Sink:
    """Takes bytes and no more."""

    def __init__(self) -> None:
        self.content = b""

    def write(self, data: bytes, /) -> object:
        self.content += data
        return None


def photo(id_: str = "a", width: int = 4032, height: int = 3024, caption: str | None = None, **rest: Any) -> Photo:
    return Photo(id_, width, height, caption=caption, **rest)


def album(*photos: Photo, layout: AlbumLayout = ONE, title: str = "Mùa hè", **rest: Any) -> Album:
    return Album(title, DAY, photos, layout, **rest)


def of(files: Mapping[str, bytes], captions: Mapping[str, str] | None = None, **rest: Any) -> Album:
    """Lay out files as the sizes in them say."""
    sizes = {id_: guard.look(content, guard.MAX_STORED_BYTES).size for id_, content in files.items()}
    return album(*(photo(id_, *size, (captions or {}).get(id_)) for id_, size in sizes.items()), **rest)


def write(album: Album, files: Mapping[str, bytes], product: PdfProduct = PRINT) -> tuple[bytes, Written]:
    sink = Sink()
    written = write_album(album, product, lambda each: io.BytesIO(files[each.id]), sink, MADE)
    return sink.content, written


def pdf_of(files: Mapping[str, bytes], product: PdfProduct = PRINT, **rest: Any) -> bytes:
    return write(of(files, **rest), files, product)[0]


def checked(content: bytes) -> pikepdf.Pdf:
    """Open a PDF in which qpdf finds nothing wrong, streams included."""
    pdf = pikepdf.open(io.BytesIO(content))
    assert pdf.check_pdf_syntax() == []
    return pdf


@dataclass(frozen=True)
class Stored:
    """A picture of a PDF: what is said of it, its bytes as they stand, and its colours' profile if it has one."""

    number: int
    width: int
    height: int
    filter: str
    space: str
    profile_number: int
    profile: bytes
    raw: bytes
    unpacked: bytes
    inverted: bool


def pictures(content: bytes, page: int) -> Sequence[Stored]:
    pdf = checked(content)
    return [_stored(each) for each in pdf.pages[page].obj.Resources.XObject.values()]  # pyright: ignore[reportCallIssue]


def _stored(picture: Any) -> Stored:
    space, filter_ = picture.ColorSpace, str(picture.Filter)
    profile = space[1] if isinstance(space, pikepdf.Array) else None
    return Stored(
        picture.objgen[0],
        int(picture.Width),
        int(picture.Height),
        filter_,
        str(space[0] if profile else space),
        profile.objgen[0] if profile else 0,
        profile.read_bytes() if profile else b"",
        picture.read_raw_bytes(),
        picture.read_bytes() if filter_ == "/FlateDecode" else b"",
        "/Decode" in picture,
    )


def rendered(content: bytes, page: int, dpi: float = 72) -> Image.Image:
    """Draw a page as PDFium, which Chromium shows PDFs with, draws it."""
    with pypdfium2.PdfDocument(content) as document:
        drawn = document[page].render(scale=dpi / 72)  # pyright: ignore[reportArgumentType] - it takes fractions
        return drawn.to_pil().convert("RGB")


def text_of(content: bytes, page: int) -> str:
    with pypdfium2.PdfDocument(content) as document:
        return document[page].get_textpage().get_text_range()
