"""A payment begins once for each clientRequestId, at a price that nobody can change."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from threading import Barrier
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from studio.alarms import Alarm
from studio.clock import iso
from studio.dynamo import update
from studio.errors import ErrorType, StudioError
from studio.money import Currency, Money
from studio.payments.checkout import MAX_PENDING, CheckoutRequest, CheckoutSettings
from studio.payments.model import PaymentProvider, PaymentStatus
from studio.payments.packages import PACKAGES
from studio.payments.providers.registry import PROVIDERS
from studio.payments.table import Payments
from studio.people.model import Caller, Language, Role
from studio.rates.model import Rate, RateSource
from tests.unit.payments.shop import CENTS, PRICE, Shop, session
from tests.unit.payments.stripe_api import StripeApi
from tests.unit.raised import Raised
from tests.unit.world import NOON, OTHER, USER

STRIPE: dict[str, Any] = {"provider": "STRIPE", "currency": "USD"}


def refused(shop: Shop, **given: Any) -> ErrorType:
    with pytest.raises(StudioError) as error:
        shop.order(**given)
    return error.value.type


def unavailable(shop: Shop, **given: Any) -> str:
    """Return what is said where Stripe makes no page."""
    with pytest.raises(StudioError) as error:
        shop.order(**STRIPE, **given)
    assert error.value.type == ErrorType.PROVIDER_UNAVAILABLE
    return str(error.value)


def test_a_payment_waits_for_its_money_at_vnpay(shop: Shop) -> None:
    payment = shop.order(Caller(USER.sub, Role.USER, "203.0.113.9"))
    assert shop.now(payment) == payment
    assert (payment.status, payment.points, payment.amount) == ("PENDING", 100, Money(PRICE, Currency.VND))
    assert payment.expires_at == iso(NOON + timedelta(hours=1))
    asked = parse_qs(urlsplit(payment.pay_url or "").query)
    assert asked["vnp_IpAddr"] == ["203.0.113.9"]
    assert asked["vnp_ReturnUrl"] == ["https://hooks.namo.example/return"]
    assert shop.send_ipn(shop.ipn(payment)) == "00"


@pytest.mark.parametrize(("language", "locale"), [(Language.EN, "en"), (Language.VI, "vn")])
def test_vnpays_page_is_in_the_payers_language(shop: Shop, language: Language, locale: str) -> None:
    shop.world.people.apply(update({"id": USER.sub}, condition="attribute_exists(id)", set={"language": language}))
    asked = parse_qs(urlsplit(shop.order().pay_url or "").query)
    assert asked["vnp_Locale"] == [locale]


def test_asking_twice_is_one_payment(shop: Shop) -> None:
    first = shop.order(clientRequestId="same")
    shop.world.later(60)
    assert shop.order(clientRequestId="same") == first
    assert refused(shop, clientRequestId="same", packageId="points-500") == ErrorType.REQUEST_ID_REUSED
    assert refused(shop, clientRequestId="same", returnUrl="https://evil.example/") == ErrorType.REQUEST_ID_REUSED
    assert shop.payments.ids_of(USER.sub) == [first.id]
    shop.world.joined(OTHER)
    assert shop.order(OTHER, clientRequestId="same").id != first.id


def test_two_at_the_same_moment_are_one_payment(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    first = shop.order(clientRequestId="same")
    monkeypatch.setattr(shop.world.requests, "made_before", lambda _request: None)
    assert shop.order(clientRequestId="same") == first
    assert refused(shop, clientRequestId="same", packageId="points-500") == ErrorType.REQUEST_ID_REUSED


@pytest.mark.parametrize(
    ("given", "type_"),
    [
        ({"packageId": "points-7"}, ErrorType.PACKAGE_UNKNOWN),
        ({"packageId": None}, ErrorType.PACKAGE_UNKNOWN),
        ({"orderId": "8d5c"}, ErrorType.ORDER_UNKNOWN),
        ({"packageId": "points-100", "orderId": "8d5c"}, ErrorType.GOODS_AMBIGUOUS),
        ({"packageId": "", "orderId": ""}, ErrorType.GOODS_AMBIGUOUS),
        ({"currency": "USD"}, ErrorType.CURRENCY_NOT_SUPPORTED),
        ({"currency": "SGD"}, ErrorType.CURRENCY_NOT_SUPPORTED),
        ({"clientRequestId": ""}, ErrorType.REQUEST_ID_MALFORMED),
        ({"returnUrl": "https://evil.example/"}, ErrorType.RETURN_URL_NOT_ALLOWED),
    ],
)
def test_bad_input_leaves_nothing(shop: Shop, given: dict[str, Any], type_: ErrorType) -> None:
    assert refused(shop, **given) == type_
    assert shop.payments.ids_of(USER.sub) == []


@pytest.mark.parametrize(
    ("url", "good"),
    [
        ("https://namo.example/thanks?a=1#b", True),
        ("https://namo.example:443/", True),
        ("https://NAMO.example/", True),
        ("http://namo.example/", False),
        ("https://namo.example:8443/", False),
        ("https://namo.example.evil.example/", False),
        ("https://namo.example@evil.example/", False),
        ("https://evil.example@namo.example/", False),
        ("https://evil.example/https://namo.example/", False),
        ("https://namo.example\\@evil.example/", False),
        ("https://namo.example\t.evil.example/", False),
        (" https://namo.example/", False),
        ("//namo.example/", False),
        ("javascript://namo.example/%0Aalert(1)", False),
        ("https://namo.example:x/", False),
        ("https://nаmo.example/", False),  # noqa: RUF001 - a Cyrillic letter
        ("", False),
        (f"https://namo.example/{'x' * 234}", True),
        (f"https://namo.example/{'x' * 235}", False),
    ],
)
def test_only_our_own_sites_are_come_back_to(url: str, good: bool) -> None:
    settings = CheckoutSettings(("https://namo.example", "http://localhost:5173"), "https://own.example/", 3600)
    if good:
        assert settings.checked_return_url(url) == url
    else:
        with pytest.raises(StudioError):
            settings.checked_return_url(url)
    assert settings.checked_return_url(None) == "https://own.example/"


def test_any_site_is_one_that_a_browser_can_go_to() -> None:
    settings = CheckoutSettings(("*",), "", 3600)
    assert settings.checked_return_url("http://127.0.0.1:8080/x")
    with pytest.raises(StudioError):
        settings.checked_return_url("ftp://namo.example/")


def test_only_so_many_wait_at_a_time(shop: Shop) -> None:
    payments = [shop.order() for _ in range(MAX_PENDING)]
    assert refused(shop) == ErrorType.TOO_MANY_PAYMENTS
    assert shop.order(clientRequestId="buy-1") == payments[0]
    shop.world.joined(OTHER)
    assert shop.order(OTHER)
    shop.send_ipn(shop.ipn(payments[0]))
    assert shop.order()
    assert refused(shop) == ErrorType.TOO_MANY_PAYMENTS
    shop.world.later(4201)
    shop.reconcile()
    assert shop.order()


def test_however_many_at_once_only_so_many_wait(shop: Shop) -> None:
    together = MAX_PENDING + 7
    start = Barrier(together)

    def order(name: int) -> ErrorType | None:
        start.wait()
        try:
            shop.order(clientRequestId=f"at-once-{name}")
        except StudioError as error:
            return error.type
        return None

    with ThreadPoolExecutor(together) as threads:
        answers = Counter(threads.map(order, range(together)))
    assert answers == {None: MAX_PENDING, ErrorType.TOO_MANY_PAYMENTS: 7}
    assert shop.world.person().paying == set(shop.payments.ids_of(USER.sub))


def test_a_payment_that_is_being_written_counts(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """A transaction's rows do not become visible at once: the person's may be there and its payment's not yet."""
    for _ in range(MAX_PENDING):
        shop.order()
    monkeypatch.setattr(Payments, "find_many", lambda _payments, _ids: [])
    assert refused(shop) == ErrorType.TOO_MANY_PAYMENTS


