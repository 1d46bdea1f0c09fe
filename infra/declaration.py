"""How a function is declared: what it runs, what sets it off, what it may do and what it reads.

Each module of `infra/functions` holds one declaration; environment, role, alarms and event sources are made from it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Literal, get_args

from infra.limits import ConcurrencyLimit

if TYPE_CHECKING:
    from aws_cdk import Stack

    from infra.access import Access, Right
    from infra.stages import Stage

Variables = Mapping[str, str]

StackName = Literal["auth", "payments", "api", "jobs"]


class DeclarationError(ValueError):
    """A function is declared as no stage can have it."""


# ---- what sets a function off; those with a `stack` are connected there and nowhere else


@dataclass(frozen=True)
class Fields:
    """AppSync, for these fields, `Type.name`; `source` is the data source's name.

    Those of other types than the roots are files, of which their parent brings the keys.
    """

    stack: ClassVar[StackName] = "api"

    source: str
    fields: tuple[str, ...]


@dataclass(frozen=True)
class Routes:
    """The webhook API, for these routes, `METHOD /path`, by what they are called here.

    `open` are those that anybody may call, which have fewer requests a second, and of their own.
    """

    stack: ClassVar[StackName] = "payments"

    routes: Mapping[str, str]
    open: tuple[str, ...] = ()


@dataclass(frozen=True)
class UserPoolTriggers:
    """The user pool, at these moments (names as in its LambdaConfig)."""

    stack: ClassVar[StackName] = "auth"

    moments: tuple[Literal["postConfirmation", "postAuthentication"], ...]


@dataclass(frozen=True)
class Streams:
    """The streams of tables, an event source mapping for each.

    From where they start; which records, how many at once, and how often a bad one is tried; `max_age` is in seconds.
    UNREAD_QUEUE is the address of its own dead-letter queue.
    """

    variables: ClassVar = frozenset({"UNREAD_QUEUE"})

    tables: tuple[str, ...]
    starting: Literal["TRIM_HORIZON", "LATEST"]
    patterns: Sequence[Mapping[str, Any]]
    batch: int
    retries: int
    max_age: int


@dataclass(frozen=True)
class QueueMessages:
    """A queue, by the variable that names it: how many messages at once, and how many calls at a time (2 at least)."""

    queue: str
    batch: int
    concurrency: int


@dataclass(frozen=True)
class Calls:
    """Calls of other functions, which wait for its answer."""


@dataclass(frozen=True)
class Asynchronous:
    """An asynchronous call: how often it is tried again, and after how many seconds it is given up."""

    retries: int = 2
    max_age: int = 3600

    def ends_after(self, stage: Stage) -> int:
        del stage
        return self.max_age


@dataclass(frozen=True)
class Schedule(Asynchronous):
    """The clock, every so many seconds. A run that failed is not tried again: the next is near."""

    every: int = 60
    retries: int = 0
    max_age: int = 60


@dataclass(frozen=True)
class ObjectsCreated(Asynchronous):
    """New objects of the media bucket below these prefixes."""

    prefixes: tuple[str, ...] = ()


@dataclass(frozen=True)
class InferenceTopics(Asynchronous):
    """The topics that say how an asynchronous inference went."""

    stack: ClassVar[StackName] = "jobs"


@dataclass(frozen=True)
class MailEvents(Asynchronous):
    """The topic of what SES says of mail that was sent."""

    stack: ClassVar[StackName] = "jobs"


@dataclass(frozen=True)
class Dispatch(Asynchronous):
    """Dispatch, with jobs to work on. Past a job's deadline there is nothing left to do for it."""

    def ends_after(self, stage: Stage) -> int:
        return stage.limits.deadline_seconds


Trigger = Fields | Routes | UserPoolTriggers | Streams | QueueMessages | Calls | Asynchronous

# ---- the function

# In `invokes`: every worker of the stage.
EVERY_WORKER = "workers"


def _nothing(stage: Stage) -> Variables:
    del stage
    return {}


def _no_rights(stage: Stage, stack: Stack) -> Sequence[Right]:
    del stage, stack
    return ()


def _everywhere(stage: Stage) -> bool:
    del stage
    return True


@dataclass(frozen=True)
class FunctionSpec:
    """One function.

    Attributes
    ----------
    stack
        The stack that it is part of.
    group
        Whose packages its zip holds: a file of `requirements/`.
    settings
        The record of `studio.settings` that it reads. Whoever reads a secret's name may read that secret, a queue's
        address send to that queue, and the archive's name add to the archive.
    timeout, memory, storage
        How long a call may take, in seconds; its memory, and for files, in MB: Lambda's 512 else.
    concurrency
        Which of the stage's limits caps its calls at a time, and so what it can cost; without, it shares the account's.
    image
        The Dockerfile of one that is too large for a zip on Lambda.
    access
        Its rights on tables and images.
    invokes
        The functions that it may call, by name, or `EVERY_WORKER`.
    publishes
        The mutations, `Type.name`, by which it notifies subscribers.
    users
        What it may do with users, as `cognito-idp` names it.
    variables
        What its settings hold beside what all functions of the stage know, and what libraries read by themselves.
    rights
        Its rights beside the above.
    deployed
        Whether a stage has it.
    """

    name: str
    stack: StackName
    handler: str
    group: str
    settings: type[Any]
    timeout: int
    trigger: Trigger
    access: Access
    memory: int = 512
    storage: int | None = None
    concurrency: ConcurrencyLimit | None = None
    image: str | None = None
    invokes: tuple[str, ...] = ()
    publishes: tuple[str, ...] = ()
    users: tuple[str, ...] = ()
    variables: Callable[[Stage], Variables] = _nothing
    rights: Callable[[Stage, Stack], Sequence[Right]] = _no_rights
    deployed: Callable[[Stage], bool] = _everywhere

    def __post_init__(self) -> None:
        """Refuse a trigger that the function's stack does not connect, and a limit that no stage has.

        Raises
        ------
        DeclarationError
        """
        connected: StackName = getattr(self.trigger, "stack", self.stack)
        if self.stack != connected:
            kind = type(self.trigger).__name__
            raise DeclarationError(f"{self.name} stands in {self.stack}, but {kind} are connected in {connected}")
        if self.concurrency and self.concurrency not in get_args(ConcurrencyLimit):
            raise DeclarationError(f"{self.name} names the limit {self.concurrency}, which no stage has")

    @property
    def trigger_variables(self) -> frozenset[str]:
        """The variables that its trigger adds: what only this function's trigger makes."""
        return self.trigger.variables if isinstance(self.trigger, Streams) else frozenset()

    @property
    def id(self) -> str:
        """The name as an identifier in templates: `jobs-api` is JobsApi."""
        return "".join(word.capitalize() for word in self.name.split("-"))
