"""The stack that is measured: one of the bench's own, started when the first figure needs it, or one that runs."""

import json
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Self

from local.stack import Stack
from tests.stack.client import StackClient


@dataclass
class Stand:
    """A context; `running` is the stack.json of a stack that already runs."""

    running: Path | None
    _held: ExitStack = field(default_factory=ExitStack)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._held.close()

    @cached_property
    def client(self) -> StackClient:
        return StackClient(self._read())

    @property
    def outputs(self) -> Mapping[str, Any]:
        """What stack.json holds."""
        return self.client.outputs

    def _read(self) -> Mapping[str, Any]:
        if self.running:
            return json.loads(self.running.read_text())
        folder = Path(self._held.enter_context(tempfile.TemporaryDirectory(prefix="namo-bench-")))
        stack = self._held.enter_context(Stack(folder, done=_silent, say=_silent))
        return stack.start()


def _silent(_: str) -> None:
    """Take a step's name: the bench prints figures only."""