def test_what_can_be_paid_no_more_makes_room_before_it_expires(shop: Shop) -> None:
    payments = [shop.order() for _ in range(MAX_PENDING)]
    shop.world.later(4200)
    assert refused(shop) == ErrorType.TOO_MANY_PAYMENTS
    shop.world.later(1)
    new = shop.order()
    assert shop.world.person().paying == {new.id}
    assert shop.now(payments[0]).status == PaymentStatus.PENDING


def test_the_last_one_asked_for_twice_at_once_is_no_refusal(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    payments = [shop.order() for _ in range(MAX_PENDING)]
    monkeypatch.setattr(shop.world.requests, "made_before", lambda _request: None)
    assert shop.order(clientRequestId=f"buy-{MAX_PENDING}") == payments[-1]


def test_who_is_shut_out_meanwhile_begins_nothing(shop: Shop) -> None:
    shop.world.people.apply(update({"id": USER.sub}, set={"disabled": True}))
    assert refused(shop) == ErrorType.USER_DISABLED
    assert shop.payments.ids_of(USER.sub) == []
    assert shop.world.person().paying == set()


def test_who_has_no_row_yet_gets_one(shop: Shop) -> None:
    payment = shop.order(OTHER)
    assert shop.send_ipn(shop.ipn(payment)) == "00"
    assert shop.world.person(OTHER).points == 120


def test_stripe_makes_the_page(shop: Shop, stripe_api: StripeApi) -> None:
    shop.stripe_url = stripe_api.address
    payment = shop.order(**STRIPE, returnUrl="https://namo.example/thanks?a=1")
    assert payment.pay_url == f"https://checkout.stripe.com/c/pay/{payment.id}"
    assert shop.now(payment) == payment
    [(headers, given)] = stripe_api.asked
    assert headers["authorization"] == "Bearer sk_test_1"
    assert headers["idempotency-key"] == payment.id
    back = f"https://namo.example/thanks?a=1&paymentId={payment.id}&result="
    assert given == {
        "mode": "payment",
        "client_reference_id": payment.id,
        "metadata[paymentId]": payment.id,
        "payment_intent_data[metadata][paymentId]": payment.id,
        "line_items[0][quantity]": "1",
        "line_items[0][price_data][currency]": "usd",
        "line_items[0][price_data][unit_amount]": str(CENTS),
        "line_items[0][price_data][product_data][name]": "100 points",
        "expires_at": str(int(NOON.timestamp()) + 3600),
        "success_url": f"{back}done",
        "cancel_url": f"{back}canceled",
    }


@pytest.mark.parametrize("status", [409, 429])
def test_while_stripe_is_busy_the_payment_waits_for_its_page(
    shop: Shop, stripe_api: StripeApi, caplog: pytest.LogCaptureFixture, status: int
) -> None:
    shop.stripe_url = stripe_api.address
    stripe_api.status = status
    assert "the same clientRequestId" in unavailable(shop, clientRequestId="same")
    [id_] = shop.payments.ids_of(USER.sub)
    found = shop.payments.find(id_)
    assert found
    assert (found.status, found.pay_url) == (PaymentStatus.PENDING, None)
    stripe_api.status = 200
    again = shop.order(**STRIPE, clientRequestId="same")
    assert (again.id, again.pay_url) == (id_, f"https://checkout.stripe.com/c/pay/{id_}")
    assert {headers["idempotency-key"] for headers, _ in stripe_api.asked} == {id_}
    asked = len(stripe_api.asked)
    assert shop.order(**STRIPE, clientRequestId="same") == again
    assert len(stripe_api.asked) == asked
    assert "sk_test" not in caplog.text


@pytest.mark.parametrize("status", [500, 503])
def test_a_fault_of_stripes_stays_with_its_payment(
    shop: Shop, stripe_api: StripeApi, caplog: pytest.LogCaptureFixture, status: int
) -> None:
    shop.stripe_url = stripe_api.address
    stripe_api.status = status
    assert "a new clientRequestId" in unavailable(shop, clientRequestId="same")
    stripe_api.status = 200
    assert "a new clientRequestId" in unavailable(shop, clientRequestId="same")
    assert shop.order(**STRIPE, clientRequestId="new").pay_url
    assert "sk_test" not in caplog.text


def test_a_stripe_that_cannot_be_reached_is_asked_again(shop: Shop, stripe_api: StripeApi) -> None:
    assert "the same clientRequestId" in unavailable(shop, clientRequestId="same")
    shop.stripe_url = stripe_api.address
    assert shop.order(**STRIPE, clientRequestId="same").pay_url


def test_a_stripe_that_has_no_page(shop: Shop, stripe_api: StripeApi) -> None:
    shop.stripe_url, stripe_api.url = stripe_api.address, None
    assert "a new clientRequestId" in unavailable(shop)


def test_money_that_is_there_before_the_page_is_kept(
    shop: Shop, stripe_api: StripeApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stripe's answer was lost, the payer found the page all the same, and then the client asks again."""
    refused(shop, **STRIPE, clientRequestId="same")
    [id_] = shop.payments.ids_of(USER.sub)
    payment = shop.payments.find(id_)
    assert payment

    def answer(_headers: Any, _given: Any) -> tuple[int, dict[str, Any]]:
        shop.send_stripe("checkout.session.completed", session(payment))
        return 200, {"id": "cs_1", "object": "checkout.session", "url": "https://checkout.stripe.com/late"}

    monkeypatch.setattr(stripe_api, "answer", answer)
    shop.stripe_url = stripe_api.address
    assert shop.order(**STRIPE, clientRequestId="same").status == PaymentStatus.PAID
    assert shop.is_sound(payment)


def test_an_expired_payment_gets_no_page(shop: Shop, stripe_api: StripeApi) -> None:
    refused(shop, **STRIPE, clientRequestId="same")
    shop.world.later(4201)
    shop.reconcile()
    shop.stripe_url = stripe_api.address
    assert shop.order(**STRIPE, clientRequestId="same").status == PaymentStatus.EXPIRED
    assert stripe_api.asked == []


@pytest.mark.parametrize(
    ("rate", "worth"), [("0.00003937007874", Money(980, Currency.USD)), (None, None)], ids=["known", "unknown"]
)
def test_a_payment_knows_what_it_was_worth(shop: Shop, rate: str | None, worth: Money | None) -> None:
    if rate:
        shop.rate = Rate(Currency.VND, Currency.USD, Decimal(rate), NOON, RateSource.PROVIDER)
    assert shop.now(shop.order()).worth == worth


def test_dollars_are_worth_themselves(shop: Shop, stripe_api: StripeApi) -> None:
    shop.stripe_url = stripe_api.address
    assert shop.order(**STRIPE).worth == Money(CENTS, Currency.USD)


@pytest.mark.parametrize("provider", PaymentProvider)
def test_every_package_has_a_price_in_all_that_a_provider_takes(provider: PaymentProvider) -> None:
    taken = PROVIDERS[provider].currencies
    for package in PACKAGES:
        assert {package.price(PROVIDERS[provider], currency).currency for currency in taken} == taken


def test_a_larger_package_is_never_dearer_by_the_point() -> None:
    for currency in Currency:
        each = [
            package.price(PROVIDERS[PaymentProvider.STRIPE], currency).minor / package.points for package in PACKAGES
        ]
        assert each == sorted(each, reverse=True)


KINDS = ("packageId", "orderId")


def test_an_orders_words_are_its_arguments() -> None:
    given: Any = {"clientRequestId": "1", "provider": "VNPAY", "currency": "VND", "packageId": "points-100"}
    plain = CheckoutRequest.of(given, KINDS).request(USER.sub, "p").fingerprint
    assert CheckoutRequest.of(given | {"orderId": None}, KINDS).request(USER.sub, "q").fingerprint == plain
    assert CheckoutRequest.of(given | {"packageId": "points-500"}, KINDS).request(USER.sub, "p").fingerprint != plain


def test_a_page_that_would_end_too_soon_for_stripe_is_not_asked_for(shop: Shop, stripe_api: StripeApi) -> None:
    shop.stripe_url, stripe_api.status = stripe_api.address, 503
    with pytest.raises(StudioError):
        shop.order(**STRIPE, clientRequestId="late")
    asked, stripe_api.status = len(stripe_api.asked), 200
    shop.world.later(1801)
    with pytest.raises(StudioError) as error:
        shop.order(**STRIPE, clientRequestId="late")
    assert error.value.type == ErrorType.PROVIDER_UNAVAILABLE
    assert len(stripe_api.asked) == asked > 0


@pytest.mark.parametrize(("status", "ours"), [(401, True), (400, True), (429, False), (503, False)])
def test_a_refusal_of_stripes_is_for_us_to_mend(
    shop: Shop, stripe_api: StripeApi, raised: Raised, status: int, *, ours: bool
) -> None:
    shop.stripe_url, stripe_api.status = stripe_api.address, status
    with pytest.raises(StudioError):
        shop.order(**STRIPE)
    assert raised.names() == [Alarm.PROVIDER_REFUSES] * ours
