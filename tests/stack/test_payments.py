"""From a package to points: paid, refused, paid wrongly, twice, late, back, and told of in every order at once."""

import asyncio
import random
import secrets
from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace

import aiohttp
import pytest

from local.client import Person
from tests.stack import books, paying
from tests.stack.asking import ON_PAYMENT, ask, get
from tests.stack.behind import Behind
from tests.stack.client import PATIENCE_SECONDS, StackClient
from tests.stack.event_log import Event, EventLog, event_log
from tests.stack.paying import CURRENCIES, POINTS, Bank, Payment, WebhookSender, begin

DELIVERIES, PAYMENTS_EACH = 200, 5
CONFIRMED, CONFIRMED_BEFORE, WRONG_AMOUNT, BAD_SIGNATURE = "00", "02", "04", "97"
OK, BAD_REQUEST = "200", "400"

each_provider = pytest.mark.parametrize("provider", CURRENCIES)


@pytest.fixture
def bank(client: StackClient) -> Bank:
    return Bank(client.outputs["bankUrl"])


@asynccontextmanager
async def buyer(client: StackClient, points: int = 0) -> AsyncGenerator[tuple[Person, EventLog]]:
    """Somebody who hears of their payments."""
    person = await client.new_user(points)
    async with event_log(client, person, document=ON_PAYMENT) as events:
        yield person, events


async def becomes(events: EventLog, payment: Payment, status: str, **more: object) -> Event:
    """Wait for the push that says so."""

    def there() -> list[Event]:
        wanted = {"status": status, **more}
        return [event for event in events.of(payment["id"]) if wanted.items() <= event.items()]

    await events.until(lambda _: there())
    return there()[0]


def check_books(client: StackClient, person: Person) -> books.Books:
    kept = books.of(client, person.sub)
    assert kept.drift == 0
    assert kept.person["moves"] == len(kept.ledger)
    return kept


@each_provider
async def test_what_is_paid_is_credited_and_pushed(client: StackClient, bank: Bank, provider: str) -> None:
    async with buyer(client) as (person, events):
        payment = await begin(client, person, provider)
        assert (payment["status"], payment["creditedPoints"]) == ("PENDING", 0)
        await bank.act(payment, "pay")
        paid = await becomes(events, payment, "PAID")
        assert (paid["creditedPoints"], paid["balance"], paid["owedPoints"]) == (POINTS, POINTS, 0)
        assert paid["payUrl"] is None
        assert await bank.answered(payment) == [CONFIRMED if provider == "VNPAY" else OK]
        assert await client.points(person) == POINTS
        assert await get(client, person, "payment", id=payment["id"]) == paid
        (line,) = (await get(client, person, "pointsHistory"))["items"][:1]
        assert (line["points"], line["reason"], line["paymentId"]) == (POINTS, "PURCHASE", payment["id"])
        assert [event["status"] for event in events.of(payment["id"])][-1] == "PAID"


async def test_a_payer_comes_back_to_a_page_that_says_so(client: StackClient, bank: Bank) -> None:
    async with buyer(client) as (person, events):
        payment = await begin(client, person, "VNPAY")
        url, page = await bank.pay_and_return(payment)
        assert url.startswith(f"{client.outputs['webhooksUrl']}/return?")
        assert "<html" in page
        await becomes(events, payment, "PAID")


async def test_the_same_order_again_is_the_same_payment(client: StackClient) -> None:
    person, wanted = await client.new_user(0), paying.order("STRIPE")
    first, again = [await get(client, person, "createPayment", input=wanted) for _ in range(2)]
    assert first == again


async def test_who_leaves_vnpays_page_is_told_that_nothing_was_paid(client: StackClient, bank: Bank) -> None:
    async with buyer(client) as (person, events):
        payment = await begin(client, person, "VNPAY")
        await bank.act(payment, "refuse")
        assert (await becomes(events, payment, "FAILED"))["creditedPoints"] == 0
        assert await bank.answered(payment) == [CONFIRMED]
        assert await client.points(person) == 0


