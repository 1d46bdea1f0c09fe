"""Each room imports what it may and no more; see the rooms in README.md."""

import ast
import importlib
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = {"schema", "resolvers", "workers", "studio", "infra", "local", "tests"}
LAMBDA_ROOMS = {"studio", "resolvers", "workers"}

# By how a file's path begins, the longest first: which parts of the project it may import.
MAY_IMPORT = {
    # Operators' commands: they ask the studio's own rules whether a stack's ledger and images are right.
    "local/ledger_check.py": {"local", "infra", "studio"},
    "local/orphans.py": {"local", "infra", "studio"},
    "local/retirements.py": {"local", "infra", "studio"},
    "local/browsers.py": set(),
    "local/loopback.py": {"local.browsers"},
    "local/turns.py": set(),
    "local/appsync/": {"local.appsync", "local.loopback", "local.turns"},
    "local/models/": {"local.models", "local.loopback"},
    "local/": {"local", "infra"},
    "infra/": {"infra", "studio.settings"},
    "schema/": {"schema", "studio"},
    "resolvers/": {"resolvers", "studio"},
    "workers/": {"workers", "studio"},
    "studio/": {"studio"},
}

# The studio's areas, bottom up: each may import those before it. What lies in none of them is the base of all.
AREAS = (
    *("settings", "printing", "audit", "requests", "ledger", "people", "media", "rates", "images", "documents"),
    *("catalogue", "jobs", "provenance", "boards", "albums", "payments", "orders", "mail", "accounts", "checks"),
)

# What a zip holds beside our own code (its pinned group), and what the Lambda runtime brings.
RUNTIME = {"boto3", "botocore", "urllib3"}
LIBRARIES = {
    "studio/payments/providers/stripe/checkout.py": RUNTIME | {"stripe"},
    "studio/payments/providers/stripe/refunds.py": RUNTIME | {"stripe"},
    "studio/payments/providers/stripe/webhook.py": RUNTIME | {"stripe"},
    "studio": RUNTIME | {"aws_lambda_powertools"},
    "resolvers/streams/boards.py": RUNTIME | {"aws_lambda_powertools", "firebase_admin", "google"},
    "resolvers": RUNTIME | {"aws_lambda_powertools"},
    "workers/documents/font.py": RUNTIME | {"fontpkg_be_vietnam_pro", "uharfbuzz"},
    "workers/documents/text.py": RUNTIME | {"uharfbuzz"},
    "workers/documents/pdf/fonts.py": RUNTIME | {"uharfbuzz"},
    "workers/documents/lettering.py": RUNTIME | {"PIL", "uharfbuzz"},
    "workers/credentials/c2pa_context.py": RUNTIME | {"c2pa"},
    "workers/credentials/reading.py": RUNTIME | {"c2pa"},
    "workers/credentials/signer.py": RUNTIME | {"c2pa"},
    "workers/credentials/label.py": RUNTIME | {"PIL", "fontpkg_be_vietnam_pro"},
    "workers": RUNTIME | {"aws_lambda_powertools", "google", "httpx", "PIL", "playwright", "requests", "tenacity"},
}


@dataclass(frozen=True)
class Import:
    module: str
    line: int
    for_types_only: bool

    @property
    def top(self) -> str:
        return self.module.partition(".")[0]


def python_files(*rooms: str) -> list[str]:
    found = [path.relative_to(ROOT) for room in rooms for path in (ROOT / room).rglob("*.py")]
    return sorted(str(path) for path in found if "node_modules" not in path.parts)


@cache
def tree(path: str) -> ast.Module:
    return ast.parse((ROOT / path).read_text())


@cache
def imports(path: str) -> Sequence[Import]:
    return [found for node in tree(path).body for found in _imports(node, path, for_types_only=False)]


