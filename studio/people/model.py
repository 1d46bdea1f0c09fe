"""Who is calling, and what is kept of a person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

# The one values of two sparse indexes' partition keys: of everybody who has not left, of whom Cognito is behind.
LISTED, UNSETTLED = "listed", "unsettled"
# No gift and no purchase takes a balance above this. What comes back (a refund, a dispute that was won) always fits:
# the rest up to GraphQL's largest Int, 2,147,483,647, is more than anybody can have under way at once.
MAX_BALANCE = 2_000_000_000


class Role(StrEnum):
    """What a person may do. A token says ADMIN by Cognito's group `admin`, which alone opens nothing."""

    USER = "USER"
    ADMIN = "ADMIN"

    @classmethod
    def of(cls, groups: list[str]) -> "Role":
        return cls.ADMIN if "admin" in groups else cls.USER


class Language(StrEnum):
    """In which language the studio writes to a person."""

    EN = "EN"
    VI = "VI"


class Aspect(StrEnum):
    """In what a row can be ahead of Cognito; TOKENS are those from before, which must not be renewed."""

    ROLE = "role"
    NAME = "name"
    ENABLED = "enabled"
    TOKENS = "tokens"


@dataclass(frozen=True)
class Caller:
    """A signed-in user, as the verified token says: the Cognito `sub` and the role; `ip` is where they ask from.

    `issued_at` is when the token was given, in milliseconds since the epoch.
    """

    sub: str
    role: Role
    ip: str | None = None
    issued_at: int = 0

    @property
    def is_admin(self) -> bool:
        return self.role == Role.ADMIN


@dataclass(frozen=True)
class AvatarFile:
    """One size of an avatar, in pixels and bytes."""

    content_type: str
    width: int
    height: int
    byte_size: int


@dataclass(frozen=True)
class Avatar:
    """The picture that somebody shows: copies of an upload, by size, which lie below an `id` of their own."""

    id: str
    upload: str
    files: Mapping[str, AvatarFile]


# What is counted of an hour, by the name of the attribute that keeps its times.
COUNTED = ("blocks", "cancels")


def _nothing_counted() -> Mapping[str, Sequence[int]]:
    return dict.fromkeys(COUNTED, ())


@dataclass(frozen=True)
class Person:
    """A person's row. `points` is the balance, `moves` how many ledger lines made it.

    `closed_until` (milliseconds since the epoch) is when generation opens again; `closed_by` is the name of what was
    too much, of which `counted` has the times of the last hour: blocked images, and those canceled while at work.
    `running` are jobs that were accepted: all that still run, and some that have ended since. Tokens given at
    `signed_out_at` (milliseconds, too) or before are worth nothing. `rev` grows with every change of who the person is;
    `ahead` names what Cognito has yet to follow in; while that is tokens, none at all is worth anything. `address` is
    the hash of the one that they came with. `mailing` says whether they want mail that is not about their money, and
    `unreachable` is an address of theirs that mail came back from, or whose owner complained: nothing is sent to it. Of
    somebody who has left the row stays, without an address and a name.
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
    closed_by: str | None = None
    counted: Mapping[str, Sequence[int]] = field(default_factory=_nothing_counted)
    running: frozenset[str] = frozenset()
    paying: frozenset[str] = frozenset()
    ordering: frozenset[str] = frozenset()
    rev: int = 0
    signed_out_at: int | None = None
    left_at: str | None = None
    ahead: tuple[str, ...] = ()
    address: str | None = None
    language: Language = Language.EN
    mailing: bool = True
    unreachable: str | None = None
    avatar: Avatar | None = None

    @property
    def version(self) -> int:
        """A number that grows with every change of what others are shown: of who they are, and of the balance."""
        return 1 + self.rev + self.moves

    def has_room(self, points: int) -> bool:
        """Tell whether the balance can take these points."""
        return self.points + points <= MAX_BALANCE


@dataclass(frozen=True)
class KnownAddress:
    """What is remembered of an address: who has it, or else what its last owner left behind on the `day` they went.

    `locked` are those who came with it, however they spelt it, and are disabled; `signed_out_at` is when an
    administrator last disabled or demoted one. `rev` grows with each such decision.
    """

    key: str
    owner: str | None
    day: str | None
    used: Mapping[str, int]
    brakes: Mapping[str, Any]
    locked: frozenset[str] = frozenset()
    signed_out_at: int | None = None
    rev: int = 0
