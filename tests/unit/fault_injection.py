"""Clients of AWS that fail, or whose process is killed, at a chosen call; and what happens between two calls."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

MOST_CALLS = 200  # nothing makes so many


class KilledError(BaseException):
    """The process ended here: nothing in it catches that."""


@dataclass
class Life:
    """How many more calls succeed; those after them raise `death`. None: all succeed.

    The first that raises may act before it does so, and it may be the only one that raises.
    """

    left: int | None = None
    death: type[BaseException] = KilledError
    acts: bool = False
    once: bool = False

    def spend(self, call: Callable[[], Any]) -> Any:
        if self.left is None:
            return call()
        self.left -= 1
        if self.left >= 0 or (self.once and self.left < -1):
            return call()
        if self.acts and self.left == -1:
            call()
        raise self.death

    @property
    def over(self) -> bool:
        return self.left is not None and self.left < 0


def each_life(death: type[BaseException] = KilledError, *, acts: bool = False, once: bool = False) -> Iterator[Life]:
    """Lives that end at the first call, at the second…, and the first one that is not over at the end."""
    for left in range(MOST_CALLS):
        life = Life(left, death, acts, once)
        yield life
        if not life.over:
            return
    raise AssertionError("it never ended")


@dataclass(frozen=True)
class Mortal:
    """A client whose calls take from a life."""

    client: Any
    life: Life

    def __getattr__(self, name: str) -> Any:
        found = getattr(self.client, name)
        if name == "exceptions" or not callable(found):
            return found
        return lambda *given, **request: self.life.spend(lambda: found(*given, **request))


def preceded(call: Callable[..., Any], act: Callable[[], Any]) -> Callable[..., Any]:
    """Return a call before whose first use something else happens: what was read is no longer so."""
    acts = [act]

    def called(**request: Any) -> Any:
        if acts:
            acts.pop()()
        return call(**request)

    return called


class Meanwhile:
    """A client before whose first transaction something else happens."""

    def __init__(self, client: Any, act: Callable[[], Any]) -> None:
        self._client = client
        self.transact_write_items = preceded(client.transact_write_items, act)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)


def unreachable(*_: Any, **__: Any) -> Any:
    """Whoever is called does not answer."""
    raise ConnectionError
