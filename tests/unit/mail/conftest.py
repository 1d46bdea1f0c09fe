"""Mails of one world, a mailer that keeps what it is given, and people who are written to."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from studio.dynamo import update
from studio.mail.model import Facts, Link, MailEvent, MailKind, Message
from studio.mail.send import MailSender
from studio.mail.table import Mails
from studio.money import Currency, Money
from studio.people.model import Language, Person, Role
from studio.people.table import People
from tests.unit.world import USER, World

AT = datetime(2026, 11, 28, 17, 30, tzinfo=UTC)
STOP = "https://hooks.namo.example/unsubscribe?person=user-1&key=1&signature=0f"
ADA = Person("user-1", "ada@example.com", "Ada", Role.USER, 0, 0, disabled=False, created_at="2026-11-20T12:00:00.000Z")
LAN = replace(ADA, name="Nguyễn Thị Lan", language=Language.VI)
FACTS: Facts = {
    "payment": "7b0c",
    "amount": Money(249_000, Currency.VND),
    "points": 1_100,
    "provider": "VNPAY",
    "at": AT,
    "returned": Money(1_299, Currency.SGD),
    "taken": 57,
    "order": "5e1f",
    "total": Money(4_590, Currency.USD),
    "books": 2,
    "album_files": 1,
    "prints": 12,
    "collage_files": 3,
    "until": AT + timedelta(days=30),
    "parcel": Link("https://track.example/?number=00340434&from=1", "DHL 00340434"),
    "parcel#2": "GHN GA4F2",
    "reason": "RENDERING_FAILED",
    "note": "Our printer has no paper of this size.",
    "refund": Money(4_590, Currency.USD),
    "review": Money(4_590, Currency.USD),
}


def receipt(event: str = "7b0c", **facts: Any) -> MailEvent:
    return MailEvent(MailKind.RECEIPT, event, USER.sub, {**FACTS, **facts})


def notice(event: str = "7b0c") -> MailEvent:
    return MailEvent(MailKind.PAYMENT_FAILED, event, USER.sub, FACTS)


@dataclass
class FakeMailer:
    """A mailer that keeps what it is given; `fail` raises what SES would."""

    sent: list[tuple[str, Message]] = field(default_factory=list[tuple[str, Message]])
    fail: Callable[[], None] = lambda: None

    def send(self, to: str, message: Message, event: MailEvent) -> str:
        del event
        self.fail()
        self.sent.append((to, message))
        return f"m{len(self.sent)}"


@dataclass
class PostOffice:
    """What sends mails to the one person of a world."""

    world: World
    mailer: FakeMailer = field(default_factory=FakeMailer)

    def sender(self, client: Any = None, mailer: Any = None) -> MailSender:
        client = client or self.world.client
        return MailSender(
            Mails("Mails", client), People("People", client), mailer or self.mailer, lambda id_: STOP + id_
        )

    def mark(self, event: MailEvent) -> dict[str, Any]:
        return Mails("Mails", self.world.client).get({"mail": event.key}) or {}

    def change(self, **attributes: Any) -> None:
        gone = tuple(name for name, value in attributes.items() if value is None)
        self.world.people.apply(update({"id": USER.sub}, set=attributes, remove=gone))


@pytest.fixture
def office(world: World) -> PostOffice:
    world.joined()
    return PostOffice(world)
