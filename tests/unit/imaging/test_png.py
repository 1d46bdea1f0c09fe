"""PNG of every colour type, depth and transparency, and with what its chunks say of colours."""

import zlib
from struct import pack

import numpy as np
import pytest

from tests.unit.imaging import making as m
from tests.unit.imaging import pngs, profiles
from tests.unit.imaging.pngs import GREY, GREY_ALPHA, KINDS, PALETTE, RGB, RGBA
from workers.imaging.flaw import Flaw, UnfitError
from workers.imaging.mask import open_mask
from workers.imaging.upright import open_upright

LINEAR = m.chunk(b"gAMA", pack(">I", 100_000))


def pixels(content: bytes) -> list[list[tuple[int, ...]]]:
    got = np.asarray(open_upright(content).convert("RGBA"))
    return [[tuple(map(int, pixel)) for pixel in row] for row in got]


def samples(colour: int, depth: int) -> list[list[list[int]]]:
    """An odd number of rows and columns, so that no pass of Adam7 is like another."""
    random = np.random.default_rng(colour * 100 + depth)
    return random.integers(0, 1 << depth, (13, 11, pngs.CHANNELS[colour])).tolist()


def byte(sample: int, depth: int) -> int:
    return sample >> 8 if depth == 16 else sample * 255 // ((1 << depth) - 1)


def meant(pixel: list[int], colour: int, depth: int, key: list[int] | None) -> tuple[int, ...]:
    """What PNG says that a pixel is."""
    if colour == PALETTE:
        table = [(3 * i, 3 * i + 1, 3 * i + 2) for i in range(85)] + [(0, 0, 0)] * 171
        return (*table[pixel[0]], 0 if key == pixel else 255)
    levels = [byte(sample, depth) for sample in pixel]
    alpha = levels.pop() if colour in {GREY_ALPHA, RGBA} else 0 if key == pixel else 255
    return (*(levels * 3 if len(levels) == 1 else levels), alpha)


def palette(depth: int) -> list[bytes]:
    return [m.chunk(b"PLTE", (bytes(range(255)) + bytes(513))[: 3 << depth])]


def transparency(colour: int, key: list[int]) -> bytes:
    return m.chunk(b"tRNS", bytes([255] * key[0] + [0]) if colour == PALETTE else pack(f">{len(key)}H", *key))


@pytest.mark.parametrize("interlaced", [False, True])
@pytest.mark.parametrize(("colour", "depth"), KINDS)
def test_every_kind_is_read_to_the_bit(colour: int, depth: int, interlaced: bool) -> None:
    rows = samples(colour, depth)
    chunks = palette(depth) if colour == PALETTE else []
    content = pngs.written(rows, colour, depth, *chunks, interlaced=interlaced)
    assert pixels(content) == [[meant(pixel, colour, depth, None) for pixel in row] for row in rows]


@pytest.mark.parametrize("interlaced", [False, True])
@pytest.mark.parametrize(("colour", "depth"), [kind for kind in KINDS if kind[0] in {GREY, RGB, PALETTE}])
def test_a_transparent_colour_is_so_in_every_kind(colour: int, depth: int, interlaced: bool) -> None:
    rows = samples(colour, depth)
    key = rows[3][4]
    near = [*key[:-1], key[-1] ^ 1]  # differs in the last bit alone
    rows[5][5] = near
    chunks = palette(depth) if colour == PALETTE else []
    content = pngs.written(rows, colour, depth, *chunks, transparency(colour, key), interlaced=interlaced)
    wanted = [[meant(pixel, colour, depth, key) for pixel in row] for row in rows]
    assert pixels(content) == wanted
    assert {wanted[3][4][3], wanted[5][5][3]} == {0, 255}


@pytest.mark.parametrize("depth", [1, 2, 4, 8, 16])
def test_a_mask_by_a_transparent_grey_is_read_by_its_alpha(depth: int) -> None:
    white = (1 << depth) - 1
    content = pngs.written([[[white]] * 4 + [[0]] * 4] * 8, GREY, depth, m.chunk(b"tRNS", pack(">H", white)))
    mask = np.asarray(open_mask(content, (8, 8)))
    assert mask[0].tolist() == [0] * 4 + [255] * 4


@pytest.mark.parametrize(("colour", "key"), [(GREY, b"\0"), (RGB, b"\0\x09\0\x09"), (GREY, b"\1\2")])
def test_a_transparency_that_names_no_colour_is_none(colour: int, key: bytes) -> None:
    rows = [[[1] * pngs.CHANNELS[colour]] * 4] * 4
    content = pngs.written(rows, colour, 8, m.chunk(b"tRNS", key))
    assert {pixel[3] for pixel in pixels(content)[0]} == {255}


def test_of_few_bits_no_more_are_compared() -> None:
    assert pixels(pngs.written([[[0], [1]]], GREY, 1, m.chunk(b"tRNS", b"\0\2")))[0][0][3] == 255
    assert pixels(pngs.written([[[200]]], GREY, 8, m.chunk(b"tRNS", b"\7\xc8")))[0][0][3] == 0


