"""What the browser worker's container image is built from: no Docker here, but all that it copies."""

import re
import shutil
from pathlib import Path

import pytest

from infra import container
from infra.functions import declared
from tests.infra.templates import Templates

IMAGE = declared("browser").image or ""
assert IMAGE


@pytest.fixture
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(container, "FOLDERS", tmp_path)
    return tmp_path


def test_it_holds_what_the_dockerfile_copies_and_nothing_else(folders: Path) -> None:
    found = container.folder(IMAGE)
    copied = re.findall(r"^COPY (\S+) ", (found / "Dockerfile").read_text(), re.MULTILINE)
    assert copied
    files = {path.relative_to(found).as_posix() for path in found.rglob("*") if path.is_file()}
    assert {file for file in files if not file.startswith(tuple(copied))} == {"Dockerfile"}
    for source in copied:
        assert (found / source).exists(), source
    assert not [file for file in files if not file.endswith((".py", ".txt")) and file != "Dockerfile"]


def test_the_same_sources_make_the_same_folder(folders: Path) -> None:
    first = container.folder(IMAGE)
    assert container.folder(IMAGE) == first
    assert list(folders.iterdir()) == [first]


def test_a_change_makes_another_and_the_oldest_are_forgotten(
    folders: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path_factory.mktemp("root")
    for name in ("studio", "workers", "requirements"):
        shutil.copytree(container.ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(container, "ROOT", root)
    made: list[Path] = []
    for i in range(6):
        (root / "studio" / "changed.py").write_text(f"changed = {i}\n")
        made.append(container.folder(IMAGE))
    assert len(set(made)) == len(made)
    assert made[-1].exists()
    assert len(list(folders.iterdir())) < len(made)


def test_on_aws_the_image_is_built_for_the_stages_machines(aws: Templates) -> None:
    text = (aws.folder / f"namo-{aws.stage}-jobs.assets.json").read_text()
    assert '"platform": "linux/arm64"' in text


def test_at_home_there_is_no_image_to_build(local: Templates) -> None:
    assert '"dockerImages": {}' in (local.folder / "namo-local-jobs.assets.json").read_text()
