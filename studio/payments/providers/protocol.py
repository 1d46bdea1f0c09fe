"""What a payment provider does for the studio. Each has a folder here, and a line in the registry."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar, Protocol

from studio.money import Currency
from studio.payments.model import Event, Outcome, Payment, PaymentProvider
from studio.payments.notice import Notice, Result
from studio.payments.refund_request import RefundRequest, RefundStatus
from studio.payments.transactions import Refund
from studio.people.model import Language
from studio.settings import payments as settings


@dataclass(frozen=True)
class Payer:
    """Who is led to a provider's page; None is a language that the page learns from the browser."""

    ip: str | None
    language: Language | None = None


@dataclass(frozen=True)
class PaymentPage:
    """Where a payment is paid, and the provider's own name of that page where it has one."""

    url: str
    session: str | None = None


class HostedCheckout(Protocol):
    """Opens the page where a payment is paid.

    One that `needs_call` is opened once the payment's row is there, so that an answer which is lost can be asked for
    again; asked again, the provider gives the same page. Any other is an address that we sign, and stands on the row
    from the beginning.
    """

    needs_call: ClassVar[bool]

    def open(self, payment: Payment, title: str, payer: Payer, now: datetime) -> PaymentPage:
        """Return the page; `title` is of what is bought.

        Raises
        ------
        StudioError
            PROVIDER_UNAVAILABLE.
        """
        ...

    def close(self, payment: Payment) -> None:
        """Have the page of a payment that was canceled end, where the provider can; it may have ended, or been paid."""
        ...


@dataclass(frozen=True)
class WebhookRequest:
    """What was sent to a webhook, by a provider or by anybody; names of headers are in lower case."""

    query: str
    body: bytes
    headers: Mapping[str, str]
    ip: str | None


@dataclass(frozen=True)
class WebhookResponse:
    """What a provider is answered, in JSON."""

    status: int
    body: Mapping[str, Any]


class Failure(StrEnum):
    """Why nothing came of a request: its signature is bad, or the fault is ours."""

    BAD_SIGNATURE = "bad signature"
    FAULT = "fault"


@dataclass(frozen=True)
class Verified:
    """An event whose signature is good. It is kept, and set aside at once where it is `not_ours`, for that cause."""

    event: Event
    not_ours: str | None = None


@dataclass(frozen=True)
class PayerReturn:
    """What a provider signed of how a payer comes back, the reference to show them, and which payment it names."""

    result: Result | None
    reference: str
    payment_id: str


class BadSignatureError(Exception):
    """Nothing shows that the provider sent this."""


class Webhook(Protocol):
    """The provider's webhook: `route` is its method and path."""

    route: ClassVar[str]

    def verify(self, request: WebhookRequest, now: datetime) -> Verified | None:
        """Return the event of a signed request; None is no business of ours, and nothing of it is kept.

        Raises
        ------
        BadSignatureError
        """
        ...

    def answer(self, outcome: Outcome | Failure | None) -> WebhookResponse:
        """Say what to answer; None is an event of a payment that we do not know, or not yet."""
        ...

    def verify_return(self, query: str) -> PayerReturn | None:
        """Return what is signed of the query that a payer comes back with; None where nothing is."""
        ...


class UnansweredError(RuntimeError):
    """A provider said nothing that could be believed; why is the message."""


class StatusQuery(Protocol):
    """Asks a provider how a payment ended, where its webhook requests did not reach us."""

    def ask(self, payment: Payment, now: datetime) -> Event | None:
        """Return the end as an event to keep and act on; None where the provider knows of no end.

        Raises
        ------
        UnansweredError
        """
        ...


@dataclass(frozen=True)
class RefundAnswer:
    """What a provider answered to a refund that we asked for.

    `refunds` are those that it then knew of the transaction, by its own names of them where it has any. `said` is its
    answer as it came, for an administrator; `cause` is why it refuses.
    """

    status: RefundStatus
    refunds: Mapping[str, Refund] = field(default_factory=dict[str, Refund])
    said: str = ""
    cause: str | None = None


class RefundApi(Protocol):
    """Sends money back. Whatever is asked again moves no money again."""

    def refund(self, payment: Payment, request: RefundRequest, now: datetime, *, again: bool) -> RefundAnswer:
        """Ask for a refund; `again` says that it may have been asked for before, and the answer got lost.

        Raises
        ------
        UnansweredError
            Nothing is known of it yet, or the fault is ours: it is to be asked for again.
        """
        ...

    def progress(self, payment: Payment, request: RefundRequest, now: datetime) -> RefundAnswer:
        """Ask what became of a refund that is under way.

        Raises
        ------
        UnansweredError
        """
        ...


class Provider(Protocol):
    """A payment provider. What it needs of the stage it takes from the settings of the function that it works in.

    `title` is what people know it by, `most` what it takes in one payment, in a currency's smallest unit.
    """

    name: ClassVar[PaymentProvider]
    title: ClassVar[str]
    currencies: ClassVar[frozenset[Currency]]
    most: ClassVar[int]

    def read(self, body: str) -> Notice | None:
        """Say what an event says whose signature was good; None where it is not our concern.

        Raises
        ------
        NotUnderstoodError
            It has not the form that is known of it.
        """
        ...

    def checkout(self, config: settings.PaymentsApi) -> HostedCheckout: ...

    def webhook(self, config: settings.Webhooks) -> Webhook: ...

    def status_query(self, config: settings.PaymentsReconciler) -> StatusQuery | None:
        """Return who asks, where this provider can be asked."""
        ...

    def refunds(self, config: settings.PaymentsReconciler) -> RefundApi | None:
        """Return who sends money back, where this provider can be asked to."""
        ...
