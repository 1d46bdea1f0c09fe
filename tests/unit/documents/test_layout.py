"""Layouts: every picture has its place on the sheet, none over another, and no crop cuts a face."""

import math
from itertools import combinations, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.documents.collage import CollageError, CollagePicture, CollageRule, CollageSpec, check
from studio.documents.geometry import Box, crop
from studio.documents.layout import Layout, layout
from studio.documents.mosaic import mosaic
from studio.documents.templates import TEMPLATES, CollageTemplate

NEAR = 1e-6
FEWER = settings(max_examples=40)  # a mosaic of twelve takes 40 ms
COUNTS = [(name, count) for name, sheet in TEMPLATES.items() for count in range(sheet.least, sheet.most + 1)]
GRIDS = [name for name, sheet in TEMPLATES.items() if sheet.columns]

sides = st.integers(1, 10_000)
shares = st.floats(0, 1)
words = st.sampled_from([None, "", " ", "Huế"])
each_count = pytest.mark.parametrize(("template", "count"), COUNTS)


@st.composite
def specs(draw: st.DrawFn) -> CollageSpec:
    template, count = draw(st.sampled_from(COUNTS))
    pictures = draw(
        st.lists(st.builds(CollagePicture, sides, sides, shares, shares, words), min_size=count, max_size=count)
    )
    return CollageSpec(template, tuple(pictures), draw(words), draw(st.sampled_from([None, "#102030", "#FFFFFF"])))


def overlap(one: Box, other: Box) -> bool:
    across = min(one.right, other.right) - max(one.left, other.left)
    return across > NEAR and min(one.bottom, other.bottom) - max(one.top, other.top) > NEAR


def boxes(plan: Layout) -> list[Box]:
    labels = [cell.label for cell in plan.cells]
    return [each for each in (*(cell.picture for cell in plan.cells), *labels, plan.caption) if each]


def spec(template: CollageTemplate, count: int, caption: str | None = None, label: str | None = None) -> CollageSpec:
    return CollageSpec(template, (CollagePicture(4000, 3000, caption=label),) * count, caption)


@FEWER
@given(specs())
def test_everything_is_on_the_sheet_and_nothing_over_anything(given_: CollageSpec) -> None:
    check(given_)
    plan = layout(given_)
    assert len(plan.cells) == len(given_.pictures)
    for box in boxes(plan):
        assert min(box.width, box.height) > 1
        assert box.left >= given_.sheet.margin - NEAR
        assert box.right <= plan.width - given_.sheet.margin + NEAR
        assert box.top >= given_.sheet.margin - NEAR
        assert box.bottom <= plan.height + NEAR
    assert not [pair for pair in combinations(boxes(plan), 2) if overlap(*pair)]


@FEWER
@given(specs())
def test_there_is_a_place_for_what_is_written_and_for_nothing_else(given_: CollageSpec) -> None:
    plan = layout(given_)
    assert bool(plan.caption) == bool(given_.caption and given_.caption.strip())
    labelled = any(picture.caption and picture.caption.strip() for picture in given_.pictures)
    assert [bool(cell.label) for cell in plan.cells] == [labelled] * len(plan.cells)


@pytest.mark.parametrize("template", GRIDS)
def test_a_grid_has_equal_pictures_with_equal_gaps(template: CollageTemplate) -> None:
    sheet = TEMPLATES[template]
    found = [cell.picture for cell in layout(spec(template, sheet.most)).cells]
    assert len({(round(box.width, 6), round(box.height, 6)) for box in found}) == 1
    for one, other in pairwise(found[: sheet.columns]):
        assert other.left - one.right == pytest.approx(sheet.gap)
    for one, other in pairwise(found[:: sheet.columns]):
        assert other.top - one.bottom == pytest.approx(sheet.gap)
    assert (found[0].left, found[0].top) == (sheet.margin, sheet.margin)
    assert found[-1].right == pytest.approx(sheet.width - sheet.margin)


