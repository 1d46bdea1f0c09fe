"""The zips: small, the same every time, quick to make again, and enough to run by themselves."""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from importlib.metadata import distribution, requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from infra import zips
from infra.declaration import FunctionSpec
from infra.functions import ALL
from infra.stages import LAMBDA
from infra.zips import SOURCES, build_zip
from tests.infra.templates import Templates
from tests.stages import stage_named

GROUPS = tuple(SOURCES)
# On Lambda the others are container images.
ON_LAMBDA = tuple(sorted({spec.group for spec in ALL if not spec.image}))
HERE = stage_named("local").target
MEGABYTE = 1_000_000
_AARCH64 = 183

each_group = pytest.mark.parametrize("group", GROUPS)


@pytest.fixture(params=ON_LAMBDA)
def for_lambda(request: pytest.FixtureRequest) -> zipfile.ZipFile:
    return zipfile.ZipFile(build_zip(request.param, LAMBDA))


def test_they_are_as_small_as_promised() -> None:
    for group in ("api", "payments"):
        assert build_zip(group, LAMBDA).stat().st_size <= 5 * MEGABYTE
    for group, target in [*((group, LAMBDA) for group in ON_LAMBDA), *((group, HERE) for group in GROUPS)]:
        with zipfile.ZipFile(build_zip(group, target)) as archive:
            assert sum(entry.file_size for entry in archive.infolist()) <= 200 * MEGABYTE, (group, target)


@each_group
def test_they_hold_our_sources_and_nobody_elses_rooms(group: str) -> None:
    with zipfile.ZipFile(build_zip(group, LAMBDA)) as archive:
        ours = {name.split("/")[0] for name in archive.namelist()} & {path.name for path in zips.ROOT.iterdir()}
        assert ours == set(SOURCES[group])


def test_they_leave_out_what_lambda_brings_and_what_nothing_reads(for_lambda: zipfile.ZipFile) -> None:
    with for_lambda:
        names = for_lambda.namelist()
    tops = {name.split("/")[0] for name in names}
    assert not tops & {"boto3", "botocore", "s3transfer", "strawberry", "aws_cdk", "infra", "local", "tests"}
    assert not [name for name in names if name.endswith((".pyi", "/RECORD", "/INSTALLER"))]
    assert not [name for name in names if "/tests/" in name]
    assert len(names) == len(set(names))


@each_group
def test_they_hold_bytecode_that_is_never_checked_against_its_source(group: str) -> None:
    unchecked = 0b01.to_bytes(4, "little")
    with zipfile.ZipFile(build_zip(group, HERE)) as archive:
        compiled = [name for name in archive.namelist() if name.endswith(".pyc")]
        folders = {name.rpartition("/__pycache__/")[0] for name in compiled}
        assert {"aws_lambda_powertools/logging", "studio/jobs"} <= folders
        assert {name.split(".")[-2] for name in compiled} == {sys.implementation.cache_tag}
        assert {archive.read(name)[4:8] for name in compiled} == {unchecked}


def test_compiled_parts_are_for_arm_and_the_current_python(for_lambda: zipfile.ZipFile) -> None:
    with for_lambda:
        for name in for_lambda.namelist():
            if name.endswith(".so"):
                assert int.from_bytes(for_lambda.read(name)[18:20], "little") == _AARCH64, name
                assert "cpython" not in name or "cpython-314-aarch64" in name, name