def test_a_colour_that_the_palette_lacks_is_its_last() -> None:
    content = pngs.written([[[0], [1], [9]]], PALETTE, 8, m.chunk(b"PLTE", b"\1\2\3\4\5\6"))
    assert pixels(content)[0] == [(1, 2, 3, 255), (4, 5, 6, 255), (4, 5, 6, 255)]


@pytest.mark.parametrize("given", [b"", m.chunk(b"PLTE"), m.chunk(b"PLTE", bytes(771)), m.chunk(b"PLTE", b"abc", 7)])
def test_a_palette_picture_without_a_palette_is_refused(given: bytes) -> None:
    with pytest.raises(UnfitError) as refused:
        open_upright(pngs.written([[[0], [1]]], PALETTE, 8, given))
    assert refused.value.flaw == Flaw.DAMAGED


def icc(profile: bytes) -> bytes:
    return m.chunk(b"iCCP", b"sRGB\0\0" + zlib.compress(profile))


def cicp(*points: int) -> bytes:
    return m.chunk(b"cICP", bytes(points))


SRGB_CHUNK, NO_PROFILE = m.chunk(b"sRGB", b"\0"), m.chunk(b"iCCP", b"p\0\0" + zlib.compress(bytes(500)))
GREYS = {
    "nothing": ([], 128),
    "gAMA": ([LINEAR], 188),
    "gAMA of 1/2.2": ([m.chunk(b"gAMA", pack(">I", 45_455))], 128),
    "gAMA of 0": ([m.chunk(b"gAMA", bytes(4))], 128),
    "a broken gAMA": ([m.chunk(b"gAMA", pack(">I", 100_000), 1)], 128),
    "cHRM alone": ([m.chunk(b"cHRM", pack(">8I", 31270, 32900, 68000, 32000, 26500, 69000, 15000, 6000))], 128),
    "gAMA and a cHRM of nothing": ([LINEAR, m.chunk(b"cHRM", bytes(32))], 128),
    "sRGB over gAMA": ([SRGB_CHUNK, LINEAR], 128),
    "iCCP": ([icc(profiles.LINEAR)], 188),
    "iCCP over sRGB": ([SRGB_CHUNK, icc(profiles.LINEAR)], 188),
    "iCCP over gAMA": ([icc(profiles.SRGB), LINEAR], 128),
    "gAMA over an iCCP of garbage": ([NO_PROFILE, LINEAR], 188),
    "sRGB over an iCCP of garbage": ([NO_PROFILE, SRGB_CHUNK, LINEAR], 128),
    "cICP over iCCP": ([cicp(1, 13, 0, 1), icc(profiles.LINEAR)], 128),
    "cICP, linear": ([SRGB_CHUNK, cicp(1, 8, 0, 1)], 188),
    "cICP, television": ([cicp(9, 14, 0, 1)], 121),
    "cICP, gamma 2.8": ([cicp(1, 5, 0, 1)], 106),
    "cICP, 240M": ([cicp(7, 7, 0, 1)], 141),
    "cICP, cinema": ([cicp(11, 17, 0, 1)], 118),
    "cICP, PQ": ([cicp(9, 16, 0, 1)], 132),
    "cICP, HLG": ([cicp(9, 18, 0, 1)], 99),
    "iCCP over a cICP that says nothing": ([cicp(2, 2, 0, 1), icc(profiles.LINEAR)], 188),
    "gAMA over a cICP of video levels": ([cicp(12, 13, 0, 0), LINEAR], 188),
}


@pytest.mark.parametrize("colour", [GREY, RGB, PALETTE, GREY_ALPHA, RGBA])
@pytest.mark.parametrize("name", GREYS)
def test_of_what_is_said_of_colours_the_best_counts(name: str, colour: int) -> None:
    """The levels are Chromium's for a grey of 128."""
    chunks, wanted = GREYS[name]
    pixel = {GREY_ALPHA: [128, 200], RGBA: [128, 128, 128, 200], PALETTE: [1]}.get(
        colour, [128] * pngs.CHANNELS[colour]
    )
    table = [m.chunk(b"PLTE", bytes(3) + bytes([128] * 3))] if colour == PALETTE else []
    got = pixels(pngs.written([[pixel] * 4] * 4, colour, 8, *chunks, *table))[0][0]
    assert got[3] == (200 if colour in {GREY_ALPHA, RGBA} else 255)
    assert max(abs(level - wanted) for level in got[:3]) <= 1


def test_what_stands_behind_the_pixels_says_nothing_of_their_colours() -> None:
    tail = LINEAR + m.chunk(b"tRNS", pack(">H", 128))
    assert pixels(pngs.written([[[128]]], GREY, 8, tail=tail)) == [[(128, 128, 128, 255)]]
