"""The explorer is built when its sources changed, and only then."""

import fcntl
import os
from pathlib import Path

import pytest

from local.appsync.explorer import build as explorer
from local.appsync.explorer import node


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("package.json", "package-lock.json", "tsconfig.json", "build.mjs", "src/main.tsx"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(name)
    monkeypatch.setattr(explorer, "HERE", tmp_path)
    monkeypatch.setattr(explorer, "DIST", tmp_path / "dist")
    return tmp_path


@pytest.fixture
def runs(folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The npm commands run, each leaving behind the folder that the real one makes."""
    made: list[str] = []

    def npm(where: Path, *arguments: str) -> None:
        made.append(" ".join(arguments))
        (where / {"ci": "node_modules", "run": "dist"}[arguments[0]]).mkdir(exist_ok=True)

    monkeypatch.setattr(explorer, "npm", npm)
    monkeypatch.setattr(node, "npm", npm)
    return made


def test_builds_once(runs: list[str]) -> None:
    explorer.build()
    explorer.build()
    assert runs == ["ci", "run build"]


def test_a_changed_source_is_built_with_the_packages_that_are_there(folder: Path, runs: list[str]) -> None:
    explorer.build()
    (folder / "src/main.tsx").write_text("other")
    explorer.build()
    assert runs == ["ci", "run build", "run build"]


def test_a_changed_lock_installs_again(folder: Path, runs: list[str]) -> None:
    explorer.build()
    (folder / "package-lock.json").write_text("other")
    explorer.build()
    assert runs == ["ci", "run build"] * 2


def test_of_stacks_that_start_at_once_one_builds_and_the_others_wait(
    folder: Path, runs: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    npm, free = node.npm, list[str]()

    def looking(where: Path, *arguments: str) -> None:
        expected = {"ci": [where, where / "src"], "run": [where / "src"]}[arguments[0]]
        free.extend(path.name for path in expected if not _held(path))
        npm(where, *arguments)

    monkeypatch.setattr(explorer, "npm", looking)
    monkeypatch.setattr(node, "npm", looking)
    explorer.build()
    assert (runs, free) == (["ci", "run build"], [])
    assert not _held(folder)
    assert not _held(folder / "src")


def _held(folder: Path) -> bool:
    other = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(other)
    return False


def test_a_failed_npm_says_what_it_said(tmp_path: Path) -> None:
    with pytest.raises(node.NpmError, match="no-such-script"):
        node.npm(tmp_path, "run", "no-such-script")
