"""What is no PNG, JPEG or WebP is called by its name, with what to do."""

import io

import pytest
from PIL import Image

from tests.unit.imaging import making as m
from workers.imaging.flaw import Flaw, UnfitError
from workers.imaging.guard import look


def boxes(*brands: bytes) -> bytes:
    body = b"ftyp" + brands[0] + bytes(4) + b"".join(brands)
    return (4 + len(body)).to_bytes(4) + body + bytes(200)


def avif() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (8, 8)).save(out, "AVIF")
    return out.getvalue()


NAMED = {
    "a HEIC picture": [boxes(b"heic", b"mif1"), boxes(b"mif1", b"heic"), boxes(b"heix"), boxes(b"msf1", b"hevc")],
    "an AVIF picture": [boxes(b"avif", b"mif1", b"miaf"), boxes(b"mif1", b"avif"), avif()],
    "a raw camera file": [boxes(b"crx ", b"isom"), b"FUJIFILMCCD-RAW 0201", b"IIRO\x08\0\0\0", b"IIU\0\x18\0\0\0"],
    "a film": [boxes(b"isom", b"mp42"), boxes(b"qt  ")],
    "a GIF picture": [m.sound("GIF", mode="L")],
    "a TIFF picture or a raw camera file": [m.sound("TIFF"), b"MM\0*" + bytes(40), b"II*\0\x10\0\0\0CR\2\0"],
    "a BMP picture": [m.sound("BMP")],
    "a JPEG XL picture": [b"\xff\x0a" + bytes(40), b"\0\0\0\x0cJXL \r\n\x87\n" + bytes(40)],
    "a JPEG 2000 picture": [m.encoded(m.picture(), "JPEG2000")],
    "a Photoshop file": [b"8BPS\0\1" + bytes(40)],
    "an icon": [m.encoded(m.picture(), "ICO")],
    "a PDF document": [b"%PDF-1.7\n"],
    "a PostScript document": [b"%!PS-Adobe-3.0\n"],
    "an SVG drawing": [b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"/>', b"<SVG/>"],
}


@pytest.mark.parametrize(("name", "content"), [(name, each) for name, files in NAMED.items() for each in files])
def test_another_kind_is_named(name: str, content: bytes) -> None:
    with pytest.raises(UnfitError) as refused:
        look(content)
    assert refused.value.flaw == Flaw.OTHER_TYPE
    assert refused.value.message == f"The file is {name}; save or export it as a JPEG or PNG."


@pytest.mark.parametrize(
    "content", [b"Dear Sir", b"PK\3\4", b"<!doctype html>", bytes(99), b"RIFF\0\0\0\0WAVE", b"ftyp"]
)
def test_what_is_no_picture_at_all_is_not(content: bytes) -> None:
    with pytest.raises(UnfitError) as refused:
        look(content)
    assert refused.value.flaw == Flaw.NOT_A_PICTURE
    assert refused.value.message == "The file is not a PNG, JPEG or WebP picture."
