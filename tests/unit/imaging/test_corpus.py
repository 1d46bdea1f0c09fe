"""Bad files: each is refused for its own reason, or used all the same, and none costs much or breaks anything."""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.unit.imaging import making
from tests.unit.imaging.corpus import CASES
from workers.imaging.flaw import Flaw, UnfitError
from workers.imaging.guard import look
from workers.imaging.resize import resize

ROOT = Path(__file__).parents[3]
MAX_SECONDS, MAX_MEGABYTES = 1.0, 150.0


@pytest.fixture(scope="module")
def contents(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    """All files, which take longer to make than to refuse."""
    folder = tmp_path_factory.mktemp("corpus")
    paths = {name: folder / str(number) for number, name in enumerate(CASES)}
    for name, path in paths.items():
        path.write_bytes(CASES[name].content())
    return paths


@pytest.fixture(scope="module")
def tolls(contents: Mapping[str, Path]) -> Mapping[str, Mapping[str, Any]]:
    command = [sys.executable, "-m", "tests.unit.imaging.decode_cost", json.dumps(contents, default=str)]
    lines = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    return {cost["name"]: cost for cost in map(json.loads, lines)}


@pytest.mark.parametrize("name", CASES)
def test_a_bad_file_is_refused_for_its_reason(name: str, tolls: Mapping[str, Mapping[str, Any]]) -> None:
    flaw = CASES[name].flaw
    assert tolls[name]["outcome"] == (flaw.value if flaw else "3 sizes")


@pytest.mark.parametrize("name", CASES)
def test_a_bad_file_costs_little(name: str, tolls: Mapping[str, Mapping[str, Any]]) -> None:
    assert tolls[name]["seconds"] <= MAX_SECONDS
    assert tolls[name]["megabytes"] <= MAX_MEGABYTES


def refusal(content: bytes) -> str:
    """What the file's structure alone is refused for."""
    try:
        look(content)
    except UnfitError as error:
        return error.message
    return ""


def test_bad_files_are_many() -> None:
    assert sum(case.flaw is not None for case in CASES.values()) >= 40
    assert {case.flaw for case in CASES.values()} >= set(Flaw) - {Flaw.MASK_EMPTY}


def test_after_all_bad_files_a_good_one_is_as_before(contents: Mapping[str, Path]) -> None:
    good = making.sound("JPEG", size=(640, 480))
    before = resize(good)
    refusals = [refusal(path.read_bytes()) for path in contents.values()]
    assert all(message.endswith(".") for message in refusals if message)
    assert resize(good) == before
