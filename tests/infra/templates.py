"""A stage's synthesized templates, and questions to ask of them."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

Json = dict[str, Any]
STACKS = ("data", "auth", "payments", "api", "jobs")


@dataclass(frozen=True)
class Resource:
    """One resource of one stack."""

    stack: str
    id: str
    type: str
    body: Json

    @property
    def properties(self) -> Json:
        return self.body.get("Properties", {})


@dataclass(frozen=True)
class Templates:
    """All templates of one stage."""

    stage: str
    folder: Path

    @cached_property
    def by_stack(self) -> dict[str, Json]:
        return {name: json.loads(self.path(name).read_text()) for name in STACKS}

    def path(self, stack: str) -> Path:
        return self.folder / f"namo-{self.stage}-{stack}.template.json"

    def of(self, *types: str) -> list[Resource]:
        """Return the resources of these CloudFormation types."""
        return [resource for resource in self.resources if resource.type in types]

    def one(self, type_: str, **properties: Any) -> Resource:
        """Return the only resource of a type with these properties."""
        found = [r for r in self.of(type_) if all(r.properties.get(k) == v for k, v in properties.items())]
        assert len(found) == 1, f"{len(found)} of {type_} with {properties}"
        return found[0]

    @cached_property
    def resources(self) -> list[Resource]:
        return [
            Resource(stack, id_, body["Type"], body)
            for stack, template in self.by_stack.items()
            for id_, body in template["Resources"].items()
        ]

    @cached_property
    def functions(self) -> dict[str, Json]:
        """Properties of our functions, by their short names."""
        return {
            resource.properties["FunctionName"].removeprefix(f"namo-{self.stage}-"): resource.properties
            for resource in self.of("AWS::Lambda::Function")
        }

    @cached_property
    def tables(self) -> dict[str, Json]:
        """Properties of the tables, by their logical names."""
        return {logical(resource.id): resource.properties for resource in self.of("AWS::DynamoDB::Table")}

    @cached_property
    def exports(self) -> dict[str, Any]:
        outputs = (output for template in self.by_stack.values() for output in template.get("Outputs", {}).values())
        return {output["Export"]["Name"]: output["Value"] for output in outputs if "Export" in output}

    def text(self, value: Any) -> str:
        """Return a value as text: imports followed to their source, references in angle brackets, hashes cut off."""
        if isinstance(value, str):
            return value
        (function, argument), *_ = value.items()
        match function:
            case "Fn::Join":
                return argument[0].join(self.text(part) for part in argument[1])
            case "Fn::ImportValue":
                return self.text(self.exports[argument])
            case "Fn::GetAtt":
                return f"<{logical(argument[0])}.{argument[1]}>"
            case "Ref":
                return f"<{logical(argument)}>"
            case _:
                raise AssertionError(value)

    def statements(self, role: str) -> Iterator[Json]:
        """Yield the statements of every policy of a role, named by its resource's id."""
        for policy in self.of("AWS::IAM::Policy"):
            if f"<{logical(role)}>" in {self.text(each) for each in policy.properties["Roles"]}:
                yield from policy.properties["PolicyDocument"]["Statement"]

    def rights(self, role: str) -> set[tuple[str, str]]:
        """Return a role's rights as pairs of action and resource."""
        return {
            (action, self.text(resource))
            for statement in self.statements(role)
            for action in listed(statement["Action"])
            for resource in listed(statement["Resource"])
        }

    def role_of(self, function: str) -> str:
        return self.functions[function]["Role"]["Fn::GetAtt"][0]


def listed(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list) else [value]


def logical(id_: str) -> str:
    """Cut the CDK's eight hexadecimal digits off a logical id."""
    head, tail = id_[:-8], id_[-8:]
    return head if head and all(c in "0123456789ABCDEF" for c in tail) else id_
