"""What comes back: believed of the address that it was sent to, and of nobody else's."""

import json
from typing import Any

import pytest

from local.mailbox.events import ACTIONS, event
from studio.clock import iso
from studio.errors import UnreadableError
from studio.mail.feedback import FeedbackHandler, read
from studio.mail.model import Outcome
from tests.unit.mail.conftest import PostOffice, receipt
from tests.unit.world import NOON, USER

ADDRESS = "user-1@namo.test"
MAIL: dict[str, Any] = {
    "id": "1",
    "messageId": "m1@email.amazonses.com",
    "at": "2026-11-28T10:00:00+00:00",
    "from": "studio@mail.namo.test",
    "to": [ADDRESS],
    "tags": {"person": USER.sub, "kind": "RECEIPT"},
}


def published(action: str, **changes: Any) -> str:
    return json.dumps(event({**MAIL, **changes}, action))


def receive(office: PostOffice, message: str) -> bool:
    return FeedbackHandler(office.world.people).handle(read(message))


@pytest.mark.parametrize(("action", "stops"), [("bounce", True), ("complain", True), ("soft-bounce", False)])
def test_a_hard_bounce_and_a_complaint_stop_mail_and_a_full_mailbox_does_not(
    office: PostOffice, action: str, *, stops: bool
) -> None:
    for _ in range(2):  # SNS delivers again
        assert receive(office, published(action)) == stops
    assert office.world.person().unreachable == (ADDRESS if stops else None)
    assert office.sender().send(receipt(), NOON) == (Outcome.UNREACHABLE if stops else Outcome.SENT)
    assert {"bounce", "complain", "soft-bounce"} == ACTIONS.keys()


def test_what_comes_in_another_order_stays_as_bad_as_it_was(office: PostOffice) -> None:
    for action in ("bounce", "soft-bounce", "complain", "soft-bounce"):
        receive(office, published(action))
    assert office.world.person().unreachable == ADDRESS


def test_who_has_another_address_since_is_written_to_there(office: PostOffice) -> None:
    receive(office, published("bounce"))
    office.change(email="new@namo.test")
    assert office.sender().send(receipt(), NOON) == Outcome.SENT
    assert not receive(office, published("bounce")), "late, of the old one"
    assert office.sender().send(receipt("2"), NOON) == Outcome.SENT
    assert receive(office, published("bounce", to=["new@namo.test"]))
    assert not receive(office, published("complain"))
    assert office.world.person().unreachable == "new@namo.test"
    assert office.sender().send(receipt("3"), NOON) == Outcome.UNREACHABLE


def test_an_international_domain_is_known_as_it_was_sent_to(office: PostOffice) -> None:
    office.change(email="lan@thư.example")
    office.sender().send(receipt(), NOON)
    ((to, _),) = office.mailer.sent
    assert to == "lan@xn--th-e0a.example"
    assert receive(office, published("bounce", to=[to]))
    assert office.sender().send(receipt("2"), NOON) == Outcome.UNREACHABLE


def test_a_mail_of_cognitos_names_nobody(office: PostOffice) -> None:
    assert not receive(office, published("bounce", tags={}))
    assert office.world.person().unreachable is None


def test_of_who_has_left_no_address_is_kept(office: PostOffice) -> None:
    office.change(leftAt=iso(NOON), email=None)
    assert not receive(office, published("bounce"))
    assert not receive(office, published("bounce", tags={"person": "nobody"}))
    assert office.world.person().unreachable is None


@pytest.mark.parametrize("kind", ["Delivery", "Send", "Reject"])
def test_other_events_say_nothing(kind: str) -> None:
    assert not read(json.dumps(event(MAIL, "bounce") | {"eventType": kind})).stops


def test_a_mail_that_a_reader_took_out_of_the_junk_is_no_complaint() -> None:
    said = event(MAIL, "complain")
    said["complaint"]["complaintFeedbackType"] = "not-spam"
    assert not read(json.dumps(said)).stops
    del said["complaint"]["complaintFeedbackType"]
    assert read(json.dumps(said)).stops


@pytest.mark.parametrize(
    "message", ["{", "[]", "{}", "1", json.dumps({"eventType": "Bounce", "mail": {"destination": []}}), "[" * 9_000]
)
def test_what_is_no_event_is_refused(message: str) -> None:
    with pytest.raises(UnreadableError):
        read(message)
