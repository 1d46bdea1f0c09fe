"""The words agree with the code, and lead where they say."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from graphql import FieldNode, OperationDefinitionNode, build_schema, parse, print_ast, validate

from studio.alarms import Alarm
from studio.errors import ErrorType
from tests.sdl import committed

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("examples/*.md"), *(ROOT / "docs").rglob("*.md")])
RECORDS = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))
LINK = re.compile(r"\]\((?!https?://)([^)#]*)(?:#([^)]*))?\)")
EXAMPLE = re.compile(r"^```graphql\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"\bmake ([a-z-]+)\b")
PATH = re.compile(r"`((?:tests|studio|resolvers|workers|infra|local|schema|docs)/[\w./-]*)(?:::(\w+))?`")


def anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.*)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_every_error_type_is_explained_and_no_other() -> None:
    table = (ROOT / "docs" / "errors.md").read_text().split("## AppSync's")[0]
    assert sorted(re.findall(r"^\| ([A-Z_]+) \|", table, re.MULTILINE)) == sorted(ErrorType)


def refusals() -> Iterator[tuple[str, str]]:
    """Each fact that some refusal is given, with the refusal's type."""
    for path in (each for room in ("studio", "resolvers") for each in (ROOT / room).rglob("*.py")):
        for call in (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)):
            if isinstance(call.func, ast.Name) and call.func.id == "StudioError" and call.keywords:
                assert isinstance(call.args[0], ast.Attribute)
                # What is unpacked is of `limit_of_name`.
                yield from ((keyword.arg or "max", call.args[0].attr) for keyword in call.keywords)


def test_every_fact_of_a_refusal_is_listed_with_its_type() -> None:
    table = (ROOT / "docs" / "errors.md").read_text().split("| fact | of |")[1].split("\n\n")[0]
    rows = [line for line in table.splitlines() if line.startswith("| `")]
    given = {*refusals()}
    assert len(given) > 30
    for fact, type_ in given:
        name = "TOO_MANY_" if type_.startswith("TOO_MANY_") else type_
        assert any(f"`{fact}`" in row and name in row for row in rows), (fact, type_)


def test_what_to_do_about_every_alarm_is_said() -> None:
    table = (ROOT / "docs" / "operations.md").read_text().split("## Alarms")[1].split("\n## ")[0]
    assert sorted(re.findall(r"^\| ([A-Z_]+) \|", table, re.MULTILINE)) == sorted(Alarm)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    for target, anchor in LINK.findall(page.read_text()):
        there = page.parent / target if target else page
        assert there.exists(), target
        assert not anchor or anchor in anchors(there), f"{target}#{anchor}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_files_and_tests_that_are_named_exist(page: Path) -> None:
    for name, test in PATH.findall(page.read_text()):
        assert (ROOT / name).exists(), name
        assert not test or f"def {test}(" in (ROOT / name).read_text(), f"{name}::{test}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_examples_are_what_the_schema_takes(page: Path) -> None:
    for example in EXAMPLE.findall(page.read_text()):
        assert validate(committed(), parse(example)) == []


def test_code_generators_are_told_all_that_appsync_defines_itself() -> None:
    docs = ROOT / "docs"
    whole = build_schema((docs / "schema.graphql").read_text() + (docs / "aws.graphql").read_text())
    assert set(whole.type_map) == set(committed().type_map) - {"ShutOut"}, "which no client can ask for"
    recipe = (docs / "frontend.md").read_text()
    used = set(re.findall(r"\bAWS[A-Z]\w+", (docs / "schema.graphql").read_text()))
    assert all(f"{scalar}: " in recipe for scalar in used)


def test_the_explorers_examples_are_what_the_schema_takes() -> None:
    for example in json.loads((ROOT / "local/examples.json").read_text()):
        assert validate(committed(), parse(example["query"])) == []


def test_the_explorers_examples_read_well_and_the_first_needs_no_sign_in() -> None:
    examples = [each["query"] for each in json.loads((ROOT / "local/examples.json").read_text())]
    assert examples == [print_ast(parse(each)) for each in examples]  # a field to a line
    query = committed().query_type
    assert query
    operation = parse(examples[0]).definitions[0]
    assert isinstance(operation, OperationDefinitionNode)
    for field in operation.selection_set.selections:
        assert isinstance(field, FieldNode)
        node = query.fields[field.name.value].ast_node
        assert node
        assert "aws_api_key" in {each.name.value for each in node.directives or ()}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_commands_that_are_named_exist(page: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    code = "\n".join(re.findall(r"`+[^`]+`+", page.read_text()))
    assert set(COMMAND.findall(code)) <= targets


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.stem)
def test_a_decision_is_dated_listed_and_kept_by_a_check(record: Path) -> None:
    text = record.read_text()
    assert re.search(r"^\d{4}-\d{2}-\d{2}$", text, re.MULTILINE)
    assert "**Kept by** " in text
    assert f"({record.name})" in (record.parent / "README.md").read_text()
