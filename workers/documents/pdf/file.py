"""The file: objects written one after the other to whatever takes bytes, and at the end where each of them stands."""

import hashlib
import zlib
from collections.abc import Iterable, Mapping
from typing import Final, Protocol

from workers.documents.pdf.values import Value, reference, written

# The second line tells programs that move files that this one is binary.
_HEAD: Final = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
_FREE: Final = b"0000000000 65535 f \n"


class Sink(Protocol):
    """What takes the bytes in their order; it need not seek."""

    def write(self, data: bytes, /) -> object: ...


class PdfFile:
    """A PDF in the making. An object is added once; its number may be reserved, and referred to, before."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._offsets: list[int] = [0]
        self._md5 = hashlib.md5(usedforsecurity=False)  # what printers ask for
        self.size = 0
        self._write(_HEAD)

    @property
    def md5(self) -> str:
        """Of what is written so far, in hexadecimal."""
        return self._md5.hexdigest()

    def reserve(self) -> int:
        self._offsets.append(0)
        return len(self._offsets) - 1

    def add(self, value: Value, number: int = 0) -> int:
        number = self._begin(number)
        self._write(f"{written(value)}\nendobj\n".encode("ascii"))
        return number

    def add_stream(self, about: Mapping[str, Value], data: bytes, number: int = 0) -> int:
        """Add bytes as they are."""
        number = self._begin(number)
        self._write(f"{written({**about, 'Length': len(data)})}\nstream\n".encode("ascii"))
        self._write(data)
        self._write(b"\nendstream\nendobj\n")
        return number

    def add_packed(self, about: Mapping[str, Value], pieces: Iterable[bytes], number: int = 0) -> int:
        """Add bytes deflated."""
        packer = zlib.compressobj()
        packed = b"".join([*map(packer.compress, pieces), packer.flush()])
        return self.add_stream({**about, "Filter": "/FlateDecode"}, packed, number)

    def finish(self, catalogue: int, info: int) -> None:
        """Write the table of all objects. The file's id is its content's hash: the same album gives the same file."""
        at, count, id_ = self.size, len(self._offsets), f"<{self.md5}>"
        self._write(f"xref\n0 {count}\n".encode("ascii") + _FREE)
        self._write(b"".join(b"%010d 00000 n \n" % offset for offset in self._offsets[1:]))
        about: Mapping[str, Value] = {
            "Size": count,
            "Root": reference(catalogue),
            "Info": reference(info),
            "ID": [id_, id_],
        }
        self._write(f"trailer\n{written(about)}\nstartxref\n{at}\n%%EOF\n".encode("ascii"))

    def _begin(self, number: int) -> int:
        number = number or self.reserve()
        self._offsets[number] = self.size
        self._write(f"{number} 0 obj\n".encode("ascii"))
        return number

    def _write(self, data: bytes) -> None:
        self._sink.write(data)
        self._md5.update(data)
        self.size += len(data)
