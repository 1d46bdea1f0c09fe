"""Orders on their way through the printer: submitted once, followed to their end, whatever goes wrong between."""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import reduce

import pytest

from studio.clock import millis
from studio.errors import UnreadableError
from studio.printing import progress
from studio.printing.advance import LEASE
from studio.printing.merge import merge
from studio.printing.model import PrintStatus
from studio.printing.protocol import (
    PrinterUnavailableError,
    PrintRefusedError,
    Refusal,
)
from studio.printing.submission import Trouble
from studio.printing.table import QUIET
from tests.unit.printing.printer import DiedError, cut_off, sign
from tests.unit.printing.room import STATES, Room
from tests.unit.printing.submissions import BOOK, LAN, PICTURE, ordered
from tests.unit.printing.test_merge import assert_grew, numbers
from tests.unit.world import USER, World


@pytest.fixture
def room(world: World) -> Room:
    return Room(world)


# ---- the way of an order


def test_an_order_is_submitted_with_what_was_ordered(room: Room) -> None:
    submission = room.submitted(items=[BOOK, PICTURE])
    (request,) = room.printer.requests.values()
    assert (request.key, request.reference, request.recipient) == ("order-1", "order-1", LAN)
    book, picture = request.items
    assert (book.product, book.copies, book.pages, book.price, book.md5) == (
        BOOK.product,
        2,
        24,
        BOOK.price,
        BOOK.file.md5,
    )
    assert (book.url, picture.reference) == (sign(BOOK.file, room.world.time), "item-2")
    assert (submission.printer_id, submission.recipient, submission.is_over) == ("ord_1", None, False)
    assert submission.submitted_at
    assert room.minutes_to_next() == 1


def test_it_is_asked_for_until_it_is_over(room: Room) -> None:
    room.submitted()
    for state in STATES:
        room.printer.state = state
        assert room.now.state is None or room.now.state.status != PrintStatus.COMPLETE
        room.when_due()
    submission = room.now
    assert submission.state == reduce(merge, STATES)
    assert (submission.is_over, submission.due) == (True, None)
    assert submission.owner == USER.sub
    asked = room.printer.asked
    room.world.later(10**6)
    assert room.advance()
    assert room.printer.asked == asked


def test_where_nothing_happens_the_pause_grows_to_an_hour(room: Room) -> None:
    room.submitted()
    room.printer.state = STATES[1]
    pauses: list[float] = []
    for _ in range(10):
        room.when_due()
        pauses.append(room.minutes_to_next())
    assert pauses == [1, 2, 4, 8, 16, 32, 60, 60, 60, 60]
    room.printer.state = STATES[2]
    room.when_due()
    assert room.minutes_to_next() == 1


def test_nothing_is_asked_before_it_is_due(room: Room) -> None:
    room.submitted()
    room.world.later(59)
    assert room.advance()
    assert room.printer.asked == 1


def test_of_an_order_that_is_not_there_nothing_is_asked(room: Room) -> None:
    assert room.advance()
    assert room.printer.asked == 0


def test_canceled_at_the_printer_it_is_over(room: Room) -> None:
    room.submitted()
    room.printer.state = replace(STATES[0], status=PrintStatus.CANCELED)
    assert room.when_due().is_over


# ---- late, doubled, at once


def test_a_number_that_comes_after_the_end_is_kept(room: Room) -> None:
    known = replace(STATES[-1], parcels=STATES[-1].parcels[:1])
    room.submitted()
    room.printer.state = known
    room.when_due()
    room.world.later(3600)
    assert room.table.look_again("order-1", room.world.time)
    room.printer.errors, room.printer.state = [PrinterUnavailableError("HTTP 503")], STATES[-1]
    room.advance()
    submission = room.when_due()
    assert (submission.state, submission.due) == (merge(known, STATES[-1]), None)


def test_a_callback_while_the_printer_answers_is_not_lost(room: Room) -> None:
    room.submitted()
    room.printer.state = STATES[1]
    room.when_due()

    def changed() -> None:
        room.printer.meanwhile = lambda: None
        room.world.later(1)
        room.printer.state = STATES[2]
        assert room.table.look_again("order-1", room.world.time)

    room.printer.meanwhile = changed
    room.when_due()
    assert room.now.state == STATES[1]
    assert room.now.due == millis(room.world.time + QUIET)
    assert room.when_due().state == STATES[2]


def test_an_order_that_somebody_asks_for_is_not_asked_for_by_another(room: Room) -> None:
    ordered(room.world)
    room.printer.meanwhile = room.advance
    room.advance()
    assert room.printer.asked == 1


def test_two_who_submit_at_once_are_one_order(room: Room) -> None:
    """The first takes longer than anybody waits for it."""
    ordered(room.world)

    def other() -> None:
        room.printer.meanwhile = lambda: None
        room.world.time += LEASE
        room.advance()

    room.printer.meanwhile = other
    room.advance()
    assert len(room.printer.requests) == 1
    assert (room.now.printer_id, room.now.recipient) == ("ord_1", None)


