"""Layout: every photo once and in order, nothing in the margins or over anything else, and dpi as they are."""

import math
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.documents.album import (
    BLEED,
    HEIGHT_MM,
    MAX_PHOTOS,
    SAFETY_MM,
    TRIM,
    Album,
    AlbumError,
    AlbumLayout,
    AlbumRule,
    Photo,
)
from studio.documents.geometry import Box
from studio.documents.pages import PageKind, blank_pages, plan, warnings
from tests.unit.documents.albums import DAY, MIXED, ONE, PRINT, SCREEN, TWO, album, photo

SIDES = st.integers(1, 12_000)
SHARES = st.floats(0, 1)
CAPTIONS = st.none() | st.sampled_from(["", " ", "Đà Lạt", "x" * 200])
PHOTOS = st.lists(
    st.builds(Photo, st.uuids().map(str), SIDES, SIDES, SHARES, SHARES, CAPTIONS), min_size=1, max_size=12
)
ALBUMS = st.builds(Album, st.just("T"), st.just(DAY), PHOTOS.map(tuple), st.sampled_from(AlbumLayout))
NEAR = 1e-6


def within(inner: Box, outer: Box) -> bool:
    return (
        inner.left >= outer.left - NEAR
        and inner.top >= outer.top - NEAR
        and inner.right <= outer.right + NEAR
        and inner.bottom <= outer.bottom + NEAR
    )


def apart(one: Box, other: Box) -> bool:
    across = one.right <= other.left + NEAR or other.right <= one.left + NEAR
    return across or one.bottom <= other.top + NEAR or other.bottom <= one.top + NEAR


@settings(max_examples=40)
@given(ALBUMS)
def test_every_photo_is_there_once_and_in_order_behind_the_cover(given_: Album) -> None:
    cover, *pages = plan(given_, SCREEN)
    assert [frame.photo for page in pages for frame in page.frames] == list(given_.photos)
    assert (cover.kind, cover.frames[0].photo, cover.number) == (PageKind.COVER, given_.photos[0], None)
    assert [page.number for page in pages] == list(range(1, len(pages) + 1))


@settings(max_examples=60)
@given(ALBUMS)
def test_nothing_is_in_the_margins_or_over_anything_else(given_: Album) -> None:
    safe = TRIM.grown(-SAFETY_MM)
    for page in plan(given_, PRINT):
        boxes = [box for frame in page.frames for box in (frame.box, frame.caption) if box]
        assert boxes == [BLEED] or all(within(box, safe) for box in boxes)
        assert all(apart(one, other) for i, one in enumerate(boxes) for other in boxes[:i])
        assert all(min(box.width, box.height) > 5 for box in boxes)


@settings(max_examples=40)
@given(ALBUMS)
def test_a_frame_shows_a_part_of_its_photo_undistorted_at_its_dpi(given_: Album) -> None:
    for page in plan(given_, PRINT):
        for frame in page.frames:
            crop, box = frame.crop, frame.box
            assert within(crop, Box(0, 0, frame.photo.width, frame.photo.height))
            assert frame.dpi * box.width / 25.4 == pytest.approx(crop.width)
            assert frame.dpi * box.height / 25.4 == pytest.approx(crop.height)
            assert math.isclose(crop.width, frame.photo.width) or math.isclose(crop.height, frame.photo.height)


@settings(max_examples=40)
@given(ALBUMS)
def test_a_warning_is_of_each_photo_below_300_dpi(given_: Album) -> None:
    frames = [(frame, page.number) for page in plan(given_, SCREEN) for frame in page.frames]
    small = [(frame.photo, number, int(frame.dpi + NEAR)) for frame, number in frames if frame.dpi + NEAR < 300]
    assert [(each.photo, each.page, each.dpi) for each in warnings(given_)] == small


def test_warnings_say_where_and_how_much() -> None:
    cover, inside = warnings(album(photo(width=2000, height=1500)))
    assert cover.message == "Photo 1, on the cover, is printed at 167 dpi; below 300 dpi it may look soft."
    assert inside.message == "Photo 1, on page 1, is printed at 222 dpi; below 300 dpi it may look soft."
    assert warnings(album(photo())) == []


@pytest.mark.parametrize(("pixels", "warned"), [(3583, False), (3582, True)])
def test_300_dpi_is_enough(pixels: int, warned: bool) -> None:
    """On the cover a photo of its shape is 11.943 inches wide."""
    large = album(photo(width=pixels, height=pixels))
    assert (None in {each.page for each in warnings(large)}) is warned


