# What we use of uharfbuzz, which brings no types.
from collections.abc import Iterable, Mapping, Sequence
from enum import IntFlag
from typing import NamedTuple

class Blob:
    @classmethod
    def from_file_path(cls, filename: str) -> Blob: ...
    @property
    def data(self) -> bytes: ...

class Face:
    def __init__(self, blob: Blob | bytes | None = None, index: int = 0) -> None: ...
    @property
    def upem(self) -> int: ...
    @property
    def unicodes(self) -> Sequence[int]: ...
    @property
    def blob(self) -> Blob: ...
    def reference_table(self, tag: str) -> Blob: ...

class FontExtents(NamedTuple):
    ascender: int
    descender: int
    line_gap: int

class Font:
    def __init__(self, face_or_font: Face | Font | None = None) -> None: ...
    @property
    def face(self) -> Face: ...
    def get_font_extents(self, direction: str) -> FontExtents: ...
    def get_glyph_h_advance(self, gid: int) -> int: ...

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

class SubsetFlags(IntFlag):
    RETAIN_GIDS = 2
    NOTDEF_OUTLINE = 64

class Set:
    def update(self, values: Iterable[int]) -> None: ...

class SubsetInput:
    flags: SubsetFlags
    @property
    def glyph_set(self) -> Set: ...
    @property
    def drop_table_tag_set(self) -> Set: ...

def subset(face: Face, wanted: SubsetInput, /) -> Face: ...
