"""The switches for tests: ``/_faults`` and ``/_calls``."""

import json
from typing import Any

from aiohttp import web

from local.models.calls import CallLog
from local.models.faults import BadFaultError, FaultBook

RULE_FIELDS = frozenset({"contains", "model", "faults", "repeat"})


class Control:
    """Sets faults and shows the calls."""

    def __init__(self, faults: FaultBook, calls: CallLog) -> None:
        self._faults = faults
        self._calls = calls

    def routes(self) -> list[web.RouteDef]:
        """Give the paths of the switches."""
        return [
            web.post("/_faults", self.add),
            web.delete("/_faults", self.clear),
            web.get("/_calls", self.calls),
        ]

    async def add(self, request: web.Request) -> web.Response:
        """Add one rule; answers 400 with a reason when it cannot be understood."""
        try:
            rule = _rule(await request.text())
            self._faults.add(rule["faults"], rule.get("contains"), rule.get("model"), repeat=bool(rule.get("repeat")))
        except (ValueError, BadFaultError) as error:
            return web.json_response({"error": str(error)}, status=400)
        return web.json_response({"rules": len(self._faults.rules)})

    async def clear(self, _request: web.Request) -> web.Response:
        """Forget all rules."""
        self._faults.clear()
        return web.json_response({"rules": 0})

    async def calls(self, _request: web.Request) -> web.Response:
        """Show the calls since the start."""
        return web.json_response(self._calls.to_json())


def _rule(text: str) -> dict[str, Any]:
    rule = json.loads(text)
    if not isinstance(rule, dict) or not isinstance(rule.get("faults"), list):
        raise ValueError("A rule is an object with a list of faults.")  # noqa: TRY004 - the caller answers 400
    unknown = set(rule) - RULE_FIELDS
    if unknown:
        raise ValueError(f"A rule has no {min(unknown)!r}.")
    return rule
