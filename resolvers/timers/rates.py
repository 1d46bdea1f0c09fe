"""Every hour: the exchange rates, as their source quotes them."""

from functools import partial
from typing import Any

import urllib3
from aws_lambda_powertools.logging import Logger

from studio.clock import now
from studio.rates.refresh import Refresh
from studio.rates.source import fetch
from studio.rates.table import Rates
from studio.settings import payments as settings
from studio.settings.environment import read_settings

log = Logger()
config = read_settings(settings.Rates)
_refresh = Refresh(Rates(config.rates_table), partial(fetch, config.rates_url, urllib3.PoolManager()))


class RateRefusedError(RuntimeError):
    """A currency keeps its last good rate; an administrator can set another."""


def handler(_event: dict[str, Any], _context: Any) -> dict[str, list[str]]:
    """Refresh once and say which pairs changed. Whatever was refused fails the call, after the others are stored."""
    done = _refresh.run(now())
    log.info("rates refreshed", extra={"stored": done.stored})
    if done.refused:
        log.error("rates refused", extra={"refused": done.refused})
        raise RateRefusedError(", ".join(done.refused))
    return {"stored": [*done.stored]}
