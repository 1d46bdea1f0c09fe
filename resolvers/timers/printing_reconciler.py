"""Every minute: asks the printer for orders that are due, and submits what is not submitted yet."""

from dataclasses import asdict
from typing import Any

from resolvers.printing import printing
from resolvers.timers.report import report
from studio import settings
from studio.clock import after, now

# One question takes 70 seconds at the worst, and the function has 120.
_SECONDS = 45

_printing = printing(settings.read(settings.Printing))


def handler(_event: dict[str, Any], _context: Any) -> dict[str, int]:
    """Ask until the time is up and say what was done."""
    return report(asdict(_printing.reconcile(after(now(), _SECONDS))))
