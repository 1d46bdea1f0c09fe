"""What a picture says of whoever took it goes; its pixels stay bit by bit, its colours and the way it lies too."""

import io
import zlib
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import pytest
from PIL import Image, ImageCms
from PIL.JpegImagePlugin import JpegImageFile

from tests.unit.imaging import making as m
from tests.unit.imaging.corpus import CASES
from workers.imaging.guard import decode, look
from workers.imaging.metadata import without_metadata

SECRET = b"21.0285N 105.8542E Ada Lovelace SN-4711"
PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def _camera(turn: int) -> Image.Exif:
    """What a phone writes: where, when, with what, by whom."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010F], exif[0x013B] = turn, "Maker", SECRET.decode()
    exif.get_ifd(0x8825)[2] = (21.0, 1.0, 42.0)
    exif.get_ifd(0x8769)[0x927C] = SECRET  # the maker's note
    exif.get_ifd(0x8769)[0xA431] = SECRET.decode()  # the body's serial number
    return exif


def _jpeg(turn: int, **options: Any) -> bytes:
    xmp = b"http://ns.adobe.com/xap/1.0/\0<x>" + SECRET
    content = m.encoded(
        m.picture(), "JPEG", exif=_camera(turn), icc_profile=PROFILE, comment=SECRET, xmp=xmp[29:], **options
    )
    extra = [
        m.segment(0xE0, b"JFXX\0\x10" + SECRET),
        m.segment(0xE1, xmp),
        m.segment(0xE1, b"http://ns.adobe.com/xmp/extension/\0" + SECRET),
        m.segment(0xE2, b"MPF\0" + SECRET),
        m.segment(0xEB, b"JP" + SECRET),  # content credentials
        m.segment(0xED, b"Photoshop 3.0\0" + SECRET),
        m.segment(0xE4, SECRET),
        m.segment(0xFE, SECRET),
    ]
    second = m.encoded(m.picture(size=(40, 30)), "JPEG", exif=_camera(1))
    return m.with_segments(*extra, content=content) + second + b"ftypmp42" + SECRET


def _png(turn: int, mode: str = "RGB") -> bytes:
    content = m.encoded(m.picture(mode), "PNG", exif=_camera(turn), icc_profile=PROFILE, dpi=(300, 300))
    head = len(m.PNG_SIGNATURE) + 25
    extra = [
        m.chunk(b"tEXt", b"Author\0" + SECRET),
        m.chunk(b"zTXt", b"Comment\0\0" + zlib.compress(SECRET)),
        m.chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + SECRET),
        m.chunk(b"tIME", bytes(7)),
        m.chunk(b"caBX", SECRET),
        m.chunk(b"prVt", SECRET),
    ]
    return content[:head] + b"".join(extra) + content[head:] + SECRET


def _webp(turn: int, **options: Any) -> bytes:
    xmp = b"<x>" + SECRET
    content = m.encoded(m.picture("RGBA"), "WEBP", exif=_camera(turn), icc_profile=PROFILE, xmp=xmp, **options)
    return content + SECRET


CAMERAS = {
    "JPEG": _jpeg,
    "JPEG, progressive": lambda turn: _jpeg(turn, progressive=True),
    "JPEG, restarts": lambda turn: _jpeg(turn, restart_marker_blocks=3),
    "PNG": _png,
    "PNG, alpha": lambda turn: _png(turn, "RGBA"),
    "WebP": _webp,
    "WebP, lossless": lambda turn: _webp(turn, lossless=True),
}


def stripped(content: bytes) -> bytes:
    return without_metadata(content, look(content).header)


def _opened(content: bytes) -> Image.Image:
    """Open a file by its own reader: Pillow's choice would take one with two pictures for something else."""
    stream = io.BytesIO(content)
    return JpegImageFile(stream) if content.startswith(b"\xff\xd8") else Image.open(stream)


def scans(jpeg: bytes) -> bytes:
    """The coded pixels of the first picture of a file, from its first scan on."""
    return jpeg[jpeg.index(b"\xff\xda") : jpeg.index(b"\xff\xd9", jpeg.index(b"\xff\xda"))]


@pytest.mark.parametrize("turn", [1, 6, 8])
@pytest.mark.parametrize("kind", CAMERAS)
def test_nothing_is_left_but_the_picture(kind: str, turn: int) -> None:
    content = CAMERAS[kind](turn)
    kept = stripped(content)
    assert SECRET in content
    assert SECRET not in kept
    with _opened(content) as before, _opened(kept) as after:
        assert dict(after.getexif()) == ({0x0112: turn} if turn != 1 else {})
        assert not after.getexif().get_ifd(0x8825)
        assert {"xmp", "comment", "photoshop", "mp", "Author", "Comment"} & after.info.keys() == set()
        assert after.info["icc_profile"] == PROFILE
        assert (after.mode, after.size) == (before.mode, before.size)
        assert after.tobytes() == before.tobytes()
    assert look(kept).header.turn == turn
    assert stripped(kept) == kept


@pytest.mark.parametrize("kind", ["JPEG", "JPEG, progressive", "JPEG, restarts"])
def test_not_a_bit_of_a_jpegs_scans_is_changed(kind: str) -> None:
    content = CAMERAS[kind](1)
    main = content[content.index(b"ICC_PROFILE") :]  # behind it stands nothing that goes
    assert scans(stripped(content)) == scans(main)


