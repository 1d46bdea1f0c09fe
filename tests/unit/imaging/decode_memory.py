"""What decoding a pixel of each kind takes at its peak, in bytes: a script, so that each has a process of its own.

A small picture of the kind is decoded first, for what does not grow with the picture.
"""

import json
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from tests.unit.imaging import making as m
from workers.imaging.guard import decode, look

SIZE = (2400, 1800)
SMALL = (160, 120)


def _made(format_: str, mode: str = "RGB", **options: int) -> Callable[[], bytes]:
    def make(size: tuple[int, int] = SIZE) -> bytes:
        return m.encoded(m.picture(mode).resize(size), format_, **options)

    return make


KINDS: Mapping[str, Callable[..., bytes]] = {
    "JPEG": _made("JPEG"),
    "JPEG, progressive": _made("JPEG", progressive=True, subsampling=0),
    "PNG": _made("PNG", compress_level=1),
    "PNG with alpha": _made("PNG", "RGBA", compress_level=1),
    "WebP": _made("WEBP", method=0),
}


def main() -> None:
    sys.stdout.write(json.dumps({name: _bytes(make) for name, make in KINDS.items()}))


def _bytes(make: Callable[..., bytes]) -> float:
    content, small = make(), make(SMALL)
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        decode(look(small))
        Path("/proc/self/clear_refs").write_text("5")  # the peak begins anew
        before = _memory("VmRSS")
        decode(look(content))
        os.write(writer, str((_memory("VmHWM") - before) / (SIZE[0] * SIZE[1])).encode())
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as answer:
        text = answer.read()
    os.waitpid(child, 0)
    return float(text)


def _memory(name: str) -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(1024 * int(line.split()[1]) for line in lines if line.startswith(name))


if __name__ == "__main__":
    main()
