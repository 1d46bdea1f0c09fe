"""One asynchronous endpoint: where it writes, which topic it notifies, and its machine, which stops when it is idle."""

import asyncio
import math
import time
from dataclasses import dataclass
from typing import Any

IDLE_SECONDS = 600.0  # a machine without work for so long is stopped


class BadEndpointError(ValueError):
    """The configuration is none."""


@dataclass
class Endpoint:
    """``cold_seconds`` is how long a machine takes to start."""

    output_path: str
    success_topic: str
    error_topic: str
    cold_seconds: float
    _ready_at: float = -math.inf
    _used_at: float = -math.inf

    @classmethod
    def read(cls, body: Any) -> "Endpoint":
        """Read a configuration. Raises BadEndpointError."""
        try:
            path = str(body["outputPath"]).rstrip("/") + "/"
            return cls(path, str(body["successTopic"]), str(body["errorTopic"]), float(body.get("coldSeconds", 0)))
        except (TypeError, KeyError, ValueError, AttributeError) as error:
            raise BadEndpointError("outputPath, successTopic, errorTopic and coldSeconds make an endpoint") from error

    def topic(self, *, ok: bool) -> str:
        """Give the topic that hears of such an outcome."""
        return self.success_topic if ok else self.error_topic

    async def ready(self) -> float:
        """Wait for a machine, starting one where none runs; give the seconds that it took."""
        now = time.monotonic()
        if now - self._used_at > IDLE_SECONDS:
            self._ready_at = now + self.cold_seconds
        wait = max(0.0, self._ready_at - now)
        self._used_at = now + wait
        await asyncio.sleep(wait)
        return wait
