"""The deployed SDL as schemas that can be executed."""

from collections.abc import Awaitable, Callable
from typing import Any, Protocol

from graphql import (
    DirectiveDefinitionNode,
    DocumentNode,
    GraphQLObjectType,
    GraphQLResolveInfo,
    GraphQLSchema,
    InputValueDefinitionNode,
    NonNullTypeNode,
    ScalarTypeDefinitionNode,
    Visitor,
    build_ast_schema,
    parse,
    visit,
)

from .api import Api, Resolver
from .directives import DIRECTIVE_DEFINITIONS, Rules, read_rules
from .scalars import SCALAR_DEFINITIONS, install_scalars

Info = GraphQLResolveInfo[Any]


class Execution(Protocol):
    """What a field needs of the request it is resolved for."""

    @property
    def watched(self) -> bool:
        """Whether some field of this request is refused or too deep."""
        ...

    @property
    def projecting(self) -> bool:
        """Whether values are read from an event instead of being resolved."""
        ...

    def check(self, info: Info) -> None:
        """Raise for a field that this request may not have."""
        ...

    def resolve(self, resolver: Resolver, source: Any, info: Info, arguments: dict[str, Any]) -> Awaitable[Any]: ...


class Deployed:
    """An API with its schemas: ``public`` is what clients see, ``executable`` the same without default values.

    AppSync accepts default values and does not pass them to resolvers, so what executes must not know them.
    """

    def __init__(self, api: Api) -> None:
        document = _with_definitions(api.sdl)
        self.api = api
        self.rules: Rules = read_rules(document, None if api.default.denies else api.default.mode)
        self.public = _build(document)
        if api.descriptions:
            _describe(self.public, _build(_with_definitions(api.descriptions)))
        self.executable = _build(visit(document, _WithoutDefaults()))
        for schema in (self.public, self.executable):
            _attach(schema, api)


def _with_definitions(sdl: str) -> DocumentNode:
    document = parse(sdl)
    defined = {
        node.name.value
        for node in document.definitions
        if isinstance(node, (ScalarTypeDefinitionNode, DirectiveDefinitionNode))
    }
    ours = parse("\n".join([SCALAR_DEFINITIONS, *DIRECTIVE_DEFINITIONS.values()]))
    missing = [node for node in ours.definitions if getattr(node, "name").value not in defined]  # noqa: B009
    return DocumentNode(definitions=(*missing, *document.definitions))


class _WithoutDefaults(Visitor):
    @staticmethod
    def enter_input_value_definition(node: InputValueDefinitionNode, *_: Any) -> Any:
        if node.default_value is None:
            return None
        of_type = node.type.type if isinstance(node.type, NonNullTypeNode) else node.type
        return InputValueDefinitionNode(name=node.name, type=of_type, directives=node.directives)


def _build(document: DocumentNode) -> GraphQLSchema:
    schema = build_ast_schema(document, assume_valid_sdl=True)
    install_scalars(schema)
    return schema


def _describe(schema: GraphQLSchema, described: GraphQLSchema) -> None:
    for name, type_ in schema.type_map.items():
        if not name.startswith("__") and (found := described.type_map.get(name)):
            _take_over(type_, found)


def _take_over(part: Any, described: Any) -> None:
    """Take over the description of a type, a field, an argument or a value, and those within it."""
    part.description = part.description or described.description
    for within in ("fields", "args", "values"):
        parts, found = getattr(part, within, None) or {}, getattr(described, within, None) or {}
        for name in parts.keys() & found.keys():
            _take_over(parts[name], found[name])


def _attach(schema: GraphQLSchema, api: Api) -> None:
    for named in schema.type_map.values():
        if isinstance(named, GraphQLObjectType) and not named.name.startswith("__"):
            for name, field in named.fields.items():
                resolver = api.resolvers.get((named.name, name))
                field.resolve = _plain(name) if resolver is None else _resolved(resolver)


def _read(source: Any, name: str) -> Any:
    return source.get(name) if isinstance(source, dict) else None


def _plain(name: str) -> Callable[..., Any]:
    def resolve(source: Any, info: Info, /, **_: Any) -> Any:
        execution: Execution = info.context
        if execution.watched:
            execution.check(info)
        return _read(source, name)

    return resolve


def _resolved(resolver: Resolver) -> Callable[..., Any]:
    def resolve(source: Any, info: Info, /, **arguments: Any) -> Any:
        execution: Execution = info.context
        if execution.watched:
            execution.check(info)
        if execution.projecting:
            return _read(source, resolver.field_name)
        return execution.resolve(resolver, source, info, arguments)

    return resolve
