# What we use of uharfbuzz, which brings no types.
from collections.abc import Mapping, Sequence
from typing import NamedTuple

class Blob:
    @classmethod
    def from_file_path(cls, filename: str) -> Blob: ...

class Face:
    def __init__(self, blob: Blob | bytes | None = None, index: int = 0) -> None: ...
    @property
    def upem(self) -> int: ...
    @property
    def unicodes(self) -> Sequence[int]: ...

class FontExtents(NamedTuple):
    ascender: int
    descender: int
    line_gap: int

class Font:
    def __init__(self, face_or_font: Face | Font | None = None) -> None: ...
    @property
    def face(self) -> Face: ...
    def get_font_extents(self, direction: str) -> FontExtents: ...

class GlyphInfo:
    codepoint: int
    cluster: int

class GlyphPosition:
    x_advance: int
    x_offset: int
    y_offset: int

class Buffer:
    direction: str
    script: str | None
    language: str | None
    def add_str(self, text: str) -> None: ...
    @property
    def glyph_infos(self) -> Sequence[GlyphInfo]: ...
    @property
    def glyph_positions(self) -> Sequence[GlyphPosition] | None: ...  # None: there is no glyph

def shape(font: Font, buffer: Buffer, features: Mapping[str, bool | int] | None = None) -> None: ...

class RasterExtents(NamedTuple):
    x_origin: int
    y_origin: int
    width: int
    height: int
    stride: int

class RasterImage:
    @property
    def extents(self) -> RasterExtents: ...
    @property
    def buffer(self) -> bytes: ...  # the lowest row first

class RasterDraw:
    transform: tuple[float, float, float, float, float, float]
    extents: RasterExtents | None
    def draw_glyph(self, font: Font, glyph: int) -> None: ...
    def render(self) -> RasterImage | None: ...
