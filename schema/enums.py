"""The studio's enums as enums of the schema: it is here that their values are described, not in Lambda's code."""

from enum import StrEnum
from typing import TYPE_CHECKING

import strawberry

if TYPE_CHECKING:
    from strawberry.types.enum import StrawberryEnumDefinition


def described(enum: type[StrEnum], description: str, **values: str) -> None:
    """Make an enum one of the schema, with what there is to know of it and of each of its values."""
    strawberry.enum(enum, description=description)
    definition: StrawberryEnumDefinition = getattr(enum, "__strawberry_definition__")  # noqa: B009 - set just now
    for value in definition.values:
        value.description = values[value.name]
