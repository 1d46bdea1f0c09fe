"""A record of the calls that were answered, for tests and for the bench."""

from collections import deque
from dataclasses import asdict, dataclass, field
from typing import Any

KEPT_CALLS = 10_000
CUT = 0  # the status of a call whose connection was cut


@dataclass(frozen=True)
class Call:
    """One call: ``render_ms`` is the drawing alone, ``model_ms`` all of the time between request and answer."""

    model: str
    prompt: str
    status: int
    fault: str
    render_ms: float
    model_ms: float

    def to_json(self) -> dict[str, Any]:
        """Give the call with the names that GET /_calls uses."""
        body = asdict(self)
        body["renderMs"] = body.pop("render_ms")
        body["modelMs"] = body.pop("model_ms")
        return body


@dataclass
class CallLog:
    """The last calls, and how many there were since the start."""

    count: int = 0
    kept: deque[Call] = field(default_factory=lambda: deque[Call](maxlen=KEPT_CALLS))

    def add(self, call: Call) -> None:
        """Keep a call; the oldest goes when there are too many."""
        self.count += 1
        self.kept.append(call)

    def to_json(self) -> dict[str, Any]:
        """Give the whole log, oldest call first."""
        return {"count": self.count, "calls": [call.to_json() for call in self.kept]}
