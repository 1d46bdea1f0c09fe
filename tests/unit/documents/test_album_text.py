"""Words in the file: what is drawn can be searched and copied, and whatever people write breaks nothing."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from studio.people.model import Language
from tests.unit.documents.albums import MIXED, PRINT, SCREEN, checked, pdf_of, rendered, text_of
from tests.unit.imaging import making as m

PHOTO = m.sound("JPEG", size=(32, 24))
PARTED = "Đà Lạt, mùa hoa dã quỳ: đường lên đỉnh Langbiang trong sương sớm với cà phê và khoai nướng"
AWKWARD = (
    "(((\\",
    "\\) Tj ET endstream endobj",
    "<</Title (x)>> %%EOF",
    "]]> & <x:xmpmeta> ?>",
    "🎉👨‍👩‍👧 Sinh nhật 🎂",
    "שלום עולם",
    "مرحبا بالعالم",
    "\u202egnp.exe",
    "日本の夏",
    "a\tb\nc\r\nd\u2028e",
    "\x00\x01\x07\x1b",
    "\ud83d",
    "\u200b",
    " ",
    "x" * 3_000,
    "Nguyễn " * 200,
    "f\u0323\u0308\u0301i ffi ﬁ",
    "Z\u0335\u0322\u0328a\u0321\u0316l\u0340g\u0315\u0328o\u0360",
)


def words(text: str) -> list[str]:
    return text.split()


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_what_is_copied_is_what_was_written_composed(form: str) -> None:
    title, caption = (unicodedata.normalize(form, text) for text in ("Những ngày ở Huế", PARTED))  # pyright: ignore[reportArgumentType]
    content = pdf_of({"0": PHOTO}, SCREEN, title=title, captions={"0": caption}, language=Language.VI)
    assert words(text_of(content, 0)) == words("Những ngày ở Huế Ngày 28 tháng 11 năm 2026")
    assert words(text_of(content, 1)) == words(f"{PARTED} 1")


def test_composed_and_decomposed_give_the_same_pages() -> None:
    drawn = [
        rendered(pdf_of({"0": PHOTO}, SCREEN, captions={"0": unicodedata.normalize(form, PARTED)}), 1).tobytes()
        for form in ("NFC", "NFD")
    ]
    assert drawn[0] == drawn[1]


def test_the_date_is_written_in_the_persons_language() -> None:
    assert "28 November 2026" in text_of(pdf_of({"0": PHOTO}, SCREEN), 0)


def test_characters_that_the_font_lacks_are_copied_as_they_are() -> None:
    content = pdf_of({"0": PHOTO}, SCREEN, captions={"0": "Sinh nhật 日本 của Bông"})
    assert words(text_of(content, 1)) == words("Sinh nhật 日本 của Bông 1")


@pytest.mark.parametrize("text", AWKWARD)
def test_awkward_words_break_nothing(text: str) -> None:
    files = {"0": PHOTO, "1": PHOTO, "2": PHOTO}
    content = pdf_of(files, PRINT, title=text, captions={"0": text, "1": text}, layout=MIXED)
    pdf = checked(content)
    assert len(pdf.pages) == 24
    assert str(pdf.docinfo["/Title"]) == text.encode("utf-16-le", "replace").decode("utf-16-le")
    with pdf.open_metadata() as said:
        assert "title" in {key.rpartition("}")[2] for key in said} or not words(text)
    rendered(content, 1)


@settings(max_examples=30, deadline=None)
@given(st.text(st.characters(exclude_categories=()), max_size=60), st.text(max_size=200))
def test_no_words_break_anything(title: str, caption: str) -> None:
    content = pdf_of({"0": PHOTO}, SCREEN, title=title, captions={"0": caption})
    with checked(content).open_metadata() as said:
        assert len(said) >= 5
    assert content.count(b"%%EOF") == 1


def test_words_stay_in_their_place() -> None:
    """However long they are: captions above the page's number, the title in its panel."""
    blank = {"0": m.encoded(Image.new("RGB", (320, 240), "white"), "PNG")}
    content = pdf_of(blank, SCREEN, title="Nguyễn " * 200, captions={"0": "Nguyễn " * 200})
    page = rendered(content, 1, 72).convert("L").point([255] * 160 + [0] * 96)
    box = page.getbbox()
    assert box
    mm = 72 / 25.4
    assert box[0] >= 18 * mm - 1
    assert box[1] >= 186 * mm
    assert box[2] <= 279 * mm + 1
    assert box[3] <= (210 - 12.7) * mm + 1
