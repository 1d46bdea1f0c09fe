"""What a first start tells of what takes long, and a later one does not."""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from local import first_start, warm
from local.appsync.explorer import build as explorer
from local.appsync.explorer import node
from local.appsync.explorer.node import NpmError
from local.chromium import install as chromium
from local.first_start import FirstStart
from local.processes import Children


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def first(said: list[str]) -> FirstStart:
    return FirstStart(said.append, said.append)


@pytest.mark.parametrize("is_new", [True, False])
def test_a_long_step_is_told_as_it_begins_and_once_it_is_done(
    monkeypatch: pytest.MonkeyPatch, first: FirstStart, said: list[str], is_new: bool
) -> None:
    monkeypatch.setattr(chromium, "is_wanted", lambda: is_new)
    monkeypatch.setattr(chromium, "install", lambda: said.append("…"))
    monkeypatch.setattr(explorer, "is_built", lambda: not is_new)
    monkeypatch.setattr(explorer, "build", lambda: said.append("…"))
    first.install_chromium()
    first.build_explorer()
    told = [
        *("Fetching a Chromium, 75 MB …", "…", "Fetching a Chromium, 75 MB: done"),
        *("Building the explorer's page …", "…", "Building the explorer's page: done"),
    ]
    assert said == (told if is_new else ["…", "…"])


def test_what_cannot_be_had_is_said_and_the_stack_runs_without(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, first: FirstStart, said: list[str]
) -> None:
    def offline(*_: object) -> None:
        raise NpmError("npm ci: offline")

    monkeypatch.setattr(chromium, "is_wanted", lambda: True)
    monkeypatch.setattr(chromium, "install", offline)
    monkeypatch.setattr(first_start.firestore, "start", offline)
    monkeypatch.setattr(first_start.firestore, "HERE", tmp_path)
    (tmp_path / "package-lock.json").touch()
    first.install_chromium()
    assert first.start_firestore(Children(tmp_path), 1) is None
    assert said[1] == "No Chromium could be had from the registry:\nnpm ci: offline"
    assert said[3] == "Firestore does not run, and no image is linked to its board:\nnpm ci: offline"
    assert not node.is_installed(tmp_path)


def test_an_installation_shows_how_far_its_first_start_is(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    @contextmanager
    def stack(_: Path, *, done: Any, **__: Any) -> Generator[Any]:
        yield SimpleNamespace(start=lambda: done("Building the explorer's page …"))

    monkeypatch.setattr(warm, "Stack", stack)
    assert warm.main() == 0
    assert capsys.readouterr().out == "    0.0 s  Building the explorer's page …\n"