def test_grids_of_squares_have_squares_and_instant_film_a_square() -> None:
    for template in (CollageTemplate.GRID_2X2, CollageTemplate.GRID_3X3, CollageTemplate.POLAROID):
        plan = layout(spec(template, TEMPLATES[template].most))
        assert plan.cells[0].picture.aspect == pytest.approx(1, abs=0.02)


@pytest.mark.parametrize("template", CollageTemplate)
def test_words_take_their_room_from_the_pictures_not_from_the_sheet(template: CollageTemplate) -> None:
    bare, full = (layout(spec(template, TEMPLATES[template].most, *texts)) for texts in [(), ("Huế", "Huế")])
    assert (bare.width, bare.height) == (full.width, full.height)
    shown = [sum(cell.picture.width * cell.picture.height for cell in plan.cells) for plan in (bare, full)]
    assert (shown[1] < shown[0]) != TEMPLATES[template].keeps_foot


aspects = st.lists(st.floats(0.5, 2), min_size=3, max_size=12)


@FEWER
@given(aspects, st.floats(0.6, 1.7), st.floats(0, 4))
def test_a_mosaic_fills_its_area_with_gaps_and_nothing_else(shapes: list[float], aspect: float, gap: float) -> None:
    area = Box(7, 9, 200 * aspect, 200)
    found = mosaic(area, shapes, gap)
    assert len(found) == len(shapes)
    assert max(box.right for box in found) == pytest.approx(area.right)
    assert max(box.bottom for box in found) == pytest.approx(area.bottom)
    # Each box with half a gap around it: together they tile the area with half a gap around it.
    tiled = sum((box.width + gap) * (box.height + gap) for box in found)
    assert tiled == pytest.approx((area.width + gap) * (area.height + gap))
    assert not [pair for pair in combinations(found, 2) if overlap(*pair)]


@FEWER
@given(st.lists(st.sampled_from([2 / 3, 3 / 4, 1, 4 / 3, 3 / 2, 16 / 9]), min_size=5, max_size=12))
def test_a_mosaic_of_photographs_cuts_little_and_loses_none(shapes: list[float]) -> None:
    found = mosaic(Box(0, 0, 284, 167), shapes, 3.5)
    parts = [crop(shape, 1, 0.5, 0.5, box.aspect) for shape, box in zip(shapes, found, strict=True)]
    kept = [part.width * part.height / shape for part, shape in zip(parts, shapes, strict=True)]
    assert min(kept) > 0.7
    assert math.fsum(kept) / len(kept) > 0.75
    areas = [box.width * box.height for box in found]
    assert max(areas) < 12 * min(areas)


def test_a_mosaic_is_the_same_every_time_and_keeps_the_order() -> None:
    one = mosaic(Box(0, 0, 300, 200), [1.5] * 12, 3)
    assert one == mosaic(Box(0, 0, 300, 200), [1.5] * 12, 3)
    assert (one[0].left, one[0].top) == (0, 0)
    assert (one[-1].right, one[-1].bottom) == (pytest.approx(300), pytest.approx(200))


@given(sides, sides, shares, shares, st.floats(0.01, 100))
def test_a_crop_is_the_largest_of_its_shape_and_inside(w: int, h: int, x: float, y: float, aspect: float) -> None:
    part = crop(w, h, x, y, aspect)
    assert part.aspect == pytest.approx(aspect)
    assert part.left >= 0
    assert part.top >= 0
    assert part.right <= w * (1 + NEAR)
    assert part.bottom <= h * (1 + NEAR)
    assert part.width == pytest.approx(w) or part.height == pytest.approx(h)
    # As near the focal point as the edges let it.
    for middle, focal, length, most in (
        (part.left + part.width / 2, x * w, part.width, w),
        (part.top + part.height / 2, y * h, part.height, h),
    ):
        assert middle == pytest.approx(min(max(focal, length / 2), most - length / 2), abs=NEAR * most)


