"""One mail for each event, whatever dies in between; and none to whom there is none to send."""

from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest

from studio.clock import iso
from studio.mail.model import MailEvent, Outcome
from studio.mail.ses import RefusedError
from studio.mail.table import LEASE, InProgressError
from tests.unit.fault_injection import CallBudget, FailingClient, KilledError, unreachable
from tests.unit.mail.conftest import PostOffice, notice, receipt
from tests.unit.world import NOON

ADDRESS = "user-1@namo.test"


def test_a_mail_is_sent_once_however_often_it_is_told(office: PostOffice) -> None:
    assert office.sender().send(receipt(), NOON) == Outcome.SENT
    for _ in range(3):
        assert office.sender().send(receipt(), office.world.later(600)) == Outcome.ALREADY_SENT
    assert [to for to, _ in office.mailer.sent] == [ADDRESS]
    assert office.sender().send(receipt("another"), NOON) == Outcome.SENT


def test_its_mark_names_the_event_and_nobody(office: PostOffice) -> None:
    office.sender().send(receipt(), NOON)
    assert office.mark(receipt()) == {
        "mail": "RECEIPT#7b0c",
        "endedAt": iso(NOON),
        "outcome": "SENT",
        "messageId": "m1",
    }


def deliveries(office: PostOffice, event: MailEvent) -> int:
    """Deliver an event as the queue does after something died: again, until it is seen to."""
    for _ in range(5):
        with suppress(InProgressError):
            office.sender().send(event, office.world.later(LEASE.total_seconds() + 1))
    return len(office.mailer.sent)


@pytest.mark.parametrize("answered", [False, True], ids=["before the call", "before its answer"])
@pytest.mark.parametrize("n", [1, 2, 3])
def test_whatever_call_of_the_table_is_the_last_it_is_sent_and_twice_at_most(
    office: PostOffice, n: int, *, answered: bool
) -> None:
    """The calls are claim, read the person, mark. Only who dies at the mark, unanswered or not made, sent before."""
    with pytest.raises(KilledError):
        office.sender(FailingClient(office.world.client, CallBudget(n - 1, acts=answered))).send(receipt(), NOON)
    sent_before = len(office.mailer.sent)
    assert sent_before == (1 if n == 3 else 0)
    twice = n == 3 and not answered
    assert deliveries(office, receipt()) == (2 if twice else 1)
    assert office.mark(receipt())["outcome"] == "SENT"


@pytest.mark.parametrize(("before", "times"), [(True, 1), (False, 2)])
def test_who_dies_at_ses_leaves_it_to_be_sent_again(office: PostOffice, before: bool, times: int) -> None:
    with pytest.raises(KilledError):
        office.sender(mailer=FailingClient(office.mailer, CallBudget(0, acts=not before))).send(receipt(), NOON)
    assert deliveries(office, receipt()) == times


def test_two_deliveries_at_once_send_one(office: PostOffice) -> None:
    """The second comes while the first is at SES."""

    def meanwhile() -> None:
        office.mailer.fail = lambda: None
        with pytest.raises(InProgressError):
            office.sender().send(receipt(), NOON)

    office.mailer.fail = meanwhile
    assert office.sender().send(receipt(), NOON) == Outcome.SENT
    assert len(office.mailer.sent) == 1


def test_what_ses_refuses_for_good_is_told_and_may_be_sent_once_that_is_mended(office: PostOffice) -> None:
    def refuse() -> None:
        raise RefusedError("MessageRejected")

    office.mailer.fail = refuse
    with pytest.raises(RefusedError):
        office.sender().send(receipt(), NOON)
    office.mailer.fail = lambda: None
    assert deliveries(office, receipt()) == 1


@pytest.mark.parametrize(
    ("attributes", "of_receipt", "of_notice"),
    [
        ({"mailing": True}, Outcome.SENT, Outcome.SENT),
        ({"mailing": False}, Outcome.SENT, Outcome.NOT_WANTED),
        ({"disabled": True}, Outcome.SENT, Outcome.DISABLED),
        ({"unreachable": ADDRESS}, Outcome.UNREACHABLE, Outcome.UNREACHABLE),
        ({"unreachable": "before@namo.test"}, Outcome.SENT, Outcome.SENT),
        ({"leftAt": iso(NOON), "email": None}, Outcome.NO_RECIPIENT, Outcome.NO_RECIPIENT),
        ({"leftAt": iso(NOON)}, Outcome.NO_RECIPIENT, Outcome.NO_RECIPIENT),
        ({"email": "a,b@namo.test"}, Outcome.UNSENDABLE, Outcome.UNSENDABLE),
        ({"email": "user-1@unreadable.invalid"}, Outcome.UNSENDABLE, Outcome.UNSENDABLE),
        ({"email": "lan@thư.example"}, Outcome.SENT, Outcome.SENT),
        ({"email": "lân@thư.example"}, Outcome.UNSENDABLE, Outcome.UNSENDABLE),
    ],
)
def test_whom_it_goes_to(
    office: PostOffice, attributes: dict[str, Any], of_receipt: Outcome, of_notice: Outcome
) -> None:
    office.change(**attributes)
    outcomes = [office.sender().send(event, NOON) for event in (receipt(), notice())]
    assert outcomes == [of_receipt, of_notice]
    assert len(office.mailer.sent) == outcomes.count(Outcome.SENT)
    assert office.mark(receipt())["outcome"] == of_receipt


def test_nobody_whom_there_never_was_is_written_to(office: PostOffice) -> None:
    event = MailEvent(receipt().kind, "1", "nobody", receipt().facts)
    assert office.sender().send(event, NOON) == Outcome.NO_RECIPIENT


def test_who_asks_for_no_mail_has_none_of_what_waited(office: PostOffice) -> None:
    """The wish counts that holds when the mail would go."""
    office.change(mailing=False)
    assert office.sender().send(notice("1"), NOON) == Outcome.NOT_WANTED
    office.change(mailing=True)
    assert office.sender().send(notice("1"), NOON) == Outcome.ALREADY_SENT
    assert office.sender().send(notice("2"), NOON) == Outcome.SENT


def test_a_receipt_does_not_wait_for_the_key_of_links_that_it_has_not(office: PostOffice) -> None:
    sender = replace(office.sender(), unsubscribe_url=unreachable)
    assert sender.send(receipt(), NOON) == Outcome.SENT
    with pytest.raises(ConnectionError):
        sender.send(notice(), NOON)
