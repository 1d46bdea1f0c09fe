"""Fulfilling orders that were paid.

Every step is one transaction, conditional on the order as it was read. So whoever is cut off leaves an order on which
the next goes on, and of two at once one does nothing.
"""

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from studio.alarms import Alarm, raise_alarm
from studio.clock import millis
from studio.dynamo import ConditionFailed, Write, transact, update
from studio.optimistic import retry
from studio.orders import transitions
from studio.orders.model import ENDED, Order, OrderFailure, OrderStatus, OrderStepKind
from studio.orders.printing import UnprintableError, followed, parcels_of, submission_of
from studio.orders.render import OrderRenderer, Renderings
from studio.orders.settlement import OrderSettlement
from studio.orders.table import Orders
from studio.printing.table import PrintOrders

# Streams say when there is something new; so long after it should have come, somebody looks all the same.
_LATE = timedelta(minutes=2)
_AT_THE_PRINTER = timedelta(hours=6)

# What is not rendered is paid back.
_AGAIN = "What you paid goes back to you, and you can order again."


@dataclass(frozen=True)
class Fulfilment:
    """Takes orders from paid to delivered."""

    orders: Orders
    renderer: OrderRenderer
    print_orders: PrintOrders
    settlement: OrderSettlement

    def advance(self, id_: str, now: datetime) -> None:
        """Take an order as far as it can go now; done again, or by two at once, it changes nothing more.

        Raises
        ------
        ContendedError
            It changed at every try.
        """
        while retry(lambda: self._step(id_, now)):
            pass

    def _step(self, id_: str, now: datetime) -> bool:
        """Take one step, and tell whether the next can follow at once."""
        order = self.orders.find(id_)
        if order is None or order.status == OrderStatus.PENDING:
            return False
        if order.status in ENDED:
            return self._after_end(order, now)
        if not order.has(OrderStepKind.RENDERED):
            return self._render(order, now)
        if order.printed:
            return self._follow(order, now)
        self.renderer.documents.remove_all(order.id)
        return self._print(order, now) if order.is_printed else self._deliver(order, now)

    # ---- rendering

    def _render(self, order: Order, now: datetime) -> bool:
        found = self.renderer.look(order)
        if found.failure:
            why = OrderFailure.PICTURE_UNUSABLE if found.needs_another_picture else OrderFailure.RENDERING_FAILED
            return self._fail(order, why, now, f"{found.failure.message} {_AGAIN}")
        if found.are_made:
            self._write(order, transitions.stepped(order, OrderStepKind.RENDERED, now=now), millis(now))
            return True
        return self._begin(order, found, now) if found.unmade else self._wait(order, found.deadline, now)

    def _begin(self, order: Order, found: Renderings, now: datetime) -> bool:
        """Begin, in one transaction, every rendering that is missing or failed."""
        jobs = self.renderer.new_jobs(order, found.unmade, now)
        if len(jobs) < len(found.unmade):
            return self._fail(
                order, OrderFailure.RENDERING_FAILED, now, f"What was ordered is not known any more. {_AGAIN}"
            )
        after = transitions.rendering(order, {id_: job.id for id_, job in jobs.items()}, now)
        deadline = max(found.deadline, *(job.deadline for job in jobs.values()))
        self._write(order, after, _late(deadline), *(self.renderer.jobs.new(job) for job in jobs.values()))
        return False

    # ---- files

    def _deliver(self, order: Order, now: datetime) -> bool:
        delivered = transitions.stepped(order, OrderStepKind.DELIVERED, now=now)
        self._write(order, transitions.completed(delivered, now), None)
        return False

    # ---- prints

    def _print(self, order: Order, now: datetime) -> bool:
        """Hand an order to the printer: from here on its customer cannot cancel it."""
        try:
            submission = submission_of(order, self.renderer.look(order).jobs, now)
        except UnprintableError as error:
            raise_alarm(Alarm.INTERNAL_ERROR, order=order.id, missing=str(error))
            return self._fail(order, OrderFailure.PRINTER_REFUSED, now)
        after = transitions.printed(order, now)
        self._write(order, after, millis(now + _AT_THE_PRINTER), self.print_orders.new(submission))
        return False

    def _follow(self, order: Order, now: datetime) -> bool:
        seen = self.print_orders.find(order.id)
        after = followed(order, seen, now) if seen else order
        if after == order:
            return self._wait(order, millis(now + _AT_THE_PRINTER), now)
        if after.status in ENDED:
            self._write(order, after, None, *self.settlement.writes(after, now))
        else:
            self._write(order, after, millis(now + _AT_THE_PRINTER))
        return False

    # ---- all of them

    def _after_end(self, order: Order, now: datetime) -> bool:
        """Forget what is not needed any more; parcels are told of however the order ended."""
        self.renderer.documents.remove_all(order.id)
        seen = self.print_orders.find(order.id) if order.printed else None
        after = parcels_of(order, seen, now) if seen else order
        if after != order:
            self._write(order, after, None)
        return False

    def _fail(self, order: Order, why: OrderFailure, now: datetime, note: str | None = None) -> bool:
        after = transitions.failed(order, why, now, note)
        self._write(order, after, None, *self.settlement.writes(after, now))
        return True

    def _wait(self, order: Order, until: int, now: datetime) -> bool:
        """Have the reconciler look later, where it would now, unless there is something new meanwhile."""
        if order.due is not None and order.due <= millis(now):
            later = max(_late(until), millis(now + _LATE))
            change = update({"id": order.id}, condition="#due = :seen", values={"seen": order.due}, set={"due": later})
            with suppress(ConditionFailed):
                self.orders.apply(change)
        return False

    def _write(self, before: Order, after: Order, due: int | None, *beside: Write) -> None:
        change = self.orders.change_to(before, replace(after, due=due))
        transact(self.orders.client, [self.orders.change(change), *beside])


def _late(deadline: int) -> int:
    return deadline + int(_LATE.total_seconds() * 1000)