MOST_OF_SIDE = 0.5  # a face so large a part of the shorter side is in every crop

photos = st.tuples(st.integers(1500, 3000), st.integers(1500, 3000))


@st.composite
def faces(draw: st.DrawFn) -> tuple[CollagePicture, Box]:
    """A picture from 1:2 to 2:1, and a face anywhere on it with the focal point in its middle."""
    width, height = draw(photos)
    most = MOST_OF_SIDE * min(width, height)
    wide, high = draw(st.floats(0.05, 1)) * most, draw(st.floats(0.05, 1)) * most
    left, top = draw(shares) * (width - wide), draw(shares) * (height - high)
    middle = (left + wide / 2) / width, (top + high / 2) / height
    return CollagePicture(width, height, *middle, draw(words)), Box(left, top, wide, high)


@given(st.data(), st.sampled_from(COUNTS), words)
def test_no_face_is_cut(data: st.DataObject, how: tuple[CollageTemplate, int], caption: str | None) -> None:
    template, count = how
    found = data.draw(st.lists(faces(), min_size=count, max_size=count))
    plan = layout(CollageSpec(template, tuple(picture for picture, _ in found), caption))
    for (picture, face), cell in zip(found, plan.cells, strict=True):
        part = crop(picture.width, picture.height, picture.focal_x, picture.focal_y, cell.picture.aspect)
        assert part.left <= face.left + NEAR * picture.width
        assert part.top <= face.top + NEAR * picture.height
        assert part.right >= face.right - NEAR * picture.width
        assert part.bottom >= face.bottom - NEAR * picture.height


@each_count
def test_a_template_takes_its_number_of_pictures(template: CollageTemplate, count: int) -> None:
    check(spec(template, count))


@pytest.mark.parametrize(
    ("broken", "rule", "says"),
    [
        (spec(CollageTemplate.GRID_2X2, 3), CollageRule.PICTURE_COUNT, "This template takes 4 pictures; there are 3."),
        (
            spec(CollageTemplate.GRID_3X3, 10),
            CollageRule.PICTURE_COUNT,
            "This template takes 9 pictures; there are 10.",
        ),
        (spec(CollageTemplate.STRIP_4, 0), CollageRule.PICTURE_COUNT, "This template takes 4 pictures; there are 0."),
        (spec(CollageTemplate.POLAROID, 2), CollageRule.PICTURE_COUNT, "This template takes 1 picture; there are 2."),
        (
            spec(CollageTemplate.MOSAIC, 2),
            CollageRule.PICTURE_COUNT,
            "This template takes 3 to 12 pictures; there are 2.",
        ),
        (
            spec(CollageTemplate.MOSAIC, 13),
            CollageRule.PICTURE_COUNT,
            "This template takes 3 to 12 pictures; there are 13.",
        ),
        (spec(CollageTemplate.POLAROID, 1, "a" * 121), CollageRule.CAPTION_LENGTH, "120"),
        (spec(CollageTemplate.POLAROID, 1, None, "a" * 121), CollageRule.CAPTION_LENGTH, "120"),
        *(
            (CollageSpec(CollageTemplate.POLAROID, (CollagePicture(9, 9, *point),)), CollageRule.FOCAL_POINT, "0 to 1")
            for point in [(-0.01, 0.5), (0.5, 1.01), (math.nan, 0.5), (0.5, math.inf)]
        ),
        *(
            (
                CollageSpec(CollageTemplate.POLAROID, (CollagePicture(9, 9),), None, colour),
                CollageRule.BACKGROUND,
                "#rrggbb",
            )
            for colour in ["", "red", "#fff", "#12345g", "#1234567", "#123456\n", "＃123456", "#12345６"]  # noqa: RUF001
        ),
    ],
)
def test_each_rule_has_its_name(broken: CollageSpec, rule: CollageRule, says: str) -> None:
    with pytest.raises(CollageError, match=says) as raised:
        check(broken)
    assert raised.value.rule == rule