@each_group
def test_the_same_sources_make_the_same_bytes(group: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = build_zip(group, HERE)
    (tmp_path / "packages").symlink_to(zips.CACHE / "packages")
    monkeypatch.setattr(zips, "CACHE", tmp_path)
    again = build_zip(group, HERE)
    assert again.parent != first.parent
    assert again.name == first.name
    assert again.read_bytes() == first.read_bytes()


def test_installing_again_makes_the_same_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = build_zip("api", HERE)
    monkeypatch.setattr(zips, "CACHE", tmp_path)
    assert build_zip("api", HERE).read_bytes() == first.read_bytes()


@each_group
def test_a_code_change_installs_nothing(group: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = build_zip(group, HERE)
    root = tmp_path / "root"
    for folder in (*SOURCES[group], "requirements"):
        shutil.copytree(zips.ROOT / folder, root / folder, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(zips, "ROOT", root)
    monkeypatch.setattr(zips, "_install", lambda *_: pytest.fail("installed again"))
    (root / "studio" / "changed.py").write_text("changed = True\n")
    after = build_zip(group, HERE)
    assert after != before
    with zipfile.ZipFile(after) as archive:
        assert archive.read("studio/changed.py") == b"changed = True\n"
    after.unlink()


def test_a_build_that_fails_leaves_no_half_zip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zips, "CACHE", tmp_path)

    def broken(*_: object) -> None:
        raise OSError("no network")

    monkeypatch.setattr(zips, "_install", broken)
    with pytest.raises(OSError, match="no network"):
        build_zip("api", HERE)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_old_zips_are_forgotten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "packages").symlink_to(zips.CACHE / "packages")
    monkeypatch.setattr(zips, "CACHE", tmp_path)
    for i in range(12):
        (tmp_path / f"api-{i}.zip").touch()
        os.utime(tmp_path / f"api-{i}.zip", (i, i))
    built = build_zip("api", HERE)
    kept = {path.name for path in tmp_path.glob("api-*.zip")}
    assert kept == {built.name, *(f"api-{i}.zip" for i in range(5, 12))}


# ---- each alone: nothing but its zip, the standard library, and boto3


@pytest.fixture(scope="session")
def boto3_alone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with boto3 and what it needs, as the Lambda runtime has it, and no other package."""
    folder = tmp_path_factory.mktemp("boto3")
    for name in _closure("boto3"):
        found = distribution(name)
        tops = {path.parts[0] for path in found.files or () if path.parts[0] not in {"..", "__pycache__"}}
        for top in tops:
            (folder / top).symlink_to(Path(str(found.locate_file(top))))
    return folder


def _closure(name: str) -> set[str]:
    needed = (Requirement(line) for line in requires(name) or ())
    return {name}.union(*(_closure(r.name) for r in needed if not r.marker or r.marker.evaluate({"extra": ""})))


@pytest.fixture(scope="session")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folders = {group: tmp_path_factory.mktemp(group) for group in GROUPS}
    known: dict[tuple[str, int], Path] = {}
    for group, folder in folders.items():
        with zipfile.ZipFile(build_zip(group, HERE)) as archive:
            for entry in archive.infolist():
                _unpack(archive, entry, folder, known)
    return folders


def _unpack(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, folder: Path, known: dict[tuple[str, int], Path]) -> None:
    """Unpack a file, or link it to the same one of another group: half of them are."""
    if same := known.get((entry.filename, entry.CRC)):
        path = folder / entry.filename
        path.parent.mkdir(parents=True, exist_ok=True)
        path.hardlink_to(same)
    else:
        known[entry.filename, entry.CRC] = Path(archive.extract(entry, folder))


@pytest.fixture(scope="session")
def imported(every: dict[str, Templates], unpacked: dict[str, Path], boto3_alone: Path) -> dict[str, tuple[int, str]]:
    """How importing each function's handler ended, and what it printed."""
    local = every["local"]
    cases = {
        spec.name: {
            "handler": spec.handler,
            "folder": str(unpacked[spec.group]),
            "environment": {
                name: local.text(value)
                for name, value in local.functions[spec.name]["Environment"]["Variables"].items()
            },
        }
        for spec in ALL
    }
    command = [sys.executable, "-I", "-S", str(Path(__file__).with_name("alone.py")), str(boto3_alone)]
    environment = {"AWS_DEFAULT_REGION": "ap-southeast-1", "PATH": "", "HOME": "/nowhere"}
    done = subprocess.run(
        command, input=json.dumps(cases), env=environment, stdout=subprocess.PIPE, text=True, check=True
    )
    return json.loads(done.stdout)


@pytest.mark.parametrize("spec", ALL, ids=lambda spec: spec.name)
def test_each_imports_alone(spec: FunctionSpec, imported: dict[str, tuple[int, str]]) -> None:
    code, printed = imported[spec.name]
    assert code == 0, printed
    assert json.loads(printed) == []
