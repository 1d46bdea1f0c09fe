"""What the function of a root field takes is what the schema says of the field's arguments."""

import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import Any, get_type_hints

import pytest
from graphql import GraphQLEnumType, GraphQLList, GraphQLNamedType, GraphQLNonNull, GraphQLObjectType

from resolvers.fields.graphql import Fields
from schema.inputs import SCALARS
from studio import inputs
from tests.sdl import committed
from tests.unit.payments.test_fields import ENVIRONMENT as PAYMENTS
from tests.unit.resolvers.conftest import Load
from tests.unit.resolvers.test_people import MODULES

PYTHON = {"bool": bool, "float": float, "int": int, "str": str}
# What these take is brought by the object that they are of, not by a client.
BROUGHT = {"Order.downloads"}
REQUIRED = inspect.Parameter.empty


def python(type_: Any) -> Any:
    if isinstance(type_, GraphQLNonNull):
        return named(type_.of_type)
    return named(type_) | None


def named(type_: Any) -> Any:
    if isinstance(type_, GraphQLList):
        return Sequence[python(type_.of_type)]
    assert isinstance(type_, GraphQLNamedType)
    if isinstance(type_, GraphQLEnumType):
        return str
    return PYTHON[SCALARS[type_.name]] if type_.name in SCALARS else getattr(inputs, type_.name)


def declared(field: str) -> Mapping[str, Any]:
    """Return a field's arguments by the schema, each with its type and what it is where it is left out."""
    root, name = field.split(".")
    type_ = committed().type_map[root]
    assert isinstance(type_, GraphQLObjectType)
    args = type_.fields[name].args.items()
    return {name: (python(a.type), REQUIRED if isinstance(a.type, GraphQLNonNull) else None) for name, a in args}


def taken(function: Callable[..., Any]) -> Mapping[str, Any]:
    types = get_type_hints(function, localns=vars(inputs))
    return {name: (types[name], p.default) for name, p in inspect.signature(function).parameters.items()}


@pytest.fixture
def functions(load: Load, monkeypatch: pytest.MonkeyPatch) -> Mapping[str, Callable[..., Any]]:
    found: dict[str, Callable[..., Any]] = {}
    resolver = Fields.resolver

    def noted(fields: Fields, **given: Any) -> Any:
        def register(function: Callable[..., Any]) -> Callable[..., Any]:
            found[f"{given['type_name']}.{given['field_name']}"] = function
            return resolver(fields, **given)(function)

        return register

    monkeypatch.setattr(Fields, "resolver", noted)
    for module in {*MODULES.values()}:
        load(module, **PAYMENTS)
    return found


def test_a_function_takes_what_the_schema_says(functions: Mapping[str, Callable[..., Any]]) -> None:
    assert set(functions) == set(MODULES)
    asked = {name: each for name, each in functions.items() if name not in BROUGHT}
    assert {name: taken(each) for name, each in asked.items()} == {name: declared(name) for name in asked}


def renamed(job: str) -> None: ...
def optional(id: str | None) -> None: ...  # noqa: A002
def left_out(id: str = "") -> None: ...  # noqa: A002
def another(id: int) -> None: ...  # noqa: A002
def more(id: str, limit: int | None = None) -> None: ...  # noqa: A002
def fewer() -> None: ...


@pytest.mark.parametrize("function", [renamed, optional, left_out, another, more, fewer])
def test_a_difference_is_seen(function: Callable[..., Any]) -> None:
    assert taken(function) != declared("Query.job")
