"""Every minute: asks the printer for orders that are due, and submits what is not submitted yet."""

from dataclasses import asdict
from typing import Any

from resolvers.printing import printing
from resolvers.timers.report import report
from studio.clock import after, now
from studio.settings import printing as settings
from studio.settings.environment import read_settings

# One question takes 70 seconds at the worst, and the function has 120.
_SECONDS = 45

_printing = printing(read_settings(settings.Printing))


def handler(_event: dict[str, Any], _context: Any) -> dict[str, int]:
    """Ask until the time is up and say what was done."""
    return report(asdict(_printing.reconcile(after(now(), _SECONDS))))
