"""The file as a whole: its boxes, pages, bookmarks, metadata, and how it is written."""

import hashlib
import io
import tracemalloc
from typing import BinaryIO

import pypdfium2
import pytest
from PIL import Image

from studio.documents.album import AlbumLayout, Photo
from studio.people.model import Language
from tests.unit.documents import albums as a
from tests.unit.documents.albums import MIXED, PRINT, SCREEN, TWO, checked, pdf_of
from tests.unit.imaging import making as m
from workers.documents.album import write_album

A_MM = 72 / 25.4
WIDTH, HEIGHT = 297 * A_MM, 210 * A_MM
SMALL = m.sound("JPEG")


def files(count: int, content: bytes = SMALL) -> dict[str, bytes]:
    return {str(i): content for i in range(count)}


def boxes(content: bytes) -> set[tuple[tuple[float, ...], ...]]:
    pages = checked(content).pages
    return {tuple(tuple(float(each) for each in box) for box in (p.mediabox, p.obj.BleedBox, p.trimbox)) for p in pages}  # pyright: ignore[reportGeneralTypeIssues]


def test_printed_pages_have_a_bleed_of_3_175_mm_around_a4_landscape() -> None:
    ((media, bleed, trim),) = boxes(pdf_of(files(3), PRINT))
    assert media == bleed == pytest.approx((0, 0, WIDTH + 18, HEIGHT + 18), abs=1e-3)
    assert trim == pytest.approx((9, 9, WIDTH + 9, HEIGHT + 9), abs=1e-3)
    assert trim[0] / A_MM == pytest.approx(3.175)


def test_pages_for_the_screen_are_as_they_are_trimmed() -> None:
    ((media, bleed, trim),) = boxes(pdf_of(files(3), SCREEN))
    assert media == bleed == trim == pytest.approx((0, 0, WIDTH, HEIGHT), abs=1e-3)


def test_what_bleeds_is_drawn_beyond_the_trim_and_there_are_no_marks() -> None:
    red = m.encoded(Image.new("RGB", (400, 300), (200, 30, 30)), "PNG")
    content = pdf_of({"a": red}, PRINT)
    cover, page = a.rendered(content, 0), a.rendered(content, 1)
    corners = [(1, 1), (cover.width - 2, 1), (1, cover.height - 2), (cover.width - 2, cover.height - 2)]
    assert {cover.getpixel(corner) for corner in corners} == {(200, 30, 30)}
    edges = [
        page.crop((0, 0, page.width, 40)),
        page.crop((0, 0, 40, page.height)),
        page.crop((0, page.height - 40, page.width, page.height)),
    ]
    assert all(edge.getextrema() == ((255, 255),) * 3 for edge in edges)


@pytest.mark.parametrize(("count", "layout", "pages"), [(1, TWO, 2), (2, TWO, 2), (7, TWO, 5), (7, MIXED, 5)])
def test_pages_are_what_the_layout_says(count: int, layout: AlbumLayout, pages: int) -> None:
    given = files(count)
    content, written = a.write(a.of(given, layout=layout), given, SCREEN)
    assert len(checked(content).pages) == written.pages == pages
    assert len(checked(pdf_of(given, PRINT, layout=layout)).pages) == 24


def test_200_photos_are_written_and_sound() -> None:
    given = files(200)
    content, written = a.write(a.of(given, layout=MIXED), given)
    assert len(checked(content).pages) == written.pages
    assert written.pages % 2 == 0


def test_the_caller_gets_the_size_and_md5_of_what_was_written() -> None:
    given = files(2)
    content, written = a.write(a.of(given), given)
    assert (written.bytes, written.md5) == (len(content), hashlib.md5(content, usedforsecurity=False).hexdigest())


def test_the_same_album_is_the_same_file() -> None:
    given = files(3)
    captions = {"1": "Đà Lạt"}
    assert pdf_of(given, captions=captions) == pdf_of(given, captions=captions)
    assert pdf_of(given) != pdf_of(given, captions=captions)


