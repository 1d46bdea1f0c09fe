"""What a submission is after the printer was asked, whatever it answered, and when it is asked again.

Two may ask at once, and write in either order: each of these can follow any other.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from studio.clock import iso, millis, parse
from studio.printing.merge import merge
from studio.printing.model import PrintOrder
from studio.printing.protocol import PrinterUnavailableError, PrintRefusedError, Refusal
from studio.printing.submission import PrintRefusal, Submission, Trouble
from studio.sweeping import pause

# Refusals of an order itself; of any other the cause is ours, and the order is as good as before.
FINAL = frozenset({Refusal.ADDRESS, Refusal.PRODUCT, Refusal.FILE, Refusal.KEY_REUSED, Refusal.REQUEST})
# After so many questions in vain, which take half an hour at least, somebody is woken.
MOST_UNANSWERED = 5
# An order that the printer took is shown within this time: its pause window may be this long.
SHOWN_WITHIN = timedelta(days=1)


def taken(submission: Submission, printer_id: str, now: datetime) -> Submission:
    """The printer has it, and whom it goes to. One that it had refused before is for somebody to look at."""
    if submission.printer_id:
        return _asked(submission, now)
    trouble = Trouble.REFUSED if submission.refusal else None
    has = replace(submission, printer_id=printer_id, submitted_at=iso(now), recipient=None)
    after = _asked(replace(has, trouble=trouble, tries=0, unanswered=0), now)
    return replace(after, due=millis(now)) if after.is_cancelable else after


def unsent(submission: Submission, now: datetime) -> Submission:
    """It was withdrawn in time: the printer never hears of it, nor of whom it was for."""
    return replace(submission, recipient=None, due=None, updated_at=iso(now))


def refused(submission: Submission, error: PrintRefusedError, now: datetime) -> Submission:
    """It will never be printed, if that is for the printer to say and the printer has not got it yet."""
    if error.refusal not in FINAL or submission.printer_id:
        return in_trouble(submission, Trouble.REFUSED, now)
    refusal = PrintRefusal(error.refusal, error.details, error.trace)
    trouble = None if error.refusal is Refusal.ADDRESS else Trouble.REFUSED  # an address is its customer's to mend
    return _asked(replace(submission, refusal=refusal, trouble=trouble, recipient=None), now)


def seen(submission: Submission, order: PrintOrder | None, now: datetime) -> Submission:
    """Join what the printer shows with what is known. An order that it does not show yet is no loss."""
    if order is None:
        since = now - parse(submission.submitted_at or submission.created_at)
        is_lost = since > SHOWN_WITHIN and not submission.is_over
        return in_trouble(submission, Trouble.NOT_SHOWN if is_lost else None, now)
    known = merge(submission.state or order, order)
    trouble = Trouble.STUCK if known.is_stuck else None
    tries = submission.tries + 1 if known == submission.state else 0
    return _asked(replace(submission, state=known, trouble=trouble, tries=tries, unanswered=0), now)


def not_answered(submission: Submission, error: PrinterUnavailableError, now: datetime) -> Submission:
    """Ask again, and not before the printer wants that; also of what is over, where somebody wants it asked for."""
    unanswered = submission.unanswered + 1
    trouble = Trouble.NOT_ANSWERED if unanswered >= MOST_UNANSWERED else None
    after = in_trouble(replace(submission, unanswered=unanswered), trouble, now)
    wait = max(pause(after.tries + 1), timedelta(seconds=error.retry_after or 0))
    return replace(after, due=millis(now + wait))


def in_trouble(submission: Submission, trouble: Trouble | None, now: datetime) -> Submission:
    """Nothing was learned. Of a submission that somebody was woken for already, nobody is woken again."""
    return _asked(replace(submission, trouble=submission.trouble or trouble, tries=submission.tries + 1), now)


def _asked(submission: Submission, now: datetime) -> Submission:
    due = None if submission.is_over else millis(now + pause(submission.tries + 1))
    return replace(submission, asked_at=millis(now), updated_at=iso(now), due=due)
