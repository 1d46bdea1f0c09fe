"""Withdrawing orders from the printer. Whoever does no more than that starts without what reads their rows."""

from datetime import datetime

from studio.clock import millis
from studio.dynamo import Table, Write, update

# The one value of the sparse index's partition key: present while the printer is to be asked.
OPEN = "open"


class Withdrawals(Table):
    """The PrintOrders table, for whoever ends orders."""

    def withdraw(self, id_: str, now: datetime) -> Write:
        """Describe that an order is not wanted any more, however it stands; what it becomes at the printer follows."""
        change = {"withdrawn": True, "due": millis(now), "open": OPEN}
        return self.change(update({"id": id_}, condition="attribute_exists(#id)", set=change, add={"version": 1}))
