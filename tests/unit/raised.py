"""The alarms that were raised, as the log holds them."""

import json
from dataclasses import dataclass
from typing import Any

import pytest


@dataclass(frozen=True)
class Raised:
    """Reads what was printed since the last time."""

    capsys: pytest.CaptureFixture[str]

    def lines(self) -> list[dict[str, Any]]:
        printed = self.capsys.readouterr().out.splitlines()
        return [json.loads(line) for line in printed if line.startswith('{"level": "ALARM"')]

    def names(self) -> list[str]:
        return [line["alarm"] for line in self.lines()]
