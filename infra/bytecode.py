"""Bytecode for a target's Python: of a folder of packages, and of our own sources, each compiled once for its content.

Lambda's code folder is read-only: what comes without bytecode is compiled again at every cold start. Paths in it are
relative, so that it is the same every time. Where this machine has not the target's Python there is none.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from infra.stages import Target

KEPT_SECONDS = 7 * 24 * 3600.0
RECIPE = Path(__file__)
# Groups are packed side by side and have most sources in common: the first compiles them.
_COMPILING = threading.Lock()


def compile_folder(folder: Path, target: Target) -> None:
    """Compile all sources of a folder beside themselves."""
    if python := _python(target):
        command = [python, "-m", "compileall", "-qq", "--invalidation-mode", "unchecked-hash", "-s", str(folder)]
        subprocess.run([*command, str(folder)], check=True, stdin=subprocess.DEVNULL)  # noqa: S603 - our own command


def name_of(source: str, target: Target) -> str:
    """Return where the bytecode of a source belongs."""
    path = Path(source)
    return (path.parent / "__pycache__" / f"{path.stem}.cpython-{target.python.replace('.', '')}.pyc").as_posix()


def compiled(files: Mapping[str, bytes], target: Target, cache: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the bytecode of sources by their names; only what `cache` does not hold is compiled."""
    if _python(target) is None:
        return
    places = {name: cache / _key(name, content, target) for name, content in files.items() if name.endswith(".py")}
    with _COMPILING:
        found = {name: _read(place) for name, place in places.items()}
        missing = {name: files[name] for name, code in found.items() if code is None}
        if missing:
            made = _compile(missing, target)
            _keep({places[name]: code for name, code in made.items()})
            _forget_old(cache)
            found |= made
    yield from ((name_of(name, target), code) for name, code in found.items() if code is not None)


def _key(name: str, content: bytes, target: Target) -> str:
    digest = hashlib.sha256(f"{target.python}\0{name}\0".encode() + content)
    digest.update(RECIPE.read_bytes())
    return f"{digest.hexdigest()[:32]}.pyc"


def _read(place: Path) -> bytes | None:
    try:
        return place.read_bytes()
    except FileNotFoundError:
        return None


def _compile(files: Mapping[str, bytes], target: Target) -> dict[str, bytes]:
    with tempfile.TemporaryDirectory() as folder:
        for name, content in files.items():
            source = Path(folder) / name
            source.parent.mkdir(parents=True, exist_ok=True)
            source.write_bytes(content)
        compile_folder(Path(folder), target)
        return {name: (Path(folder) / name_of(name, target)).read_bytes() for name in files}


def _keep(made: Mapping[Path, bytes]) -> None:
    for place, code in made.items():
        place.parent.mkdir(parents=True, exist_ok=True)
        draft = place.with_suffix(f".{os.getpid()}")
        draft.write_bytes(code)
        draft.replace(place)  # another process may read or write the same


def _forget_old(cache: Path) -> None:
    """Remove what was compiled a week before the newest; what is needed of it is compiled again."""
    with suppress(FileNotFoundError):  # another process removes the same
        times = {path: path.stat().st_mtime for path in cache.glob("*.pyc")}
        oldest = max(times.values()) - KEPT_SECONDS
        for path in (path for path, at in times.items() if at < oldest):
            path.unlink()


def _python(target: Target) -> str | None:
    here = f"{sys.version_info.major}.{sys.version_info.minor}"
    return sys.executable if target.python == here else shutil.which(f"python{target.python}")
