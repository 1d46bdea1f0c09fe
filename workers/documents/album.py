"""An album as a PDF, for the screen or for the printer, written while its photos are read one at a time."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, Final

from studio.documents.album import BLEED_MM, TRIM, Album, PdfProduct, Photo
from studio.documents.arrange import Frame
from studio.documents.pages import Page, PageKind, plan
from studio.documents.words import COVERS
from studio.people.model import Language
from workers.documents.font import Weight
from workers.documents.pdf import metadata
from workers.documents.pdf.canvas import Canvas
from workers.documents.pdf.file import PdfFile, Sink
from workers.documents.pdf.fonts import PdfFont, add_font
from workers.documents.pdf.pictures import Pictures, add_profile
from workers.documents.pdf.values import POINTS_A_MM, Value, reference, text
from workers.documents.typography import draw_texts
from workers.imaging.colour import srgb_profile
from workers.imaging.mark import Mark

_MARGIN: Final[Mapping[PdfProduct, float]] = {PdfProduct.SCREEN: 0.0, PdfProduct.PRINT: BLEED_MM * POINTS_A_MM}


@dataclass(frozen=True)
class Written:
    """What a printer wants to know of a file, besides where it is."""

    pages: int
    bytes: int
    md5: str


@dataclass(frozen=True)
class _Parts:
    """What all pages share."""

    pdf: PdfFile
    pictures: Pictures
    fonts: Mapping[Weight, PdfFont]
    margin: float
    tree: int
    resources: Mapping[str, Value]
    open_: Callable[[Photo], BinaryIO]
    mark: Callable[[], Mark | None]


def write_album(
    album: Album,
    product: PdfProduct,
    open_photo: Callable[[Photo], BinaryIO],
    sink: Sink,
    made: datetime,
    mark: Callable[[], Mark | None] = lambda: None,
) -> Written:
    """Write an album's PDF; the same album, made at the same moment, is the same to the byte.

    Parameters
    ----------
    open_photo
        Opens a photo's file, which is closed before the next is opened.
    sink
        Takes the bytes in their order; it need not seek.
    mark
        Returns the album's mark, once all photos have been opened.

    Raises
    ------
    AlbumError
        It breaks a rule.
    UnfitError
        A photo cannot be used.
    """
    pages, pdf = plan(album, product), PdfFile(sink)
    profile = add_profile(pdf, 3, srgb_profile())
    parts = _parts(pdf, product, profile, open_photo, mark)
    numbers = [_add_page(page, album, parts) for page in pages]
    for font in parts.fonts.values():
        add_font(pdf, font)
    pdf.add({"Type": "/Pages", "Kids": [reference(each) for each in numbers], "Count": len(numbers)}, parts.tree)
    catalogue = pdf.add(_catalogue(album, pages, numbers, parts, profile, made))
    pdf.finish(catalogue, metadata.add_information(pdf, album.title, made))
    return Written(len(pages), pdf.size, pdf.md5)


def _parts(
    pdf: PdfFile,
    product: PdfProduct,
    profile: int,
    open_photo: Callable[[Photo], BinaryIO],
    mark: Callable[[], Mark | None],
) -> _Parts:
    fonts = {weight: PdfFont(weight, pdf.reserve()) for weight in Weight}
    resources: Mapping[str, Value] = {
        "Font": {font.name: reference(font.number) for font in fonts.values()},
        "ColorSpace": {"DefaultRGB": ["/ICCBased", reference(profile)]},
    }
    pictures = Pictures(pdf, product, profile)
    return _Parts(pdf, pictures, fonts, _MARGIN[product], pdf.reserve(), resources, open_photo, mark)


def _add_page(page: Page, album: Album, parts: _Parts) -> int:
    margin, (width, height) = parts.margin, (TRIM.width * POINTS_A_MM, TRIM.height * POINTS_A_MM)
    canvas = Canvas(margin, margin + height)
    pictures = {f"P{i}": reference(_draw_photo(frame, f"P{i}", canvas, parts)) for i, frame in enumerate(page.frames)}
    draw_texts(page, album, canvas, parts.fonts)
    content = parts.pdf.add_packed({}, [canvas.content])
    whole = [0, 0, width + 2 * margin, height + 2 * margin]
    return parts.pdf.add(
        {
            "Type": "/Page",
            "Parent": reference(parts.tree),
            "MediaBox": whole,
            "BleedBox": whole,
            "TrimBox": [margin, margin, margin + width, margin + height],
            "Resources": {**parts.resources, "XObject": pictures},
            "Contents": reference(content),
        }
    )


def _draw_photo(frame: Frame, name: str, canvas: Canvas, parts: _Parts) -> int:
    placed = parts.pictures.again(frame)
    if not placed:
        with parts.open_(frame.photo) as file:
            placed = parts.pictures.add(frame, file.read())
    canvas.picture(name, placed.turn, placed.whole, frame.box)
    return placed.number


def _catalogue(
    album: Album, pages: Sequence[Page], numbers: Sequence[int], parts: _Parts, profile: int, made: datetime
) -> Mapping[str, Value]:
    entries = [
        (_bookmark(page, album), number)
        for page, number in zip(pages, numbers, strict=True)
        if page.kind in {PageKind.COVER, PageKind.PHOTOS}
    ]
    return {
        "Type": "/Catalog",
        "Pages": reference(parts.tree),
        "Outlines": reference(metadata.add_outline(parts.pdf, entries)),
        "PageLabels": {"Nums": _labels(pages, album.language)},
        "Metadata": reference(metadata.add_xmp(parts.pdf, album.title, made, parts.mark())),
        "OutputIntents": [metadata.output_intent(profile)],
        "Lang": f"({album.language.lower()})",
        "ViewerPreferences": {"DisplayDocTitle": True},
    }


def _bookmark(page: Page, album: Album) -> str:
    if page.kind == PageKind.COVER:
        return album.title
    captions = [frame.photo.caption for frame in page.frames if frame.photo.caption]
    return f"{page.number}  {captions[0]}" if captions else str(page.number)


def _labels(pages: Sequence[Page], language: Language) -> list[Value]:
    front, back = COVERS[language]
    labels: list[Value] = [0, {"P": text(front)}, 1, {"S": "/D"}]
    return [*labels, len(pages) - 1, {"P": text(back)}] if pages[-1].kind == PageKind.BACK else labels
