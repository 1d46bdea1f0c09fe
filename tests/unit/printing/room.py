"""A printer, the studio's orders on their way through it, and an order's states there."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from studio.clock import millis
from studio.printing.advance import Printing
from studio.printing.submission import Submission
from studio.printing.table import PrintOrders
from tests.unit.printing.printer import Printer, sign
from tests.unit.printing.submissions import found, ordered, print_orders
from tests.unit.printing.test_merge import life
from tests.unit.world import World

STATES = life(parcels=2)


@dataclass
class Room:
    """A printer, and the studio's orders on their way through it."""

    world: World
    printer: Printer = field(default_factory=Printer)

    @property
    def table(self) -> PrintOrders:
        return print_orders(self.world)

    @property
    def printing(self) -> Printing:
        return Printing(self.table, self.printer, sign)

    def advance(self) -> bool:
        return self.printing.advance("order-1", self.world.time)

    def when_due(self) -> Submission:
        """Go on to when the order is due, and take it further."""
        due = self.now.due
        assert due is not None
        self.world.time = max(self.world.time, self.world.noon + timedelta(milliseconds=due - millis(self.world.noon)))
        self.advance()
        return self.now

    def submitted(self, **changes: Any) -> Submission:
        ordered(self.world, **changes)
        self.advance()
        return self.now

    @property
    def now(self) -> Submission:
        return found(self.table)

    def minutes_to_next(self) -> float:
        return ((self.now.due or 0) - millis(self.world.time)) / 60_000