def _imports(node: ast.AST, path: str, *, for_types_only: bool) -> Iterator[Import]:
    match node:
        case ast.Import(names=names):
            yield from (Import(name.name, node.lineno, for_types_only) for name in names)
        case ast.ImportFrom():
            yield Import(_origin(node, path), node.lineno, for_types_only)
        case _:
            typing = for_types_only or (isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING")
            for child in ast.iter_child_nodes(node):
                yield from _imports(child, path, for_types_only=typing)


def _origin(node: ast.ImportFrom, path: str) -> str:
    above = Path(path).parts[: -node.level] if node.level else ()
    return ".".join([*above, *([node.module] if node.module else [])])


def allowed(path: str) -> set[str]:
    return next(may for place, may in MAY_IMPORT.items() if path.startswith(place))


def within(module: str, parts: set[str]) -> bool:
    return any(module == part or module.startswith(f"{part}.") for part in parts)


def trespasses(path: str, found: Sequence[Import]) -> list[str]:
    ours = [each for each in found if each.top in ROOMS]
    return [f"{path}:{each.line} imports {each.module}" for each in ours if not within(each.module, allowed(path))]


def strangers(path: str, found: Sequence[Import]) -> list[str]:
    """Return a Lambda file's imports which would fail in its zip."""
    here = LIBRARIES.get(path, LIBRARIES[path.partition("/")[0]]) | ROOMS | sys.stdlib_module_names
    return [f"{path}:{e.line} imports {e.module}" for e in found if e.top not in here and not e.for_types_only]


def test_a_file_imports_only_from_the_rooms_it_may() -> None:
    paths = python_files(*(ROOMS - {"tests"}))
    assert len(paths) > 700
    assert [each for path in paths for each in trespasses(path, imports(path))] == []


def height(module: str) -> int:
    """Return how high in the studio a module stands: 0 is the base."""
    area = module.split(".")[1] if module.count(".") else ""
    return AREAS.index(area) + 1 if area in AREAS else 0


def climbs(path: str, found: Sequence[Import]) -> list[str]:
    here = height(path.removesuffix(".py").replace("/", "."))
    ours = [each for each in found if each.top == "studio"]
    return [f"{path}:{each.line} imports {each.module}, above it" for each in ours if height(each.module) > here]


def test_an_area_imports_only_what_lies_below_it() -> None:
    assert [each for path in python_files("studio") for each in climbs(path, imports(path))] == []


def test_every_area_has_its_place() -> None:
    assert {path.parent.name for path in (ROOT / "studio").glob("*/__init__.py")} == set(AREAS)


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("studio/people/a.py", "from studio.jobs.model import Job"),
        ("studio/ledger/a.py", "import studio.people.table"),
        ("studio/clock.py", "def f():\n    from studio.audit import model"),
    ],
)
def test_a_climb_is_seen(path: str, code: str) -> None:
    found = [each for node in ast.parse(code).body for each in _imports(node, path, for_types_only=False)]
    assert len(climbs(path, found)) == 1


def test_lambda_code_imports_only_what_its_zip_holds() -> None:
    assert [each for path in python_files(*LAMBDA_ROOMS) for each in strangers(path, imports(path))] == []


def test_only_the_settings_read_the_environment() -> None:
    reading = {"environ", "environb", "getenv", "getenvb"}
    assert [
        f"{path}: {name}"
        for path in sorted({*python_files(*LAMBDA_ROOMS)} - {"studio/settings/environment.py"})
        for node in ast.walk(tree(path))
        for name in _names(node)
        if name in reading
    ] == []


def _names(node: ast.AST) -> list[str]:
    match node:
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return [name]
        case ast.ImportFrom(module="os", names=names):
            return [name.name for name in names]
        case _:
            return []


@pytest.mark.parametrize("path", python_files("schema"))
def test_the_schema_takes_only_enums_from_the_studio(path: str) -> None:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("studio"):
            module = importlib.import_module(node.module or "")
            assert all(issubclass(getattr(module, name.name), Enum) for name in node.names)


@pytest.mark.parametrize(
    ("path", "code", "seen"),
    [
        ("studio/a.py", "import resolvers.fields.jobs", "resolvers.fields.jobs"),
        ("resolvers/a.py", "def f():\n    from infra import stages", "infra"),
        ("workers/a.py", "from schema.jobs import Job", "schema.jobs"),
        ("local/appsync/a.py", "from local import stack", "local"),
        ("local/appsync/a.py", "from ..models import draw", "local.models"),
        ("resolvers/a.py", "if TYPE_CHECKING:\n    from workers import vertex", "workers"),
    ],
)
def test_a_trespass_is_seen(path: str, code: str, seen: str) -> None:
    found = [each for node in ast.parse(code).body for each in _imports(node, path, for_types_only=False)]
    assert [each.module for each in found if each.top in ROOMS] == [seen]
    assert len(trespasses(path, found)) == 1


def test_no_unit_test_starts_the_cdk() -> None:
    """Every worker that collects it would start one, with a Node beside it."""
    starts = re.compile(r"^\s*(?:from|import) (?:aws_cdk|infra\.(?:app|constructs|stacks|watching))\b", re.MULTILINE)
    assert [
        path for path in python_files("tests") if "/unit/" in path and starts.search((ROOT / path).read_text())
    ] == []


@pytest.mark.parametrize("code", ["import strawberry", "try:\n    import numpy\nfinally: ...", "import types_boto3_s3"])
def test_a_stranger_is_seen(code: str) -> None:
    found = [each for node in ast.parse(code).body for each in _imports(node, "studio/a.py", for_types_only=False)]
    assert len(strangers("studio/a.py", found)) == 1
