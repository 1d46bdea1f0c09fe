"""Where a payment begins: the price of goods is asked for at a provider, and a row waits for the money."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, cast
from urllib.parse import urlsplit

from studio import ids
from studio.clock import after, iso, parse
from studio.dynamo import ConditionFailed, transact
from studio.errors import ErrorType, StudioError
from studio.money import Currency, Money
from studio.optimistic import retry
from studio.payments.goods import Goods, refuse_undeliverable
from studio.payments.model import Payment, PaymentProvider, PaymentStatus
from studio.payments.points import PACKAGE
from studio.payments.providers.protocol import HostedCheckout, Payer, Provider
from studio.payments.providers.registry import PROVIDERS
from studio.payments.table import GRACE, Payments
from studio.people.find_or_create import PersonFinder
from studio.people.guard import refuse
from studio.people.item import person_from_item
from studio.people.model import Caller, Person
from studio.rates.model import Rate
from studio.requests.table import Request, Requests, checked_id, fingerprint

if TYPE_CHECKING:
    from studio.inputs import CreatePaymentInput

# So many payments of one person may wait for their money at a time.
MAX_PENDING = 5
# Where they are in the transaction.
_REQUEST, _PERSON = range(2)
ANY_ORIGIN = "*"
_LONGEST_URL = 255  # what every provider takes
_PORTS = {"http": 80, "https": 443}

FindRate = Callable[[Currency, Currency], Rate | None]


@dataclass(frozen=True)
class CheckoutRequest:
    """A CreatePaymentInput."""

    client_request_id: str
    provider: PaymentProvider
    currency: Currency
    goods: str
    goods_id: str | None
    return_url: str | None

    @classmethod
    def of(cls, given: "CreatePaymentInput", kinds: Iterable[str]) -> "CheckoutRequest":
        """Read the input, where goods of these kinds are sold.

        Raises
        ------
        StudioError
            REQUEST_ID_MALFORMED, GOODS_AMBIGUOUS.
        """
        arguments = cast("Mapping[str, str | None]", given)
        named = [(kind, id_) for kind in kinds if (id_ := arguments.get(kind)) is not None]
        if len(named) > 1:
            raise StudioError(ErrorType.GOODS_AMBIGUOUS, "A payment is for one thing: name only one.")
        goods, goods_id = named[0] if named else (PACKAGE, None)
        return cls(
            client_request_id=checked_id(given["clientRequestId"]),
            provider=PaymentProvider(given["provider"]),
            currency=Currency(given["currency"]),
            goods=goods,
            goods_id=goods_id,
            return_url=given.get("returnUrl"),
        )

    def request(self, owner: str, payment_id: str) -> Request:
        arguments = {
            "provider": self.provider,
            "currency": self.currency,
            "returnUrl": self.return_url,
            # Marks are for ever, and the first ones name both; goods that come later are named where asked for.
            "packageId": None,
            "orderId": None,
            self.goods: self.goods_id,
        }
        return Request(owner, self.client_request_id, fingerprint("createPayment", arguments), (payment_id,))


@dataclass(frozen=True)
class CheckoutSettings:
    """The stage's: where payers may come back to, where they do otherwise, and how long they may take."""

    web_origins: tuple[str, ...]
    return_url: str
    payment_seconds: int

    def checked_return_url(self, url: str | None) -> str:
        """Return where the payer comes back to.

        Raises
        ------
        StudioError
            RETURN_URL_NOT_ALLOWED: not on one of the stage's own sites.
        """
        if url is None:
            return self.return_url
        origin = _origin(url)
        allowed = {_origin(each) for each in self.web_origins if each != ANY_ORIGIN}
        if origin is None or not (ANY_ORIGIN in self.web_origins or origin in allowed):
            raise StudioError(ErrorType.RETURN_URL_NOT_ALLOWED, "returnUrl must be on one of the studio's own sites.")
        return url


def _origin(url: str) -> tuple[str, str, int] | None:
    """Return scheme, host and port; None for what a browser could read otherwise than we do."""
    if len(url) > _LONGEST_URL or not url.isascii() or not url.isprintable() or set(url) & set(' \\"<>^`{|}'):
        return None
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in _PORTS or not parts.hostname or "@" in parts.netloc:
        return None
    return parts.scheme, parts.hostname, port or _PORTS[parts.scheme]


