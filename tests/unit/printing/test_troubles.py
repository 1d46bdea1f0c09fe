"""What goes wrong at the printer: what ends an order, what only holds it up, and what wakes somebody, once."""

from dataclasses import replace
from datetime import timedelta

import pytest

from studio.clock import millis
from studio.printing import progress
from studio.printing.advance import LEASE
from studio.printing.model import Issue, IssueKind
from studio.printing.protocol import (
    AnswerNotUnderstoodError,
    PrinterUnavailableError,
    PrintRefusedError,
    Refusal,
)
from studio.printing.submission import PrintRefusal, Submission, Trouble
from tests.unit.printing.room import STATES, Room
from tests.unit.printing.submissions import LAN, ordered
from tests.unit.world import World

STUCK = replace(
    STATES[1], updated_at="2026-11-20T13:00:00.000Z", issues=(Issue(IssueKind.DOWNLOAD_FAILED, "Failed", "ori_1"),)
)


@pytest.fixture
def room(world: World) -> Room:
    return Room(world)


def rung(capsys: pytest.CaptureFixture[str]) -> list[str]:
    lines = capsys.readouterr().out.splitlines()
    return [line for line in lines if "PRINT_ORDER_IN_TROUBLE" in line]


def test_while_the_printer_is_away_the_order_waits_and_somebody_is_woken_once(
    room: Room, capsys: pytest.CaptureFixture[str]
) -> None:
    ordered(room.world)
    bells: list[int] = []
    for _ in range(9):
        room.printer.errors = [PrinterUnavailableError("HTTP 503")]
        assert room.when_due().recipient == LAN
        bells.append(len(rung(capsys)))
    assert bells == [0, 0, 0, 0, 1, 0, 0, 0, 0]
    assert room.minutes_to_next() == 60
    submission = room.when_due()
    assert (submission.printer_id, submission.trouble, submission.unanswered) == ("ord_1", None, 0)
    assert len(room.printer.requests) == 1


def test_an_unanswered_question_is_told(room: Room) -> None:
    ordered(room.world)
    room.printer.errors = [PrinterUnavailableError("no answer")]
    assert not room.advance()


@pytest.mark.parametrize(("seconds", "minutes"), [(None, 2), (30, 2), (3600, 60), (86_400, 1440)])
def test_it_waits_as_long_as_the_printer_wants(room: Room, seconds: int | None, minutes: int) -> None:
    ordered(room.world)
    room.printer.errors = [PrinterUnavailableError("HTTP 429", seconds)]
    room.advance()
    assert room.minutes_to_next() == minutes


@pytest.mark.parametrize("refusal", sorted(progress.FINAL))
def test_what_is_refused_is_over_and_nobodys_address_is_kept(
    room: Room, refusal: Refusal, capsys: pytest.CaptureFixture[str]
) -> None:
    ordered(room.world)
    room.printer.errors = [PrintRefusedError(refusal, ["items[0].sku: SkuNotFound"], "00-1")]
    assert room.advance()
    assert room.now.refusal == PrintRefusal(refusal, ("items[0].sku: SkuNotFound",), "00-1")
    assert (room.now.is_over, room.now.due, room.now.recipient) == (True, None, None)
    assert len(rung(capsys)) == (refusal is not Refusal.ADDRESS)


@pytest.mark.parametrize("refusal", sorted(set(Refusal) - progress.FINAL))
def test_what_is_not_the_orders_fault_ends_no_order(
    room: Room, refusal: Refusal, capsys: pytest.CaptureFixture[str]
) -> None:
    ordered(room.world)
    room.printer.errors = [PrintRefusedError(refusal) for _ in range(3)]
    for _ in range(3):
        assert (room.when_due().refusal, room.now.trouble) == (None, Trouble.REFUSED)
    assert len(rung(capsys)) == 1
    assert (room.when_due().printer_id, room.now.trouble) == ("ord_1", None)


@pytest.mark.parametrize("refusal", Refusal)
def test_a_question_that_is_refused_does_not_end_an_order_that_is_being_printed(room: Room, refusal: Refusal) -> None:
    room.submitted()
    room.printer.errors = [PrintRefusedError(refusal)]
    submission = room.when_due()
    assert (submission.refusal, submission.trouble, submission.is_over) == (None, Trouble.REFUSED, False)
    assert submission.due


def test_an_answer_that_is_not_understood_changes_nothing_and_rings_once(
    room: Room, capsys: pytest.CaptureFixture[str]
) -> None:
    room.submitted()
    room.printer.state = STATES[2]
    room.when_due()
    room.printer.errors = [AnswerNotUnderstoodError("stage is none that is known") for _ in range(2)]
    for _ in range(2):
        assert room.when_due().state == STATES[2]
    assert len(rung(capsys)) == 1
    room.printer.state = STATES[-1]
    assert (room.when_due().trouble, room.now.is_over) == (None, True)


def test_an_order_that_is_stuck_rings_once_and_is_looked_at_again(
    room: Room, capsys: pytest.CaptureFixture[str]
) -> None:
    room.submitted()
    room.printer.state = STUCK
    for _ in range(3):
        assert room.when_due().trouble == Trouble.STUCK
    room.printer.errors = [PrinterUnavailableError("no answer")]
    room.when_due()
    room.when_due()
    (line,) = rung(capsys)
    assert '"order": "order-1"' in line
    assert '"printer_id": "ord_1"' in line
    assert "Lan" not in line
    room.printer.state = replace(STATES[3], updated_at="2026-11-20T14:00:00.000Z")
    assert room.when_due().trouble is None


def test_an_order_that_is_not_shown_yet_is_no_loss_for_a_day(room: Room, capsys: pytest.CaptureFixture[str]) -> None:
    room.submitted()
    while room.world.time <= room.world.noon + timedelta(days=1):
        assert room.now.trouble is None
        room.when_due()
    assert room.when_due().trouble == Trouble.NOT_SHOWN
    assert len(rung(capsys)) == 1
    assert not room.now.is_over


def test_what_the_printer_forgets_of_an_order_that_is_over_rings_nobody(
    room: Room, capsys: pytest.CaptureFixture[str]
) -> None:
    over(room)
    room.world.later(10**7)
    room.table.look_again("order-1", room.world.time)
    room.printer.state = None
    room.advance()
    assert (room.now.trouble, room.now.due, rung(capsys)) == (None, None, [])


def over(room: Room) -> Submission:
    room.submitted()
    room.printer.state = STATES[-1]
    return room.when_due()


def test_what_nobody_foresaw_is_tried_again_when_the_claim_is_over(room: Room) -> None:
    """A secret that is not there yet, say."""
    ordered(room.world)
    room.printer.errors = [RuntimeError("no secret")]
    assert room.printing.reconcile(room.world.time + timedelta(seconds=45)).errors == 1
    assert (room.now.recipient, room.now.due) == (LAN, millis(room.world.time + LEASE))
    assert room.when_due().printer_id == "ord_1"
