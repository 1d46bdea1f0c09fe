"""Wrapping, shrinking and cutting."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.documents.font import Weight
from workers.documents.paragraph import LEADING, Room, fit
from workers.documents.text import spelled, width

ROOM = Room(width=60, height=20, largest=6, smallest=3, lines=3, weight=Weight.SEMIBOLD)
LONG = "Kỷ niệm chuyến đi Đà Lạt mùa hoa dã quỳ nở vàng, cùng cả nhà"


def long(line: str, size: float) -> float:
    return width(line, size, ROOM.weight)


def test_a_short_text_is_as_large_as_it_may_be() -> None:
    assert fit("Huế", ROOM).size == ROOM.largest
    assert fit("Huế", ROOM).lines == ["Huế"]


def test_a_little_too_long_is_set_a_little_smaller_on_one_line() -> None:
    text = "Đám cưới Hạnh & Ngọc"
    set_ = fit(text, ROOM)
    assert set_.lines == [text]
    assert 0.75 * ROOM.largest < set_.size < ROOM.largest


@pytest.mark.parametrize("wide", range(50, 90, 3))
def test_longer_text_is_wrapped_at_words_into_even_lines(wide: int) -> None:
    set_ = fit(LONG, replace(ROOM, width=wide))
    assert " ".join(set_.lines) == LONG
    lengths = [long(line, set_.size) for line in set_.lines]
    assert len(lengths) > 1
    assert max(lengths) <= wide
    assert min(lengths) > 0.65 * max(lengths)


def test_what_does_not_fit_is_cut_with_an_ellipsis() -> None:
    set_ = fit(" ".join([LONG] * 4), ROOM)
    assert set_.size == ROOM.smallest
    assert len(set_.lines) == ROOM.lines
    assert set_.lines[-1].endswith("…")
    assert " ".join(set_.lines)[:-1].rstrip() in " ".join([LONG] * 4)


def test_lines_broken_by_hand_stay_so() -> None:
    assert fit("Tết 2027\r\nSài Gòn\n", ROOM).lines == ["Tết 2027", "Sài Gòn"]
    assert fit("\n\n a \n\n b", ROOM).lines == ["a", "b"]


def test_a_space_that_breaks_no_line_breaks_none() -> None:
    narrow = Room(20, 40, 6, 3, 4, Weight.REGULAR)
    assert "20\u00a0tháng\u00a011" in fit("ngày 20\u00a0tháng\u00a011", narrow).lines


def test_a_word_longer_than_a_line_is_broken_between_letters() -> None:
    set_ = fit("ệ" * 60, ROOM)
    assert "".join(set_.lines) == "ệ" * 60
    assert len(set_.lines) == 2


def test_it_does_not_depend_on_how_letters_are_encoded() -> None:
    decomposed = "Ky\u0309 nie\u0323\u0302m Đa\u0300 La\u0323t"
    assert fit(decomposed * 5, ROOM) == fit("Kỷ niệm Đà Lạt" * 5, ROOM)


rooms = st.builds(
    Room, st.floats(5, 100), st.floats(4, 50), st.floats(3, 9), st.just(2.0), st.integers(1, 4), st.sampled_from(Weight)
)


@given(st.text(max_size=150), rooms)
def test_any_text_fits_its_room(text: str, room: Room) -> None:
    set_ = fit(text, room)
    assert room.smallest <= set_.size <= room.largest
    assert len(set_.lines) <= room.lines
    for line in set_.lines:
        assert width(line, set_.size, room.weight) <= room.width * 1.001
        assert spelled(line) == line
    assert len(set_.lines) * set_.size * LEADING <= max(room.height, LEADING * room.smallest) * 1.001


@given(st.integers(1, 30))
def test_more_text_is_never_set_larger(words: int) -> None:
    sizes = [fit(" ".join(["mưa"] * count), ROOM).size for count in range(1, words + 1)]
    # A further line lets it grow again.
    lines = [len(fit(" ".join(["mưa"] * count), ROOM).lines) for count in range(1, words + 1)]
    for (before, after), (few, many) in zip(pairwise(sizes), pairwise(lines), strict=True):
        assert after <= before or many > few