async def test_a_card_that_stripe_declines_leaves_the_payment_open(client: StackClient, bank: Bank) -> None:
    async with buyer(client) as (person, events):
        payment = await begin(client, person, "STRIPE")
        await bank.act(payment, "refuse")
        assert (await get(client, person, "payment", id=payment["id"]))["status"] == "PENDING"
        await bank.act(payment, "pay")
        await becomes(events, payment, "PAID")
        assert await client.points(person) == POINTS


@pytest.mark.parametrize(
    ("provider", "way", "reason", "answer"),
    [
        ("VNPAY", "pay_wrong_amount", "WRONG_AMOUNT", WRONG_AMOUNT),
        ("VNPAY", "pay_suspected", "SUSPECTED", CONFIRMED),
        ("STRIPE", "pay_wrong_amount", "WRONG_AMOUNT", OK),
    ],
)
async def test_money_that_came_otherwise_than_it_should_waits_for_an_administrator(
    client: StackClient, bank: Bank, provider: str, way: str, reason: str, answer: str
) -> None:
    async with buyer(client) as (person, events):
        payment = await begin(client, person, provider)
        await bank.act(payment, way)
        held = await becomes(events, payment, "REVIEW")
        assert (held["reviewReason"], held["creditedPoints"]) == (reason, 0)
        assert (await bank.answered(payment))[0] == answer
        assert await client.points(person) == 0
        decided = {"id": payment["id"], "decision": "CREDIT", "note": "The rest came by transfer."}
        assert (await ask(client, person, "resolvePayment", **decided)).errors
        assert (await get(client, "admin", "resolvePayment", **decided))["status"] == "PAID"
        await becomes(events, payment, "PAID", creditedPoints=POINTS)
        assert await client.points(person) == POINTS
        check_books(client, person)


@each_provider
async def test_told_twice_at_once_is_credited_once(client: StackClient, bank: Bank, provider: str) -> None:
    async with buyer(client) as (person, events):
        payment = await begin(client, person, provider)
        await bank.act(payment, "pay_twice")
        answers = await bank.answered(payment, times=2)
        assert sorted(answers) == ([CONFIRMED, CONFIRMED_BEFORE] if provider == "VNPAY" else [OK, OK])
        await becomes(events, payment, "PAID")
        assert check_books(client, person).lines("PURCHASE") == {payment["id"]: POINTS}


async def test_a_refund_takes_points_back(client: StackClient, bank: Bank) -> None:
    async with buyer(client) as (person, events):
        payment = await begin(client, person, "STRIPE")
        await bank.act(payment, "pay")
        await becomes(events, payment, "PAID")
        await bank.act(payment, "refund?amount=400")
        part = await becomes(events, payment, "PAID", version=payment["version"] + 2)
        assert 0 < part["creditedPoints"] < POINTS
        assert await client.points(person) == part["creditedPoints"]
        await bank.act(payment, "refund")
        assert (await becomes(events, payment, "REFUNDED"))["creditedPoints"] == 0
        assert await client.points(person) == 0
        check_books(client, person)


@each_provider
async def test_what_is_asked_back_goes_back_through_the_provider(
    client: StackClient, bank: Bank, provider: str
) -> None:
    async with buyer(client) as (person, events):
        payment = await begin(client, person, provider)
        await bank.act(payment, "pay")
        await becomes(events, payment, "PAID")
        given = {"id": payment["id"], "note": "The print was torn."}
        assert (await ask(client, person, "refundPayment", **given)).errors
        assert (await get(client, "admin", "refundPayment", **given))["refundStatus"] == "ASKED"
        # Nobody waits for the clock.
        gone = await becomes(events, payment, "REFUNDED")
        assert (gone["creditedPoints"], gone["balance"]) == (0, 0)
        assert (await bank.shown(payment))["refunded"] == payment["amount"]["minor"]
        if provider == "VNPAY":
            assert gone["refundStatus"] == "UNDER_WAY"
            await bank.act(payment, "refund_done")
            Behind(client).expire_payment(payment["id"])
            Behind(client).invoke("payments-reconciler", {"payment": payment["id"]})
        await becomes(events, payment, "REFUNDED", refundStatus="DONE")
        assert (await get(client, "admin", "refundPayment", **given))["refundStatus"] == "DONE"
        assert await client.points(person) == 0
        check_books(client, person)


