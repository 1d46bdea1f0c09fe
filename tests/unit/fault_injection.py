"""Clients of AWS that fail, or whose process is killed, at a chosen call; and what happens between two calls."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

MOST_CALLS = 200  # nothing makes so many


class KilledError(BaseException):
    """The process ends here: nothing in it catches that."""


@dataclass
class CallBudget:
    """How many more calls succeed; those after them raise `error`. None: all succeed.

    The first that raises may act before it does so, and it may be the only one that raises.
    """

    left: int | None = None
    error: type[BaseException] = KilledError
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
        raise self.error

    @property
    def spent(self) -> bool:
        return self.left is not None and self.left < 0


def growing_budgets(
    error: type[BaseException] = KilledError, *, acts: bool = False, once: bool = False
) -> Iterator[CallBudget]:
    """Yield a budget of no call, of one…, up to the first that is not spent at the end."""
    for left in range(MOST_CALLS):
        budget = CallBudget(left, error, acts, once)
        yield budget
        if not budget.spent:
            return
    raise AssertionError("it never ended")


@dataclass(frozen=True)
class FailingClient:
    """A client whose calls take from a budget."""

    client: Any
    budget: CallBudget

    def __getattr__(self, name: str) -> Any:
        found = getattr(self.client, name)
        if name == "exceptions" or not callable(found):
            return found
        return lambda *given, **request: self.budget.spend(lambda: found(*given, **request))


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