@pytest.mark.parametrize("first", [True, False])
def test_an_order_that_is_refused_and_taken_at_once_is_for_somebody_to_look_at(
    room: Room, capsys: pytest.CaptureFixture[str], *, first: bool
) -> None:
    submission, now = ordered(room.world), room.world.time
    answers = [
        lambda each: progress.taken(each, "ord_1", now),
        lambda each: progress.refused(each, PrintRefusedError(Refusal.FILE), now),
    ]
    for answer in answers if first else reversed(answers):
        room.printing._write(submission, answer)  # pyright: ignore[reportPrivateUsage]
    assert room.now.printer_id == "ord_1"
    assert room.now.trouble == Trouble.REFUSED
    assert room.now.recipient is None
    assert "PRINT_ORDER_IN_TROUBLE" in capsys.readouterr().out


def test_two_who_ask_at_once_lose_nothing_that_either_saw(room: Room) -> None:
    room.submitted()
    room.printer.state = STATES[4]

    def other() -> None:
        room.printer.meanwhile, room.printer.state = (lambda: None), STATES[6]
        room.world.time += LEASE
        room.advance()

    room.printer.meanwhile = other
    room.when_due()
    assert room.now.state == merge(STATES[4], STATES[6])


def test_ten_thousand_callbacks_shuffled_and_doubled(room: Room) -> None:
    """Each has the order asked for, and is answered with any state that it ever was in."""
    luck = random.Random(1)
    submission, now = progress.taken(ordered(room.world), "ord_1", room.world.time), room.world.time
    reads = [*STATES, *luck.choices(STATES, k=10_000 - len(STATES))]
    luck.shuffle(reads)
    for state in reads:
        after = progress.seen(submission, state, now)
        assert after.state
        if submission.state:
            assert_grew(submission.state, after.state)
        assert after.is_over >= submission.is_over
        submission = after
    assert submission.state
    assert submission.state == reduce(merge, STATES)
    assert (submission.is_over, submission.due) == (True, None)
    assert {number for _, number in numbers(submission.state)} == {"1-a", "1-b", "2-a", "2-b"}


# ---- cut off between every two calls


def deaths(room: Room) -> Iterator[int]:
    """Die at every step of taking the order one step further, from the same beginning; yield where."""
    cut = 0
    while True:
        try:
            cut_off(room.printing, cut).advance("order-1", room.world.time)
        except DiedError:
            yield cut
            room.world.time += LEASE
        else:
            return
        cut += 1


def test_cut_off_anywhere_a_submission_goes_on(room: Room) -> None:
    ordered(room.world)
    kept = [room.now.recipient or room.now.printer_id for _ in deaths(room)]
    assert len(kept) >= 7
    assert None not in kept
    assert len(room.printer.requests) == 1
    assert (room.now.printer_id, room.now.recipient) == ("ord_1", None)


def test_cut_off_anywhere_a_question_is_asked_again(room: Room) -> None:
    room.submitted()
    room.printer.state = STATES[-1]
    room.world.later(60)
    cuts = [*deaths(room)]
    assert len(cuts) >= 7
    assert (room.now.state, room.now.is_over, room.now.due) == (STATES[-1], True, None)


# ---- by the clock


def test_the_clock_takes_all_further_that_are_due(room: Room) -> None:
    for number in range(3):
        ordered(room.world, id_=f"order-{number}")
    done = room.printing.reconcile(room.world.time + timedelta(seconds=45))
    assert (done.asked, done.unanswered, done.errors) == (3, 0, 0)
    assert len(room.printer.requests) == 3
    assert room.printing.reconcile(room.world.time + timedelta(seconds=45)).asked == 0


def test_where_the_printer_is_away_the_others_stay_due(room: Room) -> None:
    for number in range(3):
        ordered(room.world, id_=f"order-{number}")
    room.printer.errors = [PrinterUnavailableError("no answer")]
    done = room.printing.reconcile(room.world.time + timedelta(seconds=45))
    assert (done.asked, done.unanswered, room.printer.asked) == (1, 1, 1)
    assert room.printing.reconcile(room.world.time + timedelta(seconds=45)).asked == 2


def test_when_the_time_is_up_the_others_stay_due(room: Room) -> None:
    for number in range(3):
        ordered(room.world, id_=f"order-{number}")
    until = room.world.time + timedelta(seconds=45)
    room.printer.meanwhile = lambda: room.world.later(30)
    assert room.printing.reconcile(until).asked == 2
    assert [*room.printer.requests] == ["order-0", "order-1"]
    room.printing.reconcile(room.world.time + timedelta(seconds=45))
    assert len(room.printer.requests) == 3


def test_a_row_that_cannot_be_read_holds_up_no_other(room: Room) -> None:
    ordered(room.world)
    ordered(room.world, id_="order-2")
    row = room.table.get({"id": "order-1"})
    assert row
    room.table.discard({"id": "order-1"})
    room.table.insert(row | {"method": "PIGEON"}, new="id")
    done = room.printing.reconcile(room.world.time + timedelta(seconds=45))
    assert (done.errors, [*room.printer.requests]) == (1, ["order-2"])
    assert room.printing.reconcile(room.world.time + timedelta(seconds=45)).errors == 0
    with pytest.raises(UnreadableError):
        room.advance()
