"""Who calls."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .api import Mode


@dataclass(frozen=True)
class Caller:
    """An authenticated caller: the mode they came by and what resolvers learn of them."""

    mode: Mode
    identity: Mapping[str, Any] | None = None
    groups: frozenset[str] = frozenset()
    expires: float | None = None
    """When the credentials end (epoch seconds); ``None`` where they carry no end."""
    permits: Callable[[str, str], Awaitable[bool]] | None = None
    """For IAM: whether the caller's policies allow this type and field."""
    denied: frozenset[tuple[str, str]] = field(default_factory=frozenset[tuple[str, str]])
    """Fields that a Lambda authorizer took away."""
