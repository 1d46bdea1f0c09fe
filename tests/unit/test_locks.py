"""Lock files name packages and their hashes, and no address: where they come from is the machine's business."""

import os
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
OTHERS = {"node_modules", "build", "cdk.out"}


def locks() -> Iterator[Path]:
    yield from (ROOT / "requirements").glob("*.txt")
    for folder in ("examples", "local", "tests"):
        for path, folders, files in os.walk(ROOT / folder):
            folders[:] = [name for name in folders if name not in OTHERS]
            yield from (Path(path, name) for name in files if name == "package-lock.json")


def test_no_lock_file_names_a_host() -> None:
    found = [*locks()]
    assert len([lock for lock in found if lock.suffix == ".json"]) >= 6
    assert [str(lock.relative_to(ROOT)) for lock in found if "://" in lock.read_text()] == []


def test_every_package_from_npm_has_its_hash() -> None:
    for lock in locks():
        if lock.suffix == ".json":
            text = lock.read_text()
            assert text.count('"version": ') - text.count('"integrity": ') <= 1, lock  # the folder's own version
