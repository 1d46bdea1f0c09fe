"""What each function's role could do if it were taken over, read from the templates.

`python -m tests.infra.roles` writes the tables of docs/roles.md anew from the stage prod.
"""

import re
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from infra.app import build
from infra.functions import ALL
from tests.infra.templates import Json, Templates, listed
from tests.stages import stage_named

PAGE = Path(__file__).parents[2] / "docs/roles.md"
_BEGIN, _END = "<!-- from the templates -->\n", "<!-- to here -->\n"
_NONE = "\N{EN DASH}"
# Every step names these, so they say nothing of what a role is for.
_COMMON = {"id", "status", "version", "updatedAt", "history"}


@dataclass(frozen=True)
class Role:
    """One function's role."""

    templates: Templates
    function: str

    @property
    def statements(self) -> Iterator[Json]:
        yield from self.templates.statements(self.templates.role_of(self.function))

    def on(self, resource: str, *actions: str) -> list[Json]:
        """Return the statements that allow one of these actions on a resource."""
        return [each for each in self._of(resource) if set(actions) & set(listed(each["Action"]))]

    def touches(self, resource: str) -> bool:
        """Tell whether the role may do anything at all with a resource."""
        return any(self._of(resource))

    def _of(self, resource: str) -> Iterator[Json]:
        for each in self.statements:
            if any(re.fullmatch(resource, self.templates.text(what)) for what in listed(each["Resource"])):
                yield each

    def changes(self, table: str) -> set[str] | None:
        """Return the attributes of a table's rows that the role may change; None is every one of them."""
        if self.on(f"<{table}.Arn>", "dynamodb:PutItem"):
            return None
        held = [each.get("Condition", {}) for each in self.on(f"<{table}.Arn>", "dynamodb:UpdateItem")]
        if any("ForAllValues:StringEquals" not in each for each in held):
            return None
        return {name for each in held for name in each["ForAllValues:StringEquals"]["dynamodb:Attributes"]}

    @property
    def moves_points(self) -> bool:
        changed = self.changes("People")
        return changed is None or "points" in changed

    def adds_to(self, table: str) -> bool:
        return bool(self.on(f"<{table}.Arn>", "dynamodb:PutItem"))

    def objects(self, action: str) -> list[str]:
        """Return the prefixes of the media bucket that the role may act on."""
        found = {
            self.templates.text(what).removeprefix("<Media.Arn>/").removesuffix("/*")
            for each in self.on(r"<Media\.Arn>/.*", action)
            for what in listed(each["Resource"])
        }
        return sorted(each for each in found if not each.startswith("<"))

    @property
    def secrets(self) -> list[str]:
        named = (
            self.templates.text(what)
            for each in self.statements
            if "secretsmanager:GetSecretValue" in listed(each["Action"])
            for what in listed(each["Resource"])
        )
        return sorted(each.rpartition("/")[2].removesuffix("-??????") for each in named)


def callers(templates: Templates, function: str) -> list[str]:
    """Return who sets a function off."""
    arn = f"<{next(spec.id for spec in ALL if spec.name == function)}Function.Arn>"
    kinds: dict[str, Callable[[], Iterator[object]]] = {
        "clients, by GraphQL": lambda: _of(templates, "AWS::AppSync::DataSource"),
        "anybody, by HTTP": lambda: _of(templates, "AWS::ApiGatewayV2::Integration"),
        "Cognito": lambda: _of(templates, "AWS::Cognito::UserPool", "LambdaConfig"),
        "the clock, or S3": lambda: _of(templates, "AWS::Events::Rule", "Targets"),
        "SNS": lambda: _of(templates, "AWS::SNS::Subscription"),
        "a stream or a queue": lambda: _of(templates, "AWS::Lambda::EventSourceMapping"),
    }
    name = arn.replace("Function.Arn", "Function")
    found = [kind for kind, parts in kinds.items() if any({arn, name} & set(_texts(templates, p)) for p in parts())]
    return found or ["other functions"]


def _of(templates: Templates, type_: str, part: str | None = None) -> Iterator[object]:
    for resource in templates.of(type_):
        yield resource.properties.get(part, {}) if part else resource.properties


def _texts(templates: Templates, part: object) -> Iterator[str]:
    """Yield the references in a part of a template, functions named in an ARN too."""
    if isinstance(part, dict):
        if len(part) == 1 and next(iter(part)) in {"Fn::GetAtt", "Ref", "Fn::ImportValue"}:
            yield templates.text(part)
        for each in part.values():
            yield from _texts(templates, each)
    elif isinstance(part, list):
        for each in part:
            yield from _texts(templates, each)


def tables(templates: Templates) -> str:
    """Return the page's two tables."""
    roles = [Role(templates, spec.name) for spec in ALL]
    columns = (
        "function",
        "called by",
        "could move points",
        "could add lines",
        "reads pictures",
        "stores and deletes",
        "secrets",
    )
    head = f"| {' | '.join(columns)} |\n{'|---' * len(columns)}|\n"
    rows = "".join(f"| {' | '.join(_row(templates, role))} |\n" for role in roles)
    held = "".join(f"| {role.function} | {_changed(role, 'Jobs')} | {_changed(role, 'People')} |\n" for role in roles)
    second = "| function | of a job's row | of a person's row |\n|---|---|---|\n"
    return f"{_BEGIN}\n{head}{rows}\n{second}{held}\n{_END}"


def _row(templates: Templates, role: Role) -> list[str]:
    lines = [name for table, name in (("Ledger", "ledger"), ("Audit", "audit")) if role.adds_to(table)]
    stored = sorted({*role.objects("s3:PutObject"), *role.objects("s3:DeleteObject")})
    return [
        role.function,
        ", ".join(callers(templates, role.function)),
        "yes" if role.moves_points else _NONE,
        ", ".join(lines) or _NONE,
        ", ".join(role.objects("s3:GetObject")) or _NONE,
        ", ".join(stored) or _NONE,
        ", ".join(role.secrets) or _NONE,
    ]


def _changed(role: Role, table: str) -> str:
    changed = role.changes(table)
    if changed is None:
        return "everything"
    return ", ".join(sorted(changed - _COMMON)) or _NONE


def written(page: str, found: str) -> str:
    """Return the page with these tables."""
    head, rest = page.split(_BEGIN)
    return head + found + rest.split(_END)[1]


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        build(stage_named("prod"), Path(folder))
        PAGE.write_text(written(PAGE.read_text(), tables(Templates("prod", Path(folder)))))


if __name__ == "__main__":
    main()