@settings(max_examples=40)
@given(ALBUMS)
def test_a_printed_book_has_whole_leaves_and_pages_enough_and_closes(given_: Album) -> None:
    screen, printed = plan(given_, SCREEN), plan(given_, PRINT)
    assert printed[: len(screen)] == screen
    assert [page.kind for page in printed[len(screen) :]] == [PageKind.BLANK] * blank_pages(given_) + [PageKind.BACK]
    assert len(printed) >= 24
    assert len(printed) % 2 == 0
    assert len(printed) == 24 or blank_pages(given_) < 2


@pytest.mark.parametrize("layout", AlbumLayout)
def test_the_largest_album_is_no_thicker_than_a_printer_binds(layout: AlbumLayout) -> None:
    most = album(*[photo(str(i)) for i in range(MAX_PHOTOS)], layout=layout)
    assert len(plan(most, PRINT)) <= 300


@pytest.mark.parametrize(("count", "rule"), [(0, AlbumRule.NO_PHOTOS), (201, AlbumRule.TOO_MANY_PHOTOS)])
def test_no_photos_and_too_many_are_refused_by_type(count: int, rule: AlbumRule) -> None:
    given_ = album(*[photo(str(i)) for i in range(count)])
    for ask in (warnings, blank_pages, lambda each: plan(each, SCREEN)):
        with pytest.raises(AlbumError) as raised:
            ask(given_)
        assert raised.value.rule == rule


def counts(given_: Album) -> list[int]:
    return [len(page.frames) for page in plan(given_, SCREEN)[1:]]


def test_layouts_differ_in_how_many_photos_a_page_has() -> None:
    photos = [photo(str(i)) for i in range(9)]
    assert counts(album(*photos, layout=ONE)) == [1] * 9
    assert counts(album(*photos, layout=TWO)) == [2, 2, 2, 2, 1]
    assert counts(album(*photos, layout=MIXED)) == [1, 2, 1, 3, 1, 1]


def test_photos_side_by_side_have_one_height_and_ends() -> None:
    (row,) = [page.frames for page in plan(album(photo("a"), photo("b", 3024, 4032), layout=TWO), SCREEN)[1:]]
    assert row[0].box.height == pytest.approx(row[1].box.height)
    assert (row[0].box.left, row[1].box.right) == pytest.approx((18, 279))


def test_three_end_where_they_began() -> None:
    photos = [photo(str(i), *size, caption) for i, (size, caption) in enumerate(zip(SIZES, CAPTIONED, strict=True))]
    large, upper, lower = next(
        page.frames for page in plan(album(*photos, layout=MIXED), SCREEN) if len(page.frames) == 3
    )
    assert large.box.top == pytest.approx(upper.box.top)
    assert large.box.bottom == pytest.approx(lower.box.bottom)
    assert upper.caption
    assert upper.caption.bottom < lower.box.top


SIZES = [(4032, 3024), (4032, 3024), (4032, 3024), (4032, 3024), (4000, 3000), (3000, 4000), (4000, 3000)]
CAPTIONED = [None, None, None, None, "a", "b", "c"]


def test_a_photo_without_caption_fills_a_page_of_a_mixed_album_but_not_the_first() -> None:
    filling = [
        page.number
        for page in plan(album(*[photo(str(i)) for i in range(8)], layout=MIXED), SCREEN)
        if page.frames[0].box == BLEED
    ]
    assert filling == [None, 3, 5]


@pytest.mark.parametrize("pixels", [(4032, 3024), (4624, 2604)])
def test_12_megapixels_alone_on_a_page_are_left_as_they_are(pixels: tuple[int, int]) -> None:
    """Adobe's presets, and ours, leave what has up to 450 dpi."""
    (page,) = plan(album(photo("a", *pixels)), PRINT)[1:2]
    assert 300 < page.frames[0].dpi < 450


@pytest.mark.parametrize(("focal_y", "above"), [(0.2, False), (0.5, False), (0.9, True)])
def test_the_title_does_not_hide_what_the_photo_is_about(focal_y: float, above: bool) -> None:
    cover = plan(album(photo(focal_y=focal_y)), SCREEN)[0]
    assert cover.title
    assert (cover.title.bottom < HEIGHT_MM / 2) is above


def test_captions_stand_below_their_photos() -> None:
    for page in plan(album(*[photo(str(i), caption="x") for i in range(6)], layout=MIXED), SCREEN)[1:]:
        for frame in page.frames:
            assert frame.caption
            assert 0 < frame.caption.top - frame.box.bottom < 5
            assert (frame.caption.left, frame.caption.width) == (frame.box.left, frame.box.width)


def test_pages_alternate() -> None:
    layouts = counts(album(*[photo(str(i)) for i in range(30)], layout=MIXED))
    assert all(one != other for one, other in pairwise(layouts[:-1]))