@each_provider
async def test_what_a_provider_refuses_to_send_back_waits_for_an_administrator(
    client: StackClient, bank: Bank, provider: str
) -> None:
    async with buyer(client) as (person, events):
        payment = await begin(client, person, provider)
        await bank.act(payment, "pay")
        await becomes(events, payment, "PAID")
        await bank.act(payment, "refunds_refused")
        given = {"id": payment["id"], "note": "The print was torn."}
        await get(client, "admin", "refundPayment", **given)
        held = await becomes(events, payment, "REVIEW")
        assert (held["reviewReason"], held["refundStatus"]) == ("REFUND_REFUSED", "REFUSED")
        await get(client, "admin", "refundPayment", **given)
        await becomes(events, payment, "REFUNDED")
        assert (await bank.shown(payment))["refunded"] == payment["amount"]["minor"]
        check_books(client, person)


@pytest.mark.parametrize("fault", ["refunds_lost", "refunds_down"])
@each_provider
async def test_a_refund_whose_answer_is_lost_is_asked_for_again_and_made_once(
    client: StackClient, bank: Bank, provider: str, fault: str
) -> None:
    behind = Behind(client)
    async with buyer(client) as (person, events):
        payment = await begin(client, person, provider)
        await bank.act(payment, "pay")
        paid = await becomes(events, payment, "PAID")
        await bank.act(payment, fault)
        await get(client, "admin", "refundPayment", id=payment["id"], note="The print was torn.")
        await behind.refund_was_tried(payment["id"])
        behind.expire_payment(payment["id"])
        behind.invoke("payments-reconciler", {"payment": payment["id"]})
        gone = await becomes(events, payment, "REFUNDED")
        assert gone["version"] > paid["version"] + 1
        assert (await bank.shown(payment))["refunded"] == payment["amount"]["minor"]
        assert await client.points(person) == 0


@pytest.mark.parametrize(("end", "left"), [("win", POINTS), ("lose", 0)])
async def test_a_dispute_holds_the_points_until_it_is_over(
    client: StackClient, bank: Bank, end: str, left: int
) -> None:
    async with buyer(client) as (person, events):
        payment = await begin(client, person, "STRIPE")
        await bank.act(payment, "pay")
        await becomes(events, payment, "PAID")
        await bank.act(payment, "dispute")
        await becomes(events, payment, "REFUNDED", creditedPoints=0)
        assert await client.points(person) == 0
        answered = len(await bank.answers(payment))
        await bank.act(payment, end)
        await bank.answered(payment, times=answered + (2 if end == "win" else 1))
        assert await client.points(person) == left
        check_books(client, person)


async def test_what_was_spent_is_owed_and_no_balance_falls_below_0(client: StackClient, bank: Bank) -> None:
    async with buyer(client) as (person, events):
        payment = await begin(client, person, "STRIPE")
        await bank.act(payment, "pay")
        await becomes(events, payment, "PAID")
        await client.set_points(person, 30)  # as if the rest had been spent
        await bank.act(payment, "refund")
        gone = await becomes(events, payment, "REFUNDED")
        assert (gone["owedPoints"], gone["balance"]) == (POINTS - 30, 0)
        assert await client.points(person) == 0
        check_books(client, person)


@each_provider
async def test_money_that_comes_after_the_time_is_credited_all_the_same(
    client: StackClient, bank: Bank, provider: str
) -> None:
    behind = Behind(client)
    async with buyer(client) as (person, events):
        payment = await begin(client, person, provider)
        behind.expire_payment(payment["id"])
        behind.invoke("payments-reconciler", {})
        await becomes(events, payment, "EXPIRED")
        assert await client.points(person) == 0
        await bank.act(payment, "pay")
        await becomes(events, payment, "PAID", creditedPoints=POINTS)
        assert await client.points(person) == POINTS


