"""Who is calling, and what is kept of a person."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Role(StrEnum):
    """What a person may do; ADMIN is Cognito's group `admin`."""

    USER = "USER"
    ADMIN = "ADMIN"

    @classmethod
    def of(cls, groups: list[str]) -> "Role":
        return cls.ADMIN if "admin" in groups else cls.USER


@dataclass(frozen=True)
class Caller:
    """A signed-in user, as the verified token says: the Cognito `sub` and the role."""

    sub: str
    role: Role

    @property
    def is_admin(self) -> bool:
        return self.role == Role.ADMIN


@dataclass(frozen=True)
class Person:
    """A person's row. `points` is the balance, `moves` how many ledger lines made it.

    `closed_until` (milliseconds since the epoch) is when generation opens again after too many blocked images;
    `blocks` are the times of those of the last hour.
    """

    id: str
    email: str
    name: str | None
    role: Role
    points: int
    moves: int
    disabled: bool
    created_at: str
    closed_until: int = 0
    blocks: tuple[int, ...] = ()

    def item(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "email": self.email,
            "name": self.name,
            "role": self.role,
            "points": self.points,
            "moves": self.moves,
            "disabled": self.disabled,
            "createdAt": self.created_at,
            "closedUntil": self.closed_until,
            "blocks": list(self.blocks),
        }

    @classmethod
    def from_item(cls, item: Mapping[str, Any]) -> "Person":
        return cls(
            id=item["id"],
            email=item["email"],
            name=item.get("name"),
            role=Role(item["role"]),
            points=item["points"],
            moves=item["moves"],
            disabled=item["disabled"],
            created_at=item["createdAt"],
            closed_until=item["closedUntil"],
            blocks=tuple(item["blocks"]),
        )
