"""An exchange-rate source in the shape of open.er-api.com's open endpoint."""

from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any

from aiohttp import web

# Units for one US dollar.
START = {"USD": 1.0, "VND": 26300.0, "SGD": 1.29, "EUR": 0.86, "GBP": 0.75, "JPY": 152.0, "THB": 32.4, "AUD": 1.53}
DAY = timedelta(days=1)
DIGITS = 6


class Rates:
    """The rates of today, and the status that stands in their way when the source is broken."""

    def __init__(self) -> None:
        self._units = dict(START)
        self._fail: int | None = None
        self._updated = datetime.now(UTC)

    def routes(self) -> list[web.RouteDef]:
        """Give the paths of the source and of its switch."""
        return [web.get("/v6/latest/{base}", self.latest), web.put("/_bank/rates", self.change)]

    async def latest(self, request: web.Request) -> web.Response:
        """Give every rate of one currency."""
        if self._fail:
            return web.Response(status=self._fail, text=HTTPStatus(self._fail).phrase)
        base = request.match_info["base"].upper()
        if base not in self._units:
            return web.json_response({"result": "error", "error-type": "unsupported-code"}, status=404)
        return web.json_response(self._of(base))

    async def change(self, request: web.Request) -> web.Response:
        """Set units for one US dollar, or {"fail": status}; a change without `fail` mends the source."""
        try:
            given = await request.json()
            fail = HTTPStatus(given.pop("fail")).value if "fail" in given else None
            units = {str(name): _positive(value) for name, value in given.items()}
        except (AttributeError, TypeError, ValueError) as error:
            return web.json_response({"error": str(error)}, status=400)
        self._fail, self._updated = fail, datetime.now(UTC)
        self._units |= units
        return web.json_response({"fail": self._fail, "rates": self._units})

    def _of(self, base: str) -> dict[str, Any]:
        one = self._units[base]
        return {
            "result": "success",
            "provider": "https://www.exchangerate-api.com",
            "documentation": "https://www.exchangerate-api.com/docs/free",
            "terms_of_use": "https://www.exchangerate-api.com/terms",
            **_time("last_update", self._updated),
            **_time("next_update", self._updated + DAY),
            "time_eol_unix": 0,
            "base_code": base,
            "rates": {name: round(units / one, DIGITS) for name, units in self._units.items()},
        }


def _positive(value: object) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool) or not value > 0:
        raise ValueError(f"{value!r} is no rate.")
    return float(value)


def _time(name: str, at: datetime) -> dict[str, Any]:
    return {f"time_{name}_unix": int(at.timestamp()), f"time_{name}_utc": at.strftime("%a, %d %b %Y %H:%M:%S +0000")}
