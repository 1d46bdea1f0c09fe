"""Whatever happens to orders at the printer, in whatever order: one order each, no step back, nothing lost."""

import random
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any, ClassVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from studio.printing.advance import Printing
from studio.printing.model import PrintOrder, PrintStatus
from studio.printing.protocol import (
    AnswerNotUnderstoodError,
    PrinterUnavailableError,
    PrintRefusedError,
    Refusal,
)
from studio.printing.submission import Submission
from tests.unit.printing.printer import DiedError, Printer, cut_off, sign
from tests.unit.printing.submissions import LAN, found, ordered, print_orders, withdraw
from tests.unit.printing.test_merge import assert_grew, life, numbers
from tests.unit.world import World

LIFE = life(parcels=2)
TROUBLES = st.sampled_from(
    [
        PrinterUnavailableError("no answer"),
        PrinterUnavailableError("HTTP 429", 600),
        AnswerNotUnderstoodError("stage is none that is known"),
        PrintRefusedError(Refusal.CREDENTIALS),
        PrintRefusedError(Refusal.UNKNOWN_ORDER),
    ]
)


class AtThePrinter(RuleBasedStateMachine):
    """An order on its way, with answers that get lost, come late or not at all, and functions that die."""

    world: ClassVar[World]

    @initialize()
    def begin(self) -> None:
        self.world.clear()
        self.printer = Printer()
        self.seen: list[PrintOrder] = []
        self.before = ordered(self.world)
        self.in_time = False

    @property
    def printing(self) -> Printing:
        return Printing(print_orders(self.world), self.printer, sign)

    @property
    def now(self) -> Submission:
        return found(print_orders(self.world))

    @rule()
    def the_stream_comes(self) -> None:
        self.printing.advance("order-1", self.world.time)

    @rule()
    def the_clock_comes(self) -> None:
        self.printing.reconcile(self.world.time + timedelta(seconds=45))

    @rule(seconds=st.sampled_from([1, 6, 60, 130, 3600, 90_000]))
    def time_passes(self, seconds: int) -> None:
        self.world.later(seconds)

    @rule(times=st.integers(1, 3))
    def the_printer_calls(self, times: int) -> None:
        """Or anybody in its name."""
        for _ in range(times):
            if (id_ := print_orders(self.world).by_printer_id("ord_1")) is not None:
                print_orders(self.world).look_again(id_, self.world.time)

    @rule(at=st.integers(0, len(LIFE) - 1))
    def a_server_of_the_printers_shows(self, at: int) -> None:
        """Some state that the order is, or was, in."""
        if self.printer.requests:
            self._show(LIFE[at])

    def _show(self, state: PrintOrder) -> None:
        if self.printer.canceled and state.in_production:
            state = replace(LIFE[0], status=PrintStatus.CANCELED)
        self.printer.state = state

    @rule()
    def it_is_not_wanted_any_more(self) -> None:
        self.in_time = self.in_time or self.now.asked_at is None
        withdraw(self.world)

    @rule(error=TROUBLES)
    def the_next_answer_is_spoiled(self, error: Exception) -> None:
        """What was asked is done all the same."""
        self.printer.errors = [error]

    @rule(cut=st.integers(0, 9))
    def a_function_dies(self, cut: int) -> None:
        with suppress(DiedError):
            cut_off(self.printing, cut).advance("order-1", self.world.time)

    @rule()
    def two_ask_at_once(self) -> None:
        """The second begins when the first is given up, and is done before it."""

        def other() -> None:
            self.printer.meanwhile = lambda: None
            self.world.later(121)
            self.the_stream_comes()

        self.printer.meanwhile = other
        self.the_stream_comes()
        self.printer.meanwhile = lambda: None

    @invariant()
    def of_one_order_there_is_one(self) -> None:
        assert len(self.printer.requests) <= 1

    @invariant()
    def what_is_withdrawn_in_time_is_never_asked_for_and_nothing_else_is_canceled(self) -> None:
        assert not (self.in_time and self.printer.asked)
        assert self.now.withdrawn or not self.printer.canceled

    @invariant()
    def nothing_goes_back(self) -> None:
        now, before = self.now, self.before
        assert now.version >= before.version
        assert before.printer_id in {None, now.printer_id}
        assert now.refusal is None
        if before.state:
            assert now.state
            assert_grew(before.state, now.state)
        self.before = now

    @invariant()
    def an_address_is_there_until_the_printer_has_it(self) -> None:
        gone = self.now.printer_id or (self.in_time and self.now.due is None)
        assert self.now.recipient == (None if gone else LAN)

    @invariant()
    def what_is_not_over_is_due_some_time(self) -> None:
        assert self.now.is_over or self.now.due is not None

    def teardown(self) -> None:
        """When all is well again, it comes to its end by the clock alone."""
        self.printer.errors, self.printer.meanwhile = [], lambda: None
        if self.now.withdrawn and not (self.now.state and self.now.state.in_production):
            self._is_withdrawn()
            return
        for state in [*random.Random(1).sample(LIFE, len(LIFE)), LIFE[-1]]:
            self.world.later(86_400)
            self.the_clock_comes()
            self._show(state)
        self.world.later(86_400)
        self.the_clock_comes()
        assert self.now.state
        assert (self.now.state.status, self.now.trouble) == (PrintStatus.COMPLETE, None)
        assert numbers(self.now.state) >= {("shp_1", "1-b"), ("shp_2", "2-b")}

    def _is_withdrawn(self) -> None:
        """When nothing of it is known to be made, it is canceled, or never there."""
        self.printer.state = LIFE[0]
        for _ in range(3):
            self.world.later(86_400)
            self.the_clock_comes()
        assert (self.now.is_over, self.now.recipient, self.now.due) == (True, None, None)
        assert self.in_time != self.printer.canceled


def test_an_order_comes_to_its_end_whatever_happens(world: World) -> None:
    class InMemory(AtThePrinter):
        pass

    InMemory.world = world
    few: Any = settings(
        max_examples=25,
        stateful_step_count=20,
        deadline=None,
        suppress_health_check=(HealthCheck.too_slow, HealthCheck.filter_too_much),
        derandomize=True,
    )
    run_state_machine_as_test(InMemory, settings=few)
