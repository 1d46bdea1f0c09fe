"""Shaping: Vietnamese however it is encoded, kerning, what the font lacks."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from workers.documents.font import Weight, file, font, letters
from workers.documents.text import MISSING, shape, spelled, width

LOWER = "aàáảãạăằắẳẵặâầấẩẫậbcdđeèéẻẽẹêềếểễệghiìíỉĩịklmnoòóỏõọôồốổỗộơờớởỡợpqrstuùúủũụưừứửữựvxyỳýỷỹỵ"
CAPTION = "Đám cưới Hạnh & Ngọc, Huế: mùa thuở ấy"
NOTDEF = 0

texts = st.text(st.characters(exclude_categories=()))


@pytest.mark.parametrize("weight", Weight)
def test_the_font_has_every_letter_of_vietnamese(weight: Weight) -> None:
    glyphs = shape(LOWER + LOWER.upper(), 1, weight)
    assert len(glyphs) == 2 * len(LOWER)
    assert NOTDEF not in {glyph.id for glyph in glyphs}
    assert len({glyph.id for glyph in glyphs}) == len(glyphs)


@pytest.mark.parametrize("weight", Weight)
def test_each_weight_has_the_same_letters_and_is_its_own(weight: Weight) -> None:
    assert frozenset(map(chr, font(weight).face.unicodes)) == letters()
    assert file(weight).read_bytes().startswith(b"\0\1\0\0")
    assert width(CAPTION, 1, weight) != width(CAPTION, 1, next(each for each in Weight if each != weight))


@pytest.mark.parametrize("form", ["NFD", "NFKD", "NFKC"])
def test_composed_and_decomposed_are_set_the_same(form: str) -> None:
    other = unicodedata.normalize(form, CAPTION)  # pyright: ignore[reportArgumentType] - a form
    assert shape(other, 12) == shape(CAPTION, 12)


@pytest.mark.parametrize(
    "ways",
    [
        ("\u1ec7", "e\u0323\u0302", "e\u0302\u0323", "\u00ea\u0323", "\u1eb9\u0302"),
        ("\u1edb", "o\u031b\u0301", "o\u0301\u031b", "\u01a1\u0301", "\u00f3\u031b"),
        ("\u00e0", "a\u0300", "a\u0340"),
    ],
)
def test_marks_in_any_legal_order_are_set_the_same(ways: tuple[str, ...]) -> None:
    assert len({tuple(shape(way, 10)) for way in ways}) == 1


def test_kerning_is_applied() -> None:
    assert width("AVATo", 1000) < sum(width(each, 1000) for each in "AVATo") - 200


def test_it_scales() -> None:
    assert width(CAPTION, 30) == pytest.approx(30 * width(CAPTION, 1))


def test_glyphs_follow_one_another_and_marks_sit_on_their_letters() -> None:
    first, second = shape("ab", 10)
    assert (first.x, first.y, second.x) == (0, 0, first.advance)
    base, mark = shape("x\u0323", 10)  # composed by nobody
    assert (mark.advance, mark.text) == (0, "")
    assert 0 < mark.x < base.advance + 5
    assert base.text == "x\u0323"


def test_a_ligature_stands_for_its_letters() -> None:
    assert [glyph.text for glyph in shape("fix", 1)] == ["fi", "x"]


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("Mừng 🎂!", f"Mừng {MISSING}!"),
        ("👍🏽", MISSING),
        ("👩‍👧", MISSING * 2),
        ("❤️", MISSING),
        ("中", MISSING),
        ("\U0001d407\U0001d42e\U0001d41e\u0302\u0301", "Huế"),
        ("Ａ①ﬁ", "A1fi"),
        ("a\u0331b", "ab"),  # a mark that it lacks
        ("a\tb\nc\u2003d\u2028e", "a b c d e"),
        ("5\u00a0cm", "5\u00a0cm"),
        ("\u1e5a", "\u1e5a"),  # a letter that it has in parts
        ("R\u031c\u0323", "\u1e5a"),
        ("a\u200bb\u2066c\x07", "abc"),
        ("\ud83d", MISSING),
        ("", ""),
    ],
)
def test_what_the_font_lacks_is_seen(text: str, seen: str) -> None:
    assert spelled(text) == seen


@given(texts)
@example("R\u031c\u0323")
def test_any_text_can_be_set(text: str) -> None:
    glyphs = shape(text, 10)
    assert NOTDEF not in {glyph.id for glyph in glyphs}
    assert "".join(glyph.text for glyph in glyphs) == spelled(text)
    assert shape(spelled(text), 10) == glyphs


@given(texts)
def test_any_text_is_set_the_same_decomposed(text: str) -> None:
    assert shape(unicodedata.normalize("NFD", text), 10) == shape(unicodedata.normalize("NFC", text), 10)