@pytest.mark.parametrize(
    ("language", "front", "back"), [(Language.EN, "Cover", "Back cover"), (Language.VI, "Bìa", "Bìa sau")]
)
def test_pages_are_labeled_as_they_are_numbered(language: Language, front: str, back: str) -> None:
    given = files(3)
    content = pdf_of(given, language=language)
    with pypdfium2.PdfDocument(content) as document:
        labels = [document.get_page_label(i) for i in range(len(document))]
    assert labels == [front, *map(str, range(1, 23)), back]
    assert str(checked(content).Root.Lang) == language.lower()
    with pypdfium2.PdfDocument(pdf_of(given, SCREEN, language=language)) as document:
        assert [document.get_page_label(i) for i in range(len(document))] == [front, "1", "2", "3"]


def test_bookmarks_lead_to_the_cover_and_to_every_page_with_photos() -> None:
    content = pdf_of(files(3), title="Mùa hè", captions={"1": "Hồ Xuân Hương"})
    with pypdfium2.PdfDocument(content) as document:
        found = [(each.get_title(), getattr(each.get_dest(), "get_index", int)()) for each in document.get_toc()]
    assert found == [("Mùa hè", 0), ("1", 1), ("2  Hồ Xuân Hương", 2), ("3", 3)]


def test_it_says_its_title_and_dates_twice_and_nothing_of_the_person() -> None:
    pdf = checked(pdf_of(files(1), title="Đà Lạt & <tôi>"))
    assert {key: str(value) for key, value in pdf.docinfo.items()} == {
        "/Title": "Đà Lạt & <tôi>",
        "/Creator": "NamO Studio",
        "/Producer": "NamO Studio",
        "/CreationDate": "D:20261128093000Z",
        "/ModDate": "D:20261128093000Z",
        "/Trapped": "/False",
    }
    with pdf.open_metadata() as said:
        assert {key.rpartition("}")[2]: value for key, value in said.items()} == {
            "format": "application/pdf",
            "title": "Đà Lạt & <tôi>",
            "CreateDate": "2026-11-28T09:30:00Z",
            "ModifyDate": "2026-11-28T09:30:00Z",
            "CreatorTool": "NamO Studio",
            "Producer": "NamO Studio",
        }


def test_colours_are_meant_as_srgb_and_fonts_are_embedded_in_part() -> None:
    pdf = checked(pdf_of(files(1), captions={"0": "Mẹ"}))
    (intent,) = pdf.Root.OutputIntents  # pyright: ignore[reportGeneralTypeIssues]
    assert b"sRGB" in intent.DestOutputProfile.read_bytes().replace(b"\0", b"")
    fonts = pdf.pages[0].obj.Resources.Font
    for font in (fonts.Regular, fonts.SemiBold):
        descriptor = font.DescendantFonts[0].FontDescriptor
        assert str(descriptor.FontName)[7:].startswith("+BeVietnamPro-")
        assert 1_000 < len(descriptor.FontFile2.read_bytes()) < 20_000
        assert font.ToUnicode.read_bytes()


class _Counted(io.BytesIO):
    """Knows how many of its kind are open."""

    open = 0

    def __init__(self, content: bytes) -> None:
        super().__init__(content)
        _Counted.open += 1
        assert _Counted.open == 1

    def close(self) -> None:
        _Counted.open -= not self.closed
        super().close()


def test_photos_are_opened_one_at_a_time_and_closed() -> None:
    given = files(5, m.sound("PNG"))
    sink = a.Sink()
    write_album(a.of(given), SCREEN, lambda photo: _Counted(given[photo.id]), sink, a.MADE)
    assert _Counted.open == 0


def test_what_is_held_does_not_grow_with_the_album() -> None:
    content = m.encoded(m.picture(), "JPEG", icc_profile=bytes(1_000_000))
    few, many = (_most_held(count, content) for count in (4, 40))
    assert many < few + len(content) / 4
    assert many < 5 * len(content)


def _most_held(count: int, content: bytes) -> int:
    class Nowhere:
        def write(self, data: bytes, /) -> object:
            return len(data)

    given = a.of(files(count, content))
    tracemalloc.start()
    try:
        write_album(given, SCREEN, lambda _: io.BytesIO(content), Nowhere(), a.MADE)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_a_photo_that_fails_to_open_fails_the_album() -> None:
    def opened(_: Photo) -> BinaryIO:
        raise FileNotFoundError

    with pytest.raises(FileNotFoundError):
        write_album(a.album(a.photo()), SCREEN, opened, a.Sink(), a.MADE)
