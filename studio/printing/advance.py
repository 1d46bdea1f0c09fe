"""Taking orders further at the printer: submitted, then asked for until they are over.

Cut off anywhere it goes on: of an order's id there is one order at the printer, however often it is submitted, and what
was asked and not written is asked again.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from operator import itemgetter
from typing import Final

from aws_lambda_powertools.logging import Logger

from studio import clock
from studio.alarms import Alarm, raise_alarm
from studio.clock import millis
from studio.dynamo import ConditionFailed, Item
from studio.optimistic import retry
from studio.printing import progress
from studio.printing.protocol import (
    AnswerNotUnderstoodError,
    PrinterUnavailableError,
    PrintProvider,
    PrintRefusedError,
)
from studio.printing.request import PrintItem, PrintRequest
from studio.printing.submission import PrintFile, Submission, SubmissionItem, Trouble
from studio.printing.table import PrintOrders
from studio.sweeping import each, put_off

# Longer than the printer takes for its worst answer: whoever asks for longer has died.
LEASE: Final = timedelta(minutes=2)

# What is to be said of a submission, however it stands by then.
Learned = Callable[[Submission], Submission]
Sign = Callable[[PrintFile, datetime], str]

log = Logger()


@dataclass
class Advanced:
    """How many orders the printer was asked for, how often it did not answer, and what could not be helped."""

    asked: int = 0
    unanswered: int = 0
    errors: int = 0


@dataclass(frozen=True)
class Printing:
    """Orders on their way through one printer. `sign` makes the link by which it fetches a file."""

    orders: PrintOrders
    printer: PrintProvider
    sign: Sign

    def advance(self, id_: str, now: datetime) -> bool:
        """Take an order further, if it is due. Tell whether the printer answers.

        Raises
        ------
        UnreadableError
            Its row cannot be read.
        """
        asked = self._claimed(id_, now)
        if asked is None:
            return True
        try:
            learned = self._ask(asked, now)
        except PrinterUnavailableError as error:
            log.warning("the printer did not answer", extra={"order": id_, "cause": str(error)})
            self._write(asked, partial(progress.not_answered, error=error, now=now))
            return False
        self._write(asked, learned)
        return True

    def reconcile(self, until: datetime, now: Callable[[], datetime] = clock.now) -> Advanced:
        """Take further whatever is due, until the time is up, or the printer does not answer.

        Its next answer may take a minute as well, and is not missed: what is due stays so.
        """
        done = Advanced()

        def act(row: Item) -> None:
            if not done.unanswered and now() < until:
                done.asked += 1
                done.unanswered += not self.advance(row["id"], now())

        for batch in self.orders.due(now()):
            wait = partial(put_off, self.orders, now=now())
            done.errors += len(each(batch, act, what="order at the printer", name=itemgetter("id"), put_off=wait))
        return done

    def _claimed(self, id_: str, now: datetime) -> Submission | None:
        """Take an order that is due, so that no other asks for it, and whoever wants it asked for meanwhile is seen."""
        due = self.orders.find(id_)
        if due is None or not due.is_due(now):
            return None
        with suppress(ConditionFailed):
            if due.is_unsent:
                self.orders.step(due, progress.unsent(due, now))
                return None
            return self.orders.step(due, replace(due, asked_at=millis(now), due=millis(now + LEASE)))
        return None

    def _ask(self, submission: Submission, now: datetime) -> Learned:
        """Ask the printer what there is to ask of a submission. Raises PrinterUnavailableError."""
        try:
            if submission.printer_id:
                ask = self.printer.cancel if submission.is_cancelable else self.printer.find
                return partial(progress.seen, order=ask(submission.printer_id), now=now)
            return partial(progress.taken, printer_id=self.printer.submit(self._request(submission, now)), now=now)
        except PrintRefusedError as error:
            log.warning("the printer refused", extra={"order": submission.id, "cause": str(error)})
            return partial(progress.refused, error=error, now=now)
        except AnswerNotUnderstoodError as error:
            log.warning("the printer was not understood", extra={"order": submission.id, "cause": str(error)})
            return partial(progress.in_trouble, trouble=Trouble.NOT_UNDERSTOOD, now=now)

    def _write(self, asked: Submission, learned: Learned) -> None:
        """Write what was learned; one that is wanted again since it was asked for stays so."""

        def attempt() -> None:
            current = self.orders.find(asked.id) or asked
            after = learned(current)
            if current.version != asked.version:
                after = replace(after, due=current.due)
            _wake(current, after)
            self.orders.step(current, after)

        retry(attempt)

    def _request(self, submission: Submission, now: datetime) -> PrintRequest:
        assert submission.recipient  # what is neither submitted nor refused has one
        items = tuple(self._item(item, now) for item in submission.items)
        return PrintRequest(
            key=submission.id,
            reference=submission.id,
            method=submission.method,
            recipient=submission.recipient,
            items=items,
        )

    def _item(self, item: SubmissionItem, now: datetime) -> PrintItem:
        return PrintItem(
            product=item.product,
            copies=item.copies,
            pages=item.pages,
            reference=item.reference,
            url=self.sign(item.file, now),
            md5=item.file.md5,
            price=item.price,
        )


def _wake(before: Submission, after: Submission) -> None:
    """Wake somebody for a trouble that is new."""
    if after.trouble and after.trouble != before.trouble:
        refusal = after.refusal.refusal if after.refusal else None
        why = {"why": after.trouble, "refusal": refusal}
        raise_alarm(Alarm.PRINT_ORDER_IN_TROUBLE, order=after.id, printer_id=after.printer_id, **why)
