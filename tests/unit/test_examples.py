"""The examples are as small as they say, and use the packages that their tests install."""

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
PAGE = EXAMPLES / "react"
FENCE = re.compile(r"^```ts\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def lines(*files: Path) -> int:
    return sum(len(file.read_text().splitlines()) for file in files)


def test_the_page_has_at_most_300_lines() -> None:
    own = [file for file in (PAGE / "src").rglob("*") if file.is_file() and "gql" not in file.parts]
    assert len(own) > 3
    assert lines(PAGE / "index.html", *own) <= 300


@pytest.mark.parametrize("program", ["apollo/main.mjs", "python/main.py"])
def test_a_program_has_at_most_60_lines(program: str) -> None:
    assert lines(EXAMPLES / program) <= 60


def test_apollo_is_run_with_the_packages_that_it_names() -> None:
    named = json.loads((EXAMPLES / "apollo/package.json").read_text())["dependencies"]
    installed = json.loads((ROOT / "tests/stack/clients/package.json").read_text())["dependencies"]
    assert named.items() <= installed.items()


def test_the_page_does_what_the_quickstart_says() -> None:
    configuration, recipe = FENCE.findall((ROOT / "docs/frontend.md").read_text())
    written = (PAGE / "src/main.tsx").read_text()
    said = [line.partition(" //")[0] for line in configuration.splitlines() if not line.startswith("import outputs")]
    assert all(line in written for line in said if not line.startswith("import"))
    config = (PAGE / "codegen.ts").read_text()
    assert recipe.replace('"docs/', '"../../docs/').partition("\n")[2].strip() == config.strip()
