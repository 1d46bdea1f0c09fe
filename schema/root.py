"""The schema of every area's root fields. AppSync resolves them; there they are declared, so their bodies are empty."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

import strawberry
from strawberry.schema.config import StrawberryConfig
from strawberry.tools import merge_types

from schema.fields import albums, jobs, media, orders, payments, people
from schema.scalars import SCALARS

if TYPE_CHECKING:
    from strawberry.types.base import StrawberryObjectDefinition

_AREAS = (jobs, media, albums, people, payments, orders)


def _root(name: str, parts: Iterable[type], description: str) -> type:
    root = merge_types(name, tuple(parts))
    definition: StrawberryObjectDefinition = getattr(root, "__strawberry_definition__")  # noqa: B009 - of any such type
    definition.description = description
    return root


schema = strawberry.Schema(
    query=_root("Query", (area.Queries for area in _AREAS), "What can be read."),
    mutation=_root("Mutation", (area.Mutations for area in _AREAS), "What can be done."),
    subscription=_root("Subscription", (area.Subscriptions for area in _AREAS), "What can be followed as it changes."),
    config=StrawberryConfig(scalar_map=SCALARS),
)
