"""Bytecode: of what a source holds now, and compiled once, whichever groups and changes it goes into."""

import marshal
import os
import shutil
import subprocess
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from infra import bytecode, zips
from infra.bytecode import KEPT_SECONDS, compiled, name_of
from infra.stages import Target
from infra.zips import SOURCES, build_zip
from tests.stages import stage_named

HERE = stage_named("local").target
_HEAD = 16


def value_of(code: bytes) -> Any:
    """Run bytecode, and return what it sets X to."""
    found: dict[str, Any] = {}
    exec(marshal.loads(code[_HEAD:]), found)
    return found["X"]


@pytest.fixture
def sources(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of what is compiled, as it is."""
    found: list[str] = []

    def noting(folder: Path, target: Target) -> None:
        found.extend(path.relative_to(folder).as_posix() for path in folder.rglob("*.py"))
        compile_folder(folder, target)

    compile_folder = bytecode.compile_folder
    monkeypatch.setattr(bytecode, "compile_folder", noting)
    return found


def test_it_is_of_the_source_as_it_is(tmp_path: Path, sources: list[str]) -> None:
    def values(files: Mapping[str, bytes]) -> dict[str, Any]:
        return {name: value_of(code) for name, code in compiled(files, HERE, tmp_path)}

    a, b = name_of("a.py", HERE), name_of("in/b.py", HERE)
    assert values({"a.py": b"X = 1", "in/b.py": b"X = 2", "c.txt": b"X = 3"}) == {a: 1, b: 2}
    assert values({"a.py": b"X = 4", "in/b.py": b"X = 2"}) == {a: 4, b: 2}
    assert values({"a.py": b"X = 1", "in/b.py": b"X = 2"}) == {a: 1, b: 2}
    assert sources == ["a.py", "in/b.py", "a.py"]


def test_it_names_its_source_by_a_relative_path(tmp_path: Path) -> None:
    ((_, code),) = compiled({"in/b.py": b"X = __name__"}, HERE, tmp_path)
    assert marshal.loads(code[_HEAD:]).co_filename == "in/b.py"


def test_a_mistake_is_raised_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(subprocess.CalledProcessError):
        list(compiled({"a.py": b"X = 1", "b.py": b"X ="}, HERE, tmp_path))
    assert list(tmp_path.iterdir()) == []


def test_without_the_targets_python_there_is_none(tmp_path: Path) -> None:
    assert list(compiled({"a.py": b"X = 1"}, replace(HERE, python="2.6"), tmp_path)) == []


def test_what_was_compiled_long_ago_is_forgotten(tmp_path: Path) -> None:
    list(compiled({"a.py": b"X = 1"}, HERE, tmp_path))
    (old,) = tmp_path.iterdir()
    at = old.stat().st_mtime - KEPT_SECONDS - 1
    os.utime(old, (at, at))
    list(compiled({"a.py": b"X = 2"}, HERE, tmp_path))
    (kept,) = tmp_path.iterdir()
    assert kept != old


def test_a_code_change_compiles_what_changed_and_once_for_all_groups(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sources: list[str]
) -> None:
    root = tmp_path / "root"
    for folder in {*SOURCES["api"], *SOURCES["images"], "requirements"}:
        shutil.copytree(zips.ROOT / folder, root / folder, ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "packages").symlink_to(zips.CACHE / "packages")
    monkeypatch.setattr(zips, "CACHE", tmp_path)
    for group in ("api", "payments"):
        build_zip(group, HERE)  # or its packages are compiled within the test
    monkeypatch.setattr(zips, "ROOT", root)
    build_zip("images", HERE)
    sources.clear()
    (root / "studio/clock.py").write_text("X = 1\n")
    for group in ("api", "payments", "images"):
        with zipfile.ZipFile(build_zip(group, HERE)) as archive:
            assert value_of(archive.read(name_of("studio/clock.py", HERE))) == 1
    assert sources == ["studio/clock.py"]
