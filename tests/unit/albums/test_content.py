"""What is said of an album or a collage is checked, each rule with its own type."""

import unicodedata
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.albums.content import MAX_PLACED, MAX_SOURCES, Content, album_content, collage_content
from studio.albums.model import Placed
from studio.documents.album import MAX_PHOTOS, AlbumLayout
from studio.documents.spec import DocumentKind
from studio.errors import ErrorType, StudioError

A, B = "0b9c1f6e-5f5e-4f0e-9d53-0a3f7c1f2b11", "0b9c1f6e-5f5e-4f0e-9d53-0a3f7c1f2b12"
ids = [f"0b9c1f6e-5f5e-4f0e-9d53-{n:012x}" for n in range(MAX_PHOTOS + 1)]


def album(**rest: Any) -> Content:
    asked: Any = {"name": "Hè", **rest}
    return album_content(asked)


def collage(**rest: Any) -> Content:
    asked: Any = {"name": "Hè", "template": "GRID_2X2", **rest}
    return collage_content(asked)


def refusal(make: Any, **rest: Any) -> ErrorType:
    with pytest.raises(StudioError) as error:
        make(**rest)
    assert error.value.message.endswith(".")
    return error.value.type


BAD = [
    *(
        ({"name": bad}, ErrorType.NAME_MALFORMED)
        for bad in ("", "  ", "a" * 101, "a\nb", "a\x00", "a\u202eb", "\u200b", "a" + "\u0301" * 40)
    ),
    *(({"photos": [{"id": bad}]}, ErrorType.ID_MALFORMED) for bad in ("", "x", "../a", A.upper() + "/")),
    *(
        ({"photos": [{"id": A, "caption": bad}]}, ErrorType.CAPTION_MALFORMED)
        for bad in ("a" * 121, "a\x00", "a\u2067b", "a\ud800", "a" + "\u0301" * 119)
    ),
    *(
        ({"photos": [{"id": A, axis: bad}]}, ErrorType.FOCAL_POINT_OUT_OF_RANGE)
        for axis in ("focalX", "focalY")
        for bad in (-0.0001, 1.0001, 2, -1, 1e300, float("inf"), float("nan"))
    ),
    ({"photos": [{"id": A}, {"id": B}, {"id": A}]}, ErrorType.PHOTO_REPEATED),
]


@pytest.mark.parametrize("make", [album, collage])
@pytest.mark.parametrize(("bad", "type_"), BAD)
def test_each_rule_has_its_type(make: Any, bad: dict[str, Any], type_: ErrorType) -> None:
    assert refusal(make, **bad) == type_


@pytest.mark.parametrize(
    ("make", "bad", "type_"),
    [
        (album, {"description": "a" * 1001}, ErrorType.CAPTION_MALFORMED),
        (album, {"description": "a\x1b"}, ErrorType.CAPTION_MALFORMED),
        (album, {"description": "a" + "\u0301" * 119}, ErrorType.CAPTION_MALFORMED),
        (collage, {"caption": "a" + "\u0301" * 119}, ErrorType.CAPTION_MALFORMED),
        (collage, {"caption": "a" * 121}, ErrorType.CAPTION_MALFORMED),
        (collage, {"caption": "a\u202eb"}, ErrorType.CAPTION_MALFORMED),
        *(
            (collage, {"background": bad}, ErrorType.BACKGROUND_MALFORMED)
            for bad in ("red", "#fff", "#12345g", "", "#1234567", "#12345\uff16", " #123456", "#123456\n")
        ),
        (collage, {"sources": ["x"]}, ErrorType.ID_MALFORMED),
        (collage, {"sources": [A, A]}, ErrorType.PHOTO_REPEATED),
        (collage, {"sources": ids[: MAX_SOURCES + 1]}, ErrorType.TOO_MANY_PHOTOS),
        (collage, {"photos": [{"id": id_} for id_ in ids[: MAX_SOURCES + 1]]}, ErrorType.TOO_MANY_PHOTOS),
        (album, {"photos": [{"id": id_} for id_ in ids]}, ErrorType.TOO_MANY_PHOTOS),
    ],
)
def test_so_has_each_of_one_kind(make: Any, bad: dict[str, Any], type_: ErrorType) -> None:
    assert refusal(make, **bad) == type_


def test_the_most_that_there_may_be() -> None:
    full = album(
        name="a" * 100,
        description="a" * 1000,
        layout="TWO_A_PAGE",
        photos=[{"id": id_, "caption": "ế" * 120, "focalX": 0, "focalY": 1} for id_ in ids[:MAX_PHOTOS]],
    )
    assert (full.kind, full.design, len(full.placed or ())) == (DocumentKind.ALBUM, AlbumLayout.TWO_A_PAGE, 200)
    assert len(collage(sources=ids[:MAX_SOURCES]).placed or ()) == MAX_PLACED[DocumentKind.COLLAGE]


def test_letters_are_kept_with_their_marks_as_one() -> None:
    said = "Chúc mừng năm mới, Đặng Thị Ngọc Ánh"
    apart = unicodedata.normalize("NFD", said)
    made = album(name=f" {apart} ", description=f"{apart}\n", photos=[{"id": A, "caption": apart}])
    assert (made.name, made.description, [each.caption for each in made.placed or ()]) == (said, said, [said])
    assert collage(caption=apart).caption == said
    marks = unicodedata.normalize("NFD", "ế" * 100)
    assert len(marks) == 300
    assert album(name=marks).name == "ế" * 100, "it counts what is seen"


def test_what_is_left_out_leaves_the_pictures_as_they_are() -> None:
    assert album().placed is None
    assert album(photos=None).placed is None
    assert album(photos=[]).placed == ()
    assert (collage().placed, collage(sources=None, photos=None).placed, collage(sources=[]).placed) == (None, None, ())
    blank = collage(caption=" \u200b", background=None)
    assert (blank.caption, blank.background) == (None, None)


def test_sources_are_photos_of_which_nothing_is_said() -> None:
    assert collage(sources=[B, A]).placed == (Placed(B), Placed(A))
    said = collage(sources=[B], photos=[{"id": A, "caption": "x", "focalX": 0.25}]).placed
    assert said == (Placed(A, "x", Decimal("0.25")),), "photos say more"
    assert collage(background="#AABBCC").background == "#aabbcc"


@given(st.floats(0, 1), st.one_of(st.none(), st.floats(0, 1)))
def test_a_focal_point_is_kept_to_four_digits(across: float, down: float | None) -> None:
    (placed,) = [*(album(photos=[{"id": A, "focalX": across, "focalY": down}]).placed or ())]
    assert placed.focal_x is not None
    assert abs(placed.focal_x - Decimal(across)) <= Decimal("0.00005")
    assert 0 <= placed.focal_x <= 1
    assert (placed.focal_y is None) == (down is None)
