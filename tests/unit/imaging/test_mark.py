"""A mark goes into a file beside its pixels, and others read it there."""

import io
import time
import zlib
from collections.abc import Callable, Mapping

import pytest
from PIL import Image

from tests.unit.imaging import making as m
from tests.unit.imaging.corpus import CASES
from tests.unit.imaging.readers import EXIFTOOL, Said, by_exiftool, by_exiv2
from tests.unit.imaging.test_metadata import BOMB, stripped
from workers.imaging.guard import decode, look
from workers.imaging.mark import DigitalSourceType, Mark, read_mark
from workers.imaging.xmp import has_manifest, packet_of, with_packet

MARK = Mark(DigitalSourceType.TRAINED, 'Nano "Banana" & <Pro>', "2026-11-20T12:00:00Z")
SAID = Said(
    "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia",
    'NamO Studio, Nano "Banana" & <Pro>',
    "2026-11-20T12:00:00Z",
)
OTHER = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    b'<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:CreatorTool="Another"/>'
    b"</rdf:RDF></x:xmpmeta>"
)
FILES: Mapping[str, Callable[[], bytes]] = {
    "PNG": lambda: m.sound("PNG"),
    "PNG, alpha": lambda: m.sound("PNG", "RGBA"),
    "PNG with a packet": lambda: m.with_chunks(m.chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + OTHER)),
    "PNG with a packed one": lambda: m.with_chunks(
        m.chunk(b"iTXt", b"XML:com.adobe.xmp\0\1\0\0\0" + zlib.compress(OTHER))
    ),
    "JPEG": lambda: m.sound("JPEG"),
    "JPEG, progressive": lambda: m.sound("JPEG", progressive=True),
    "JPEG, CMYK": lambda: m.encoded(m.picture().convert("CMYK"), "JPEG"),
    "JPEG, turned": lambda: m.with_segments(m.segment(0xE1, m.turned(6))),
    "JPEG with a packet": lambda: m.encoded(m.picture(), "JPEG", xmp=OTHER, exif=m.turned(3)),
    "WebP": lambda: m.sound("WEBP"),
    "WebP, alpha": lambda: m.sound("WEBP", "RGBA"),
    "WebP, lossless": lambda: m.sound("WEBP", lossless=True),
    "WebP, lossless with alpha": lambda: m.sound("WEBP", "RGBA", lossless=True),
    "WebP with a packet": lambda: m.encoded(m.picture("RGBA"), "WEBP", xmp=OTHER + b" ", exif=m.turned(6)),
}


def with_mark(content: bytes) -> bytes:
    return with_packet(content, look(content).header, MARK.packet)


def mark_of(content: bytes) -> Mark | None:
    packet = packet_of(content, look(content).header)
    return read_mark(packet) if packet else None


@pytest.mark.parametrize("name", FILES)
def test_a_mark_is_read_by_others_and_changes_no_pixel(name: str) -> None:
    content = FILES[name]()
    marked = with_mark(content)
    assert by_exiv2(marked) == SAID
    assert mark_of(marked) == MARK
    before, after = look(content), look(marked)
    assert (after.size, after.header.turn, after.header.profile) == (
        before.size,
        before.header.turn,
        before.header.profile,
    )
    assert decode(after).tobytes() == decode(before).tobytes()
    with Image.open(io.BytesIO(content)) as one, Image.open(io.BytesIO(marked)) as other:
        assert (other.mode, other.tobytes()) == (one.mode, one.tobytes())


@pytest.mark.parametrize("name", FILES)
def test_there_is_one_packet_whoever_put_it_in(name: str) -> None:
    marked = with_mark(FILES[name]())
    assert with_mark(marked) == marked
    assert marked.count(b"W5M0MpCehiHzreSzNTczkc9d") == 1
    assert b"Another" not in marked


@pytest.mark.skipif(not EXIFTOOL, reason="marks are not read by exiftool: it is not on this machine")
def test_exiftool_reads_it_without_a_warning() -> None:
    assert by_exiftool(*(with_mark(make()) for make in FILES.values())) == [SAID] * len(FILES)


@pytest.mark.parametrize("name", FILES)
def test_with_a_persons_own_metadata_a_mark_goes_too(name: str) -> None:
    assert by_exiv2(stripped(with_mark(FILES[name]()))) == Said()


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case.flaw is None])
def test_an_odd_file_keeps_its_pixels(name: str) -> None:
    content = CASES[name].content()
    marked = with_mark(content)
    assert mark_of(marked) == MARK
    assert decode(look(marked)).tobytes() == decode(look(content)).tobytes()


@pytest.mark.parametrize(
    "content",
    [
        m.with_chunks(m.chunk(b"caBX", b"jumb")),
        m.with_segments(m.segment(0xEB, b"JP\0\1\0\0\0\1\0\0\0\x20jumb")),
        m.riff(m.canvas(160, 120), m.only_chunk(m.sound("WEBP")), (b"C2PA", b"jumb")),
    ],
)
def test_content_credentials_are_seen(content: bytes) -> None:
    assert has_manifest(content, look(content).header)
    assert not has_manifest(stripped(content), look(stripped(content)).header)


def test_what_stands_behind_a_png_is_not_walked_through_but_stays() -> None:
    content = m.sound("PNG") + bytes(19_000_000)
    began = time.process_time()
    assert with_mark(content).endswith(bytes(19_000_000))
    assert mark_of(content) is None
    assert time.process_time() - began < 1


CODE = "http://cv.iptc.org/newscodes/digitalsourcetype/"


@pytest.mark.parametrize(
    ("packet", "source"),
    [
        (f'<d a:DigitalSourceType="{CODE}trainedAlgorithmicMedia"/>', "trainedAlgorithmicMedia"),
        (f"<d a:DigitalSourceType = '{CODE}compositeSynthetic'>", "compositeSynthetic"),
        (f"<a:DigitalSourceType>\n {CODE}algorithmicMedia </a:DigitalSourceType>", "algorithmicMedia"),
        (f'<a:DigitalSourceType rdf:resource="{CODE}trainedAlgorithmicMedia"/>', "trainedAlgorithmicMedia"),
        (f'<d a:DigitalSourceType="{CODE}digitalCapture"/>', None),
        ('<d a:DigitalSourceType="trainedAlgorithmicMedia of mine"/>', None),
        ("trainedAlgorithmicMedia", None),
        ("", None),
        ("\ufffd\0<a:DigitalSourceType", None),
    ],
)
def test_a_mark_of_others_is_read_as_they_write_it(packet: str, source: str | None) -> None:
    found = read_mark(packet.encode())
    assert (found.source if found else None) == (CODE + source if source else None)


def test_a_packed_packet_is_unpacked_no_further_than_it_is_looked_at() -> None:
    content = m.with_chunks(m.chunk(b"iTXt", b"XML:com.adobe.xmp\0\1\0\0\0" + BOMB))
    assert packet_of(content, look(content).header) == bytes(1_000_000)
    assert mark_of(with_mark(content)) == MARK


@pytest.mark.parametrize(
    "part",
    [
        "a.",
        "a:DigitalSourceType ",
        "a:DigitalSourceType>",
        'a:DigitalSourceType="',
        "a:DigitalSourceType" + " " * 99,
        "a",
    ],
)
def test_a_packet_that_is_made_to_be_slow_is_searched_quickly(part: str) -> None:
    packet = (part * (1_000_000 // len(part))).encode()
    began = time.process_time()
    assert read_mark(packet) is None
    assert time.process_time() - began < 5
