"""Inputs as Python's checker knows them: which keys a resolver may read, and what is there.

They are protocols, which the dict that AppSync sends fits as it is. Of a TypedDict a checker lets `.get` read any key.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from graphql import (
    DocumentNode,
    EnumTypeDefinitionNode,
    InputObjectTypeDefinitionNode,
    InputValueDefinitionNode,
    ListTypeNode,
    NamedTypeNode,
    NonNullTypeNode,
    TypeNode,
)

_HEAD = '''"""Printed from the types in schema/ by `python -m schema`: change those, not this.

What clients send, as AppSync has checked it. Only type checkers read it, so it costs no cold start.
"""

from collections.abc import Sequence
from typing import Literal, Protocol, overload'''
_WIDTH = 120
SCALARS = {
    "Boolean": "bool",
    "Float": "float",
    "Int": "int",
    **dict.fromkeys(("ID", "String", "AWSDate", "AWSDateTime", "AWSEmail", "AWSJSON", "AWSPhone", "AWSURL"), "str"),
}


class Python:
    """Python's names of the types of a document: an enum's value comes as its name, an input as its protocol."""

    def __init__(self, document: DocumentNode) -> None:
        self.inputs = [each for each in document.definitions if isinstance(each, InputObjectTypeDefinitionNode)]
        enums = [each.name.value for each in document.definitions if isinstance(each, EnumTypeDefinitionNode)]
        inputs = [each.name.value for each in self.inputs]
        self._names = {**SCALARS, **dict.fromkeys(enums, "str"), **{name: name for name in inputs}}

    def of(self, type_: TypeNode) -> str:
        if isinstance(type_, NonNullTypeNode):
            return self._needed(type_.type)
        return f"{self._needed(type_)} | None"

    def annotation(self, type_: str) -> str:
        """Quote a type that names an input, whose class may come further down."""
        named = {each.name.value for each in self.inputs} & set(re.findall(r"\w+", type_))
        return f'"{type_}"' if named else type_

    def _needed(self, type_: TypeNode) -> str:
        if isinstance(type_, ListTypeNode):
            return f"Sequence[{self.of(type_.type)}]"
        assert isinstance(type_, NamedTypeNode)
        return self._names[type_.name.value]


def printed(document: DocumentNode) -> str:
    """The inputs of a document as a module of Python."""
    python = Python(document)
    classes = ("\n".join(_class(each, python)) for each in sorted(python.inputs, key=lambda each: each.name.value))
    return "\n\n\n".join([_HEAD, *classes]) + "\n"


def _class(input_: InputObjectTypeDefinitionNode, python: Python) -> Iterator[str]:
    yield f"class {input_.name.value}(Protocol):"
    fields = input_.fields or ()
    needed = [each for each in fields if isinstance(each.type, NonNullTypeNode)]
    optional = [each for each in fields if each not in needed]
    if optional:
        yield _method("__contains__", [each.name.value for each in optional], "bool")
    yield from _readers("__getitem__", needed, python)
    yield from _readers("get", optional, python)


def _readers(method: str, fields: Iterable[InputValueDefinitionNode], python: Python) -> Iterator[str]:
    names: dict[str, list[str]] = {}
    for each in fields:
        names.setdefault(python.of(each.type), []).append(each.name.value)
    for type_, keys in names.items():
        if len(names) > 1:
            yield "    @overload"
        yield _method(method, keys, python.annotation(type_))


def _method(name: str, keys: Sequence[str], answer: str) -> str:
    key = f"key: Literal[{', '.join(map(_quoted, keys))}]"
    line = f"    def {name}(self, {key}, /) -> {answer}: ..."
    if len(line) <= _WIDTH:
        return line
    if len(f"        {key},") > _WIDTH:
        key = "key: Literal[\n" + "".join(f"            {_quoted(each)},\n" for each in keys) + "        ]"
    return f"    def {name}(\n        self,\n        {key},\n        /,\n    ) -> {answer}: ..."


def _quoted(key: str) -> str:
    return f'"{key}"'
