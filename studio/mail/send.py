"""Sending a mail once for each event; see docs/decisions/0043."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from studio.mail.address import sent_as
from studio.mail.compose import compose
from studio.mail.model import MailEvent, MailKind, Message, Outcome
from studio.mail.table import Mails
from studio.people.model import Person
from studio.people.table import People


class Mailer(Protocol):
    """What takes a message to be delivered, and gives its own name of it."""

    def send(self, to: str, message: Message, event: MailEvent) -> str: ...


@dataclass(frozen=True)
class MailSender:
    """Sends mails. `unsubscribe_url` tells where a person stops notices."""

    mails: Mails
    people: People
    mailer: Mailer
    unsubscribe_url: Callable[[str], str]

    def send(self, event: MailEvent, now: datetime) -> Outcome:
        """Send a mail unless it was, or nobody is to have it.

        Who dies after SES has it and before that is marked leaves it to be sent again: rather twice than never.

        Raises
        ------
        InProgressError
            Another delivery of the event is being sent.
        RefusedError
            SES will never take it.
        """
        lease = self.mails.claim(event, now)
        if lease is None:
            return Outcome.ALREADY_SENT
        person = self.people.find(event.person)
        outcome = why_not(event.kind, person) or Outcome.SENT
        message_id = self._sent(event, person) if person and outcome == Outcome.SENT else None
        self.mails.end(event, lease, outcome, message_id, now)
        return outcome

    def _sent(self, event: MailEvent, person: Person) -> str:
        to = sent_as(person.email)
        assert to
        unsubscribe_url = self.unsubscribe_url(person.id) if event.kind.is_notice else ""
        return self.mailer.send(to, compose(event.kind, person, event.facts, unsubscribe_url), event)


def why_not(kind: MailKind, person: Person | None) -> Outcome | None:
    """Return why somebody gets no mail of this kind. Who is disabled hears of their money all the same."""
    if person is None or person.left_at or not person.email:
        return Outcome.NO_RECIPIENT
    if kind.is_notice and person.disabled:
        return Outcome.DISABLED
    if kind.is_notice and not person.mailing:
        return Outcome.NOT_WANTED
    to = sent_as(person.email)
    if to is None:
        return Outcome.UNSENDABLE
    return Outcome.UNREACHABLE if to == person.unreachable else None
