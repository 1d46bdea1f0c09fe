"""Orders that have ended before they were printed: not submitted, or canceled where that can still be done."""

from contextlib import suppress
from dataclasses import replace

import pytest

from studio.dynamo import ConditionFailed
from studio.printing.model import PrintOrder, PrintStatus
from studio.printing.protocol import PrinterUnavailableError, PrintRefusedError, Refusal
from studio.printing.submission import Submission, Trouble
from tests.unit.printing.printer import DiedError, cut_off
from tests.unit.printing.room import STATES, Room
from tests.unit.printing.submissions import ordered, withdraw
from tests.unit.world import World


@pytest.fixture
def room(world: World) -> Room:
    return Room(world)


def test_what_was_not_asked_for_is_not_submitted_and_whom_it_was_for_is_forgotten(room: Room) -> None:
    ordered(room.world)
    withdraw(room.world)
    assert room.advance()
    assert (room.printer.asked, room.now.recipient, room.now.due, room.now.is_over) == (0, None, None, True)
    room.world.later(86_400)
    assert room.advance()
    assert room.printer.asked == 0


def test_what_the_printer_has_is_canceled_at_once(room: Room) -> None:
    room.submitted()
    room.printer.state = STATES[1]
    withdraw(room.world)
    room.advance()
    assert room.printer.canceled
    assert (room.now.state, room.now.due) == (replace(STATES[1], status=PrintStatus.CANCELED), None)


@pytest.mark.parametrize("state", STATES[2:-1])
def test_what_is_in_production_is_followed_to_its_end(room: Room, state: PrintOrder) -> None:
    room.submitted()
    room.printer.state = state
    room.when_due()
    withdraw(room.world)
    for room.printer.state in (state, STATES[-1]):
        room.when_due()
    assert not room.printer.canceled
    assert room.now.state
    assert (room.now.state.status, room.now.due) == (PrintStatus.COMPLETE, None)


@pytest.mark.parametrize("answer", [PrinterUnavailableError("no answer"), PrintRefusedError(Refusal.CREDENTIALS)])
def test_what_may_have_reached_the_printer_is_found_by_its_key_and_canceled(room: Room, answer: Exception) -> None:
    ordered(room.world)
    room.printer.errors, room.printer.state = [answer], STATES[0]
    room.advance()
    withdraw(room.world)
    room.advance()
    assert (len(room.printer.requests), room.now.printer_id, room.printer.canceled) == (1, "ord_1", False)
    room.advance()
    assert (room.printer.canceled, room.now.is_over) == (True, True)


def test_withdrawn_while_the_printer_takes_it_it_is_canceled(room: Room) -> None:
    ordered(room.world)
    room.printer.state, room.printer.meanwhile = STATES[0], lambda: withdraw(room.world)
    room.advance()
    room.printer.meanwhile = lambda: None
    room.advance()
    assert (room.printer.canceled, room.now.is_over) == (True, True)


def test_one_that_cannot_be_canceled_wakes_somebody_and_is_tried_again(room: Room) -> None:
    room.submitted()
    room.printer.state, room.printer.errors = STATES[0], [PrintRefusedError(Refusal.UNKNOWN_ORDER)]
    withdraw(room.world)
    room.printer.canceled = False
    room.advance()
    assert room.now.trouble == Trouble.REFUSED
    room.when_due()
    assert (room.printer.canceled, room.now.is_over, room.now.trouble) == (True, True, None)


def test_what_is_over_is_left_as_it_is(room: Room) -> None:
    room.submitted()
    room.printer.state = STATES[-1]
    room.when_due()
    withdraw(room.world)
    room.advance()
    assert (room.printer.canceled, room.now.state, room.now.due) == (False, STATES[-1], None)


@pytest.mark.parametrize("cut", range(8))
def test_cut_off_anywhere_it_is_not_submitted(room: Room, cut: int) -> None:
    ordered(room.world)
    withdraw(room.world)
    with suppress(DiedError):
        cut_off(room.printing, cut).advance("order-1", room.world.time)
    room.advance()
    assert (room.printer.asked, room.now.recipient, room.now.due) == (0, None, None)


def test_what_was_never_handed_over_cannot_be_withdrawn(world: World) -> None:
    with pytest.raises(ConditionFailed):
        withdraw(world)


def test_a_new_submission_is_wanted(world: World) -> None:
    submission: Submission = ordered(world)
    assert not submission.withdrawn