def test_a_preview_inside_jfif_goes() -> None:
    content = m.with_segments(m.segment(0xE0, b"JFIF\0\x01\x01\0\0\x01\0\x01\x02\x02" + b"\xab" * 12))
    assert b"\xab" * 12 not in stripped(content)
    assert stripped(content).count(b"JFIF\0") == 2


def _bomb(megabytes: int) -> bytes:
    """Pack so many megabytes of zeros, in a thousandth of them."""
    packer = zlib.compressobj(9, wbits=-zlib.MAX_WBITS)
    one = packer.compress(bytes(1_000_000)) + packer.flush(zlib.Z_FULL_FLUSH)
    checksum = (megabytes * 1_000_000 % 65_521 << 16) + 1  # Adler's, of zeros
    return b"\x78\xda" + one * megabytes + b"\x03\0" + checksum.to_bytes(4)


BOMB = _bomb(100)
BOMBS = {
    "iCCP": m.chunk(b"iCCP", b"p\0\0" + BOMB),
    "iCCP, as a profile begins": m.chunk(b"iCCP", b"p\0\0" + zlib.compress(PROFILE[:128] + bytes(20_000_000))),
    "zTXt": m.chunk(b"zTXt", b"Comment\0\0" + BOMB),
    "iTXt": m.chunk(b"iTXt", b"Comment\0\1\0\0\0" + BOMB),
    "a critical chunk that nobody knows": m.chunk(b"BOMB", BOMB),
}
ICC = m.chunk(b"iCCP", b"p\0\0" + zlib.compress(PROFILE))


def _unpacks_to(png: bytes) -> int:
    """Return how many bytes all of a PNG's chunks but its pixels unpack to at most, whatever they are."""
    most, at = 0, len(m.PNG_SIGNATURE)
    while at < len(png):
        end = at + 12 + int.from_bytes(png[at : at + 4])
        data = png[at + 8 : end - 4]
        for start in range(40 if png[at + 4 : at + 8] != b"IDAT" else 0):
            unpacker = zlib.decompressobj()
            with suppress(zlib.error):
                most = max(most, len(unpacker.decompress(data[start:], 50_000_000)))
        at = end
    return most


@pytest.mark.parametrize("name", BOMBS)
@pytest.mark.parametrize("behind", [False, True])
def test_no_bomb_is_handed_on(name: str, behind: bool) -> None:
    plain = m.encoded(m.picture(), "PNG")
    end = plain.index(b"IDAT") - 4 if not behind else len(plain) - 12
    content = plain[:end] + BOMBS[name] + plain[end:]
    assert _unpacks_to(content) > 10_000_000
    kept = stripped(content)
    assert _unpacks_to(kept) == 0
    assert decode(look(kept)).tobytes() == decode(look(content)).tobytes() == m.picture().tobytes()


@pytest.mark.parametrize(
    ("chunks", "profiles"),
    [
        ([ICC], 1),
        ([ICC, ICC], 1),
        ([BOMBS["iCCP"], ICC], 0),  # the first one counts, and is as good as none
        ([ICC, BOMBS["iCCP"]], 1),
        ([ICC[:-1] + b"x", ICC], 1),  # whose checksum is wrong is overlooked
        ([m.chunk(b"iCCP", b"p\0\0" + zlib.compress(PROFILE) + SECRET)], 1),
        ([m.chunk(b"iCCP", SECRET + b"\0\0" + zlib.compress(PROFILE))], 1),
    ],
)
def test_of_a_pngs_profiles_that_which_counts_is_kept_and_nothing_else(chunks: list[bytes], profiles: int) -> None:
    content = m.with_chunks(*chunks)
    kept = stripped(content)
    assert kept.count(b"iCCP") == profiles
    assert SECRET not in kept
    assert look(kept).header.profile == look(content).header.profile
    assert stripped(kept) == kept


def _values(content: bytes) -> Mapping[str, Any]:
    with Image.open(io.BytesIO(content)) as image:
        return {
            "mode": image.mode,
            "size": image.size,
            "pixels": image.tobytes(),
            **{k: image.info.get(k) for k in ("gamma", "transparency")},
        }


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_what_tells_how_a_pngs_pixels_are_meant_stays(mode: str) -> None:
    image = m.picture("L").convert(mode) if mode != "I;16" else Image.new("I;16", (9, 9), 999)
    options = {} if mode in {"LA", "RGBA"} else {"transparency": (1, 2, 3) if mode == "RGB" else 1}
    content = m.encoded(image, "PNG", **options)
    head = len(m.PNG_SIGNATURE) + 25
    content = content[:head] + m.chunk(b"gAMA", (45455).to_bytes(4)) + content[head:]
    assert _values(stripped(content)) == _values(content)
    assert b"gAMA" in stripped(content)


def test_adobes_word_on_the_colours_stays() -> None:
    content = m.encoded(m.picture().convert("CMYK"), "JPEG")
    assert b"Adobe" in content
    assert _values(stripped(content)) == _values(content)


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case.flaw is None])
def test_an_odd_file_that_can_be_used_can_be_used_afterwards(name: str) -> None:
    content = CASES[name].content()
    before, after = look(content), look(stripped(content))
    assert (after.size, after.header.turn) == (before.size, before.header.turn)
    assert decode(after).tobytes() == decode(before).tobytes()