@dataclass(frozen=True)
class Checkout:
    """Begins payments."""

    payments: Payments
    requests: Requests
    person_finder: PersonFinder
    rate: FindRate
    providers: Mapping[PaymentProvider, HostedCheckout]
    goods: Mapping[str, Goods]
    settings: CheckoutSettings

    def begin(self, caller: Caller, asked: CheckoutRequest, now: datetime) -> Payment:
        """Return a payment and where to pay it; the same request again is the same payment.

        Raises
        ------
        StudioError
            What the caller must change, or PROVIDER_UNAVAILABLE: asking again goes on where this one stopped.
        """
        request = asked.request(caller.sub, ids.new())
        made = self.requests.made_before(request)
        payment = self._made(made[0]) if made else self._write(caller, asked, request, now)
        return self._payable(payment, caller, now)

    def _write(self, caller: Caller, asked: CheckoutRequest, request: Request, now: datetime) -> Payment:
        payer = Payer(caller.ip, self.person_finder.caller(caller, now).language)
        payment = self._new(caller, payer, asked, request.made[0], now)
        goods = self.goods[payment.goods]
        writes = [
            self.requests.new(request, iso(now)),
            self.person_finder.people.pay(caller, payment.id, goods.room(payment), MAX_PENDING),
            self.payments.new(payment),
        ]

        def attempt() -> Payment:
            try:
                transact(self.payments.client, writes)
            except ConditionFailed as failed:
                if _REQUEST in failed.refused:
                    return self._made(self.requests.same(request, failed.refused[_REQUEST])[0])
                person = person_from_item(failed.refused[_PERSON])
                refuse(person, caller)
                refuse_undeliverable(goods.undeliverable(payment, person))
                self._make_room(person, now)
                raise
            return payment

        return retry(attempt)

    def _make_room(self, person: Person, now: datetime) -> None:
        """Take what is over out of the payments that the person may still pay, unless all of them wait."""
        found = self.payments.find_many([*person.paying])
        over = {payment.id for payment in found if not _waits(payment, now)}
        if not over:
            message = (
                f"{MAX_PENDING} of your payments wait to be paid. Please pay or cancel one, or wait until they expire."
            )
            raise StudioError(ErrorType.TOO_MANY_PAYMENTS, message, max=MAX_PENDING)
        people = self.person_finder.people
        transact(people.client, [people.ended(person.id, "paying", over)])

    def _made(self, id_: str) -> Payment:
        payment = self.payments.find(id_)
        assert payment  # rows of payments stay
        return payment

    def _new(self, caller: Caller, payer: Payer, asked: CheckoutRequest, id_: str, now: datetime) -> Payment:
        offer = self.goods[asked.goods].offer(caller, asked.goods_id, now)
        price = _payable_at_once(offer.price(PROVIDERS[asked.provider], asked.currency), PROVIDERS[asked.provider])
        payment = Payment(
            id=id_,
            owner=caller.sub,
            provider=asked.provider,
            status=PaymentStatus.PENDING,
            goods=asked.goods,
            goods_id=offer.id,
            points=offer.points,
            amount=price,
            created_at=iso(now),
            updated_at=iso(now),
            expires_at=iso(after(now, self.settings.payment_seconds)),
            return_url=self.settings.checked_return_url(asked.return_url),
            worth=self._worth(price),
        )
        if self.providers[asked.provider].needs_call:
            return payment
        return self._opened(payment, payer, now)

    def _opened(self, payment: Payment, payer: Payer, now: datetime) -> Payment:
        title = self.goods[payment.goods].title(payment)
        page = self.providers[payment.provider].open(payment, title, payer, now)
        return replace(payment, pay_url=page.url, session=page.session)

    def _worth(self, price: Money) -> Money | None:
        if price.currency == Currency.USD:
            return price
        rate = self.rate(price.currency, Currency.USD)
        return price.converted(Currency.USD, rate.factor) if rate else None

    def _payable(self, payment: Payment, caller: Caller, now: datetime) -> Payment:
        """Have the provider make its page, where that is still to be done."""
        if payment.pay_url or not payment.is_to_be_paid:
            return payment
        opened = self._opened(payment, Payer(caller.ip), now)
        try:
            return self.payments.step(payment, replace(opened, version=payment.version + 1))
        except ConditionFailed:
            return self._made(payment.id)  # the same request came twice at once, or the money was there first


def _payable_at_once(price: Money, provider: Provider) -> Money:
    if price.minor > provider.most:
        message = f"This costs more than {provider.title} takes in one payment. Please pay it another way, or in parts."
        raise StudioError(ErrorType.AMOUNT_TOO_LARGE, message, max=provider.most)
    return price


def _waits(payment: Payment, now: datetime) -> bool:
    """Tell whether somebody may still be paying; a row is PENDING longer while its end is not known."""
    return payment.is_to_be_paid and now <= parse(payment.expires_at) + GRACE
