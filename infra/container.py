"""The folders that container images are built from at a deploy, the same bytes every time.

Docker gets what the image needs and nothing else of the tree; synthesis needs no Docker.
"""

import hashlib
import shutil
from collections.abc import Iterator
from pathlib import Path

from infra.zips import ROOT

FOLDERS = ROOT / "build" / "containers"
_SOURCES = ("studio", "workers")
_REQUIREMENTS = "requirements/browser-image.txt"
_KEPT = 4


def folder(dockerfile: str) -> Path:
    """Return a folder with a worker's Dockerfile, our sources and the pinned packages' list."""
    files = {"Dockerfile": ROOT / "workers" / dockerfile}
    files |= {path.relative_to(ROOT).as_posix(): path for path in (ROOT / _REQUIREMENTS, *_sources())}
    digest = hashlib.sha256()
    for name, path in files.items():
        digest.update(f"{name}\0".encode() + path.read_bytes())
    result = FOLDERS / digest.hexdigest()[:20]
    if not result.exists():
        _fill(result, files)
        _forget_old()
    return result


def _sources() -> Iterator[Path]:
    for name in _SOURCES:
        yield from sorted((ROOT / name).rglob("*.py"))


def _fill(result: Path, files: dict[str, Path]) -> None:
    draft = result.with_suffix(".draft")
    shutil.rmtree(draft, ignore_errors=True)
    for name, path in files.items():
        copy = draft / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)
    draft.rename(result)


def _forget_old() -> None:
    folders = sorted(FOLDERS.iterdir(), key=lambda path: path.stat().st_mtime, reverse=True)
    for old in folders[_KEPT:]:
        shutil.rmtree(old, ignore_errors=True)
