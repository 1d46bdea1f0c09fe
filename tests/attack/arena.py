"""One attack's place: the stack through the eyes of somebody outside, and what held and what fell."""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from local.client import Answer, Person
from tests.sdl import committed, operation
from tests.stack.behind import Behind
from tests.stack.client import StackClient
from tests.stack.paying import Bank
from tests.stack.provider import Wish

SCHEMA = committed()
# What no answer may show, whatever was asked.
_INTERNALS = ("Traceback", "arn:aws", "dynamodb", "botocore", "KeyError", "TypeError", "site-packages")


@dataclass
class Arena:
    """Counts what was tried. An attack goes on after a fall: the next check may show more.

    `logs` is the folder of the servers' own logs, where the stack is ours.
    """

    client: StackClient
    logs: Path | None = None
    checks: int = 0
    falls: list[str] = field(default_factory=list[str])

    @property
    def behind(self) -> Behind:
        return Behind(self.client)

    @property
    def bank(self) -> Bank:
        return Bank(self.client.outputs["bankUrl"])

    def holds(self, held: object, what: str) -> None:
        """Note whether a promise held; `what` says what it would mean if it did not."""
        self.checks += 1
        if not held:
            self.falls.append(what)

    async def ask(self, name: str, variables: Mapping[str, Any], as_: str | Person) -> Answer:
        """Ask one root field, named like `Mutation.cancelJob`, for everything that it answers."""
        answer = await self.client.graphql(operation(SCHEMA, name), variables, as_)
        self.typed(answer, name)
        return answer

    async def refused(self, name: str, variables: Mapping[str, Any], as_: str | Person, *types: str) -> None:
        """Ask, and note whether it was refused, with one of these types where some are given."""
        answer = await self.ask(name, variables, as_)
        types_found = set(answer.error_types)
        self.holds(answer.errors and (not types or types_found <= set(types)), f"{name} answered {_short(answer)}")

    async def answers_nothing(self, name: str, variables: Mapping[str, Any], as_: str | Person) -> None:
        """Ask for somebody else's: null or a refusal, as if there were no such thing."""
        answer = await self.ask(name, variables, as_)
        value = next(iter((answer.body.get("data") or {}).values()), None)
        self.holds(value is None, f"{name} answered {_short(answer)}")

    def typed(self, answer: Answer, what: str) -> None:
        """Note whether an answer is one that a client can read: never a fault of ours, never our insides."""
        text = json.dumps(answer.body)
        self.holds(answer.status < 500 and "INTERNAL" not in answer.error_types, f"{what}: {_short(answer)}")
        self.holds(not any(each in text for each in _INTERNALS), f"{what} shows our insides: {_short(answer)}")

    def wish(self, **more: Any) -> dict[str, Any]:
        """A GenerateImagesInput whose prompt is nobody else's."""
        return Wish(self.client.outputs["modelsUrl"]).input(**more)


def _short(answer: Answer) -> str:
    return f"{answer.status} {json.dumps(answer.body)[:200]}"


@dataclass(frozen=True)
class Attack:
    """Something that is tried. Those that are `short` belong to the ordinary tests."""

    area: str
    run: Callable[[Arena], Awaitable[None]]
    short: bool

    @property
    def name(self) -> str:
        return f"{self.area}: {self.run.__name__.replace('_', ' ')}"


ATTACKS: list[Attack] = []


def attack(
    area: str, *, short: bool = False
) -> Callable[[Callable[[Arena], Awaitable[None]]], Callable[[Arena], Awaitable[None]]]:
    """Enter a function among the attacks of an area."""

    def enter(run: Callable[[Arena], Awaitable[None]]) -> Callable[[Arena], Awaitable[None]]:
        ATTACKS.append(Attack(area, run, short))
        return run

    return enter
