"""A collage drawn by what its zip holds alone: letters are kerned without the libraries that Lambda lacks."""

import json
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from infra.zips import build_zip
from tests.stages import stage_named

PROGRAM = """
import hashlib, io, json, sys, unicodedata
sys.path.append(sys.argv[1])
from PIL import Image, features
from studio.documents.collage import CollagePicture, CollageSpec
from studio.documents.templates import CollageTemplate
from workers.documents.collage import draw
from workers.documents.text import width
out = io.BytesIO()
Image.new("RGB", (40, 40), (40, 80, 120)).save(out, "JPEG")
def drawn(caption):
    spec = CollageSpec(CollageTemplate.POLAROID, (CollagePicture(40, 40),), caption)
    return hashlib.sha256(draw(spec, [out.getvalue], 640).content).hexdigest()
print(json.dumps({
    "composed": drawn("Thu\\u1edf \\u1ea5y \\u1edf Hu\\u1ebf"),
    "decomposed": drawn(unicodedata.normalize("NFD", "Thu\\u1edf \\u1ea5y \\u1edf Hu\\u1ebf")),
    "without marks": drawn("Thuo ay o Hue"),
    "kerned": width("AVATo", 1000),
    "apart": sum(width(each, 1000) for each in "AVATo"),
    "fribidi": features.check("fribidi"),
    "from": sorted({m.__file__ for m in map(sys.modules.get, ("PIL", "uharfbuzz", "fontpkg_be_vietnam_pro"))}),
}))
"""


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("documents")
    with zipfile.ZipFile(build_zip("documents", stage_named("local").target)) as archive:
        archive.extractall(folder)
    return folder


@pytest.fixture(scope="module")
def said(unpacked: Path, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Any]:
    hidden = tmp_path_factory.mktemp("hidden")
    for name in ("libfribidi.so", "libfribidi.so.0"):  # no library: this machine may have the real one
        (hidden / name).touch()
    command = [sys.executable, "-I", "-S", "-c", PROGRAM, str(unpacked)]
    environment = {"LD_LIBRARY_PATH": str(hidden), "PATH": "", "HOME": "/nowhere", "LC_ALL": "C"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_it_runs_on_what_the_zip_holds(said: Mapping[str, Any], unpacked: Path) -> None:
    assert len(said["from"]) == 3
    assert all(Path(each).is_relative_to(unpacked) for each in said["from"])
    assert not said["fribidi"]


def test_letters_are_kerned(said: Mapping[str, Any]) -> None:
    assert said["kerned"] < said["apart"] - 200


def test_composed_and_decomposed_make_the_same_file(said: Mapping[str, Any]) -> None:
    assert said["composed"] == said["decomposed"] != said["without marks"]


def test_the_fonts_licence_goes_along(unpacked: Path) -> None:
    assert "SIL OPEN FONT LICENSE" in (unpacked / "fontpkg_be_vietnam_pro" / "LICENSE").read_text().upper()
