"""Faults on demand: what the next calls get instead of a plain picture.

A fault is written ``name`` or ``name:value``, several joined by ``+`` (``slow:2+500``, ``429+retry-after:1``).
See README.md for the list.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

ANSWER_TWISTS = frozenset(
    {"garbage", "truncated", "wrong-mime", "empty", "blocked", "prompt-blocked", "not-json", "drop"}
)
# What only an asynchronous inference can do: fail later, in either of two ways; notify nobody; notify twice.
INFERENCE_TWISTS = frozenset({"failed", "refused", "silent", "twice"})
# What a model that thinks or talks can do: draw drafts first, decline in words; and stop at another's work.
MODEL_TWISTS = frozenset({"drafts", "only-drafts", "refused-in-words", "recitation"})
PAGE_TWISTS = frozenset({"hang"})  # what only a page can do
MODEL_MARK = "~"  # gemini-3-pro-image~429
TOO_MANY_REQUESTS = 429


class BadFaultError(ValueError):
    """The text names no fault that we know."""


@dataclass(frozen=True)
class Fault:
    """What happens to one call; all empty means a plain answer.

    ``status`` is an HTTP error to answer with, ``slow`` seconds to wait first, ``retry_after`` the header's value,
    ``retry_info`` the seconds that only the body asks for, ``daily`` whether a quota of the day is used up.
    """

    text: str = "ok"
    status: int | None = None
    slow: float = 0.0
    retry_after: str | None = None
    retry_info: str | None = None
    daily: bool = False
    twist: str | None = None


NO_FAULT = Fault()


def parse_fault(text: str) -> Fault:
    """Read a fault such as ``slow:2.5+503``. Raises BadFaultError."""
    fault = Fault(text=text)
    for part in text.split("+"):
        fault = _add(fault, part.strip())
    if fault.status is None and (fault.retry_after or fault.retry_info or fault.daily):
        return replace(fault, status=TOO_MANY_REQUESTS)
    return fault


def _add(fault: Fault, part: str) -> Fault:
    name, _, value = part.partition(":")
    if name == "ok":
        return fault
    if name == "slow":
        return replace(fault, slow=_seconds(part, value))
    if name in {"retry-after", "retry-info", "daily-quota"}:
        return _paused(fault, part)
    if name in ANSWER_TWISTS | INFERENCE_TWISTS | MODEL_TWISTS | PAGE_TWISTS:
        return replace(fault, twist=name)
    if name.isdecimal() and name[0] in "45" and len(name) == len("429"):
        return replace(fault, status=int(name))
    raise BadFaultError(f"There is no fault {part!r}.")


def _paused(fault: Fault, part: str) -> Fault:
    name, _, value = part.partition(":")
    if name == "retry-after":
        return replace(fault, retry_after=value or "1")
    if name == "retry-info":
        return replace(fault, retry_info=f"{_seconds(part, value):.9f}")
    return replace(fault, daily=True)


def _seconds(part: str, value: str) -> float:
    try:
        return float(value or "1")
    except ValueError:
        raise BadFaultError(f"{part!r} needs a number of seconds.") from None


def split_model(name: str) -> tuple[str, Fault]:
    """Part a model name from the fault that may follow it. Raises BadFaultError."""
    model, mark, text = name.partition(MODEL_MARK)
    return model, parse_fault(text) if mark else NO_FAULT


@dataclass
class FaultRule:
    """Faults for the calls whose prompt contains a text and whose model is the one named (None: any)."""

    faults: deque[Fault]
    contains: str | None = None
    model: str | None = None
    repeat: bool = False

    def matches(self, model: str, prompt: str) -> bool:
        """Tell whether this rule still has something to say about such a call."""
        return (
            bool(self.faults)
            and (self.contains is None or self.contains in prompt)
            and (self.model is None or self.model == model)
        )

    def take(self) -> Fault:
        """Hand out the next fault; a repeating rule keeps it for its next round."""
        fault = self.faults.popleft()
        if self.repeat:
            self.faults.append(fault)
        return fault


@dataclass
class FaultBook:
    """The rules in force, oldest first; the first that matches a call decides."""

    rules: list[FaultRule] = field(default_factory=list[FaultRule])

    def add(self, faults: Sequence[str], contains: str | None, model: str | None, *, repeat: bool) -> None:
        """Add a rule. Raises BadFaultError."""
        parsed = deque(parse_fault(text) for text in faults)
        if not parsed:
            raise BadFaultError("A rule needs at least one fault.")
        self.rules.append(FaultRule(parsed, contains, model, repeat))

    def clear(self) -> None:
        """Forget every rule."""
        self.rules.clear()

    def take(self, model: str, prompt: str) -> Fault:
        """Say what happens to this call, and use that fault up."""
        for rule in self.rules:
            if rule.matches(model, prompt):
                return rule.take()
        return NO_FAULT