async def test_money_that_vnpay_took_and_could_not_tell_of_is_asked_for(client: StackClient, bank: Bank) -> None:
    behind = Behind(client)
    async with buyer(client) as (person, events):
        payment = await begin(client, person, "VNPAY")
        await bank.act(payment, "pay_late")
        behind.expire_payment(payment["id"])
        behind.invoke("payments-reconciler", {})
        await becomes(events, payment, "PAID", creditedPoints=POINTS)
        await bank.act(payment, "tell")
        assert await bank.answered(payment) == [CONFIRMED_BEFORE]
        assert await client.points(person) == POINTS
        assert [event["status"] for event in events.of(payment["id"])][-1] == "PAID"
        check_books(client, person)


# ---- what no bank does


async def test_200_deliveries_at_once_for_20_payments_are_20_credits(client: StackClient) -> None:
    people = [await client.new_user(0) for _ in range(4)]
    providers = ["VNPAY", "STRIPE", "VNPAY", "STRIPE"]
    payments = [
        await begin(client, person, provider)
        for person, provider in zip(people, providers, strict=True)
        for _ in range(PAYMENTS_EACH)
    ]
    sender = WebhookSender.of(client)
    deliveries = payments * (DELIVERIES // len(payments))
    random.shuffle(deliveries)
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        async with asyncio.timeout(2 * PATIENCE_SECONDS):
            answers = await asyncio.gather(*(sender.send(payment, session) for payment in deliveries))
    for payment in payments:
        mine = Counter(answer for delivered, answer in zip(deliveries, answers, strict=True) if delivered is payment)
        times = DELIVERIES // len(payments)
        right = {CONFIRMED: 1, CONFIRMED_BEFORE: times - 1} if payment["provider"] == "VNPAY" else {OK: times}
        assert mine == right
    for person, kept in books.every(client, [person.sub for person in people]).items():
        mine = {payment["id"] for payment in payments if payment["owner"] == person}
        assert kept.lines("PURCHASE") == dict.fromkeys(mine, POINTS)
        assert kept.person["points"] == POINTS * PAYMENTS_EACH
        assert kept.drift == 0


@each_provider
async def test_what_is_not_signed_leaves_no_trace(client: StackClient, provider: str) -> None:
    person = await client.new_user(0)
    payment = await begin(client, person, provider)
    forged = replace(
        WebhookSender.of(client), vnpay={"tmnCode": "FORGED01", "hashSecret": "x"}, stripe={"webhookSecret": "x"}
    )
    async with aiohttp.ClientSession() as session:
        assert await forged.send(payment, session) == (BAD_SIGNATURE if provider == "VNPAY" else BAD_REQUEST)
    assert (await get(client, person, "payment", id=payment["id"]))["version"] == payment["version"]
    assert (await get(client, "admin", "paymentEvents", paymentId=payment["id"]))["items"] == []


@each_provider
async def test_a_new_secret_is_taken_without_a_deploy_and_the_one_before_it_too(
    client: StackClient, provider: str
) -> None:
    person, behind, name = await client.new_user(0), Behind(client), paying.SIGNED_WITH[provider]
    payments = [await begin(client, person, provider) for _ in range(2)]
    old = WebhookSender.of(client)
    usual = paying.current(client, name)
    turned = {key: secrets.token_hex(16) for key in usual if key in {"hashSecret", "webhookSecret"}}
    try:
        paying.put(client, name, usual | turned)
        behind.kill_workers("webhooks")  # a warm one reads it within a minute
        new = WebhookSender.of(client)
        async with aiohttp.ClientSession() as session:
            answers = [
                await sender.send(payment, session) for sender, payment in zip((old, new), payments, strict=True)
            ]
        assert answers == [CONFIRMED if provider == "VNPAY" else OK] * 2
        assert await client.points(person) == 2 * POINTS
    finally:
        paying.put(client, name, usual)
