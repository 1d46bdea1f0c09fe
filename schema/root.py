"""The schema of every area's root fields. AppSync resolves them; there they are declared, so their bodies are empty."""

import strawberry
from strawberry.schema.config import StrawberryConfig
from strawberry.tools import merge_types

from schema.fields import albums, jobs, media, orders, payments, people
from schema.scalars import SCALARS

_AREAS = (jobs, media, albums, people, payments, orders)

schema = strawberry.Schema(
    query=merge_types("Query", tuple(area.Queries for area in _AREAS)),
    mutation=merge_types("Mutation", tuple(area.Mutations for area in _AREAS)),
    subscription=merge_types("Subscription", tuple(area.Subscriptions for area in _AREAS)),
    config=StrawberryConfig(scalar_map=SCALARS),
)
