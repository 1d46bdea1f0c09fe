"""The zips that functions are deployed as: a pinned group of packages and our own sources, the same bytes every time.

Packages are installed and packed once for each content of `requirements/<group>.txt`; a change of our code only copies
that pack, compiles what changed, and appends. No Docker and no AWS: the wheels of the target platform come from the
package index.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from infra.bytecode import RECIPE, compile_folder, compiled, name_of
from infra.stages import Target

ROOT = Path(__file__).resolve().parent.parent
CACHE = ROOT / "build" / "zips"

# Our own folders in each group's zip. boto3 is in none: the Lambda runtime brings it.
SOURCES = {
    "api": ("studio", "resolvers"),
    "boards": ("studio", "resolvers"),
    "payments": ("studio", "resolvers"),
    "credentials": ("studio", "workers"),
    "images": ("studio", "workers"),
    "documents": ("studio", "workers"),
    "vertex": ("studio", "workers"),
    "model-probe": ("studio", "workers"),
    "browser": ("studio", "workers"),
}

_EPOCH = (1980, 1, 1, 0, 0, 0)
_NEEDLESS_FOLDERS = {"__pycache__", "tests", "bin"}
_NEEDLESS_SUFFIXES = {".pyc", ".pyi", ".pyx", ".pxd", ".c", ".h", ".md", ".rlib", ".d"}
# Large, and read by nobody: of Vertex AI's clients version 1 alone is asked, Stripe's params are for type checkers; and
# no zip keeps Playwright's Node executable, so that who runs it from a zip names another.
_NEEDLESS_PATHS = (
    "agentplatform/",
    "google/cloud/aiplatform/",
    "google/cloud/aiplatform_v1beta1/",
    "playwright/driver/node",
    "stripe/params/",
    "vertexai/",
)
# Packages by group that are asked for and never imported: `c2pa` takes them to fetch and to build itself.
_UNUSED = {
    "credentials": (
        *("certifi*", "cffi*", "_cffi_backend*", "charset_normalizer*", "*__mypyc*", "cryptography*"),
        *("idna*", "pycparser*", "requests*", "toml*", "urllib3*"),
    )
}
# What is read at run time (versions, entry points) or must go along (licences); the installer's own notes are neither.
_METADATA = {"METADATA", "entry_points.txt"}
# Files that change what a zip holds: a new version of these must not be answered from an old cache.
_RECIPES = Path(__file__), RECIPE
_KEPT_ZIPS = 8


def build_zip(group: str, target: Target) -> Path:
    """Return the path of one group's zip for one target; unchanged content is not built again."""
    packages = _packages(group, target)
    sources = sorted(_files(*(ROOT / folder for folder in SOURCES[group])))
    files = {path.relative_to(ROOT).as_posix(): path.read_bytes() for path in sources}
    digest = hashlib.sha256(packages.name.encode())
    for name, content in files.items():
        digest.update(f"{name}\0".encode() + content)
    result = CACHE / f"{group}-{digest.hexdigest()[:20]}.zip"
    if result.exists():
        result.touch()
        return result
    with _replacing(result) as draft:
        shutil.copyfile(packages, draft)
        _append(draft, [*files.items(), *compiled(files, target, CACHE / "bytecode")])
    _forget_old(group)
    return result


def _packages(group: str, target: Target) -> Path:
    """Return the zip of the group's pinned packages alone."""
    requirements = ROOT / "requirements" / f"{group}.txt"
    read = b"".join(path.read_bytes() for path in (requirements, *_RECIPES))
    key = hashlib.sha256(read + repr(target).encode()).hexdigest()[:20]
    result = CACHE / "packages" / f"{group}-{key}.zip"
    if not result.exists():
        with tempfile.TemporaryDirectory() as folder, _replacing(result) as draft:
            _install(requirements, target, Path(folder))
            _drop_unused(group, Path(folder))
            _pack(draft, Path(folder), target)
    return result


def _install(requirements: Path, target: Target, folder: Path) -> None:
    command = [sys.executable, "-m", "uv", "pip", "install", "--quiet", "--python", sys.executable]
    command += ["--target", str(folder), "--requirements", str(requirements)]
    command += ["--require-hashes", "--no-deps", "--only-binary", ":all:", "--python-version", target.python]
    command += ["--python-platform", target.platform] if target.platform else []
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)  # noqa: S603 - our own command, no shell


def _drop_unused(group: str, folder: Path) -> None:
    for path in [found for pattern in _UNUSED.get(group, ()) for found in folder.glob(pattern)]:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()


def _pack(archive: Path, folder: Path, target: Target) -> None:
    """Append what a function reads of a folder, and its bytecode."""
    files = sorted(_files(folder))
    compile_folder(folder, target)
    bytecode = (folder / name_of(str(path), target) for path in files if path.suffix == ".py")
    paths = [*files, *(path for path in bytecode if path.exists())]
    _append(archive, ((path.relative_to(folder).as_posix(), path.read_bytes()) for path in paths))


def _files(*folders: Path) -> Iterator[Path]:
    return (path for folder in folders for path in folder.rglob("*") if path.is_file() and _needed(path, folder))


def _needed(path: Path, folder: Path) -> bool:
    parts = path.relative_to(folder).parts
    for i, part in enumerate(parts[:-1]):
        if part.endswith(".dist-info"):
            return parts[i + 1] in _METADATA | {"licenses"}
    if path.relative_to(folder).as_posix().startswith(_NEEDLESS_PATHS):
        return False
    hidden = any(part.startswith(".") for part in parts)
    return not hidden and path.suffix not in _NEEDLESS_SUFFIXES and _NEEDLESS_FOLDERS.isdisjoint(parts)


def _append(archive: Path, files: Iterable[tuple[str, bytes]]) -> None:
    with zipfile.ZipFile(archive, "a", zipfile.ZIP_DEFLATED) as into:
        for name, content in files:
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.external_attr = 0o644 << 16
            into.writestr(entry, content, zipfile.ZIP_DEFLATED)


@contextmanager
def _replacing(result: Path) -> Generator[Path]:
    """Give a draft that takes the result's place when done: two builds at once never show half a file."""
    draft = result.with_suffix(f".{os.getpid()}")
    draft.parent.mkdir(parents=True, exist_ok=True)
    try:
        yield draft
        draft.replace(result)
    finally:
        draft.unlink(missing_ok=True)


def _forget_old(group: str) -> None:
    """Keep the newest zips of a group; each code change leaves one behind."""
    zips = sorted(CACHE.glob(f"{group}-*.zip"), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in zips[_KEPT_ZIPS:]:
        path.unlink(missing_ok=True)
