"""Each area turns its rows into what they mean, and back, in one file: `item.py`."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# DynamoDB's own notation, {"S": "text"}, and what turns plain values into it.
NOTATION = {"S", "N", "B", "M", "L", "BOOL", "NULL", "SS", "NS", "BS"}
BASE = {"studio/dynamo.py"}


def files() -> list[str]:
    found = [path for room in ("studio", "resolvers") for path in (ROOT / room).rglob("*.py")]
    return sorted(str(path.relative_to(ROOT)) for path in found)


def conversions(path: str, code: str) -> list[str]:
    """Return the conversions that a file has and should not."""
    return [] if path in BASE or Path(path).name == "item.py" else sorted(_conversions(ast.parse(code)))


def _conversions(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef(name=name) if name in {"item", "item_of"} or name.endswith(("from_item", "to_item")):
                yield name
            case ast.Dict(keys=[ast.Constant(value=key)]) if key in NOTATION:
                yield f"{{{key!r}: …}}"
            case _:
                pass


def reaches(path: str, code: str) -> list[str]:
    """Return what a model imports of the tables."""
    if Path(path).name != "model.py":
        return []
    modules = [node.module or "" for node in ast.walk(ast.parse(code)) if isinstance(node, ast.ImportFrom)]
    names = [f"{module}.{name}" for module, name in _names(code)]
    below = {"studio.dynamo", "studio.rows"}
    return sorted({each for each in (*modules, *names) if each in below or each.endswith((".item", ".table"))})


def _names(code: str) -> list[tuple[str, str]]:
    found = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.ImportFrom)]
    return [(node.module or "", name.name) for node in found for name in node.names]


def test_a_row_is_read_and_written_by_its_areas_item() -> None:
    codes = {path: (ROOT / path).read_text() for path in files()}
    assert len(codes) > 300
    assert {path: found for path, code in codes.items() if (found := conversions(path, code))} == {}
    assert {path: found for path, code in codes.items() if (found := reaches(path, code))} == {}


@pytest.mark.parametrize(
    "code",
    [
        "class A:\n    @classmethod\n    def from_item(cls, item): ...",
        "class A:\n    def item(self): ...",
        "def job_to_item(job): ...",
        "key = {'id': {'S': '1'}}",
    ],
)
def test_a_conversion_elsewhere_is_seen(code: str) -> None:
    assert len(conversions("studio/jobs/model.py", code)) == 1
    assert conversions("studio/jobs/item.py", code) == []


@pytest.mark.parametrize(
    "code", ["from studio import rows", "from studio.dynamo import Item", "from studio.jobs.item import OPEN"]
)
def test_a_model_that_knows_its_table_is_seen(code: str) -> None:
    assert reaches("studio/jobs/model.py", code) != []
    assert reaches("studio/jobs/table.py", code) == []
