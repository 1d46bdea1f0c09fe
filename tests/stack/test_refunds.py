"""The refund table, row by row: what the provider does, how the job ends, what comes back and who hears of it."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest
import pytest_asyncio

from local.client import Person
from tests.stack import books
from tests.stack.asking import ask, generate, generated, get
from tests.stack.behind import Behind
from tests.stack.client import StackClient
from tests.stack.event_log import EventLog, event_log
from tests.stack.provider import Wish

pytestmark = pytest.mark.asyncio(loop_scope="module")

ATTEMPTS = 6
OUR_WORD_FOR_BLOCKED = "forbidden"  # the model endpoint's own safety filter knows this word


@dataclass(frozen=True)
class Row:
    """What the provider answers, call by call, and what the job's error code is in the end (None: it completed)."""

    faults: tuple[str, ...]
    code: str | None
    calls: int


# An attempt has 10 seconds at stage local.
ROWS: Mapping[str, Row] = {
    "429 for ever": Row(("429",) * ATTEMPTS, "PROVIDER_UNAVAILABLE", ATTEMPTS),
    "429 with Retry-After": Row(("429+retry-after:0.2",) * ATTEMPTS, "PROVIDER_UNAVAILABLE", ATTEMPTS),
    "5xx for ever": Row(("500", "502", "503", "504", "500", "503"), "PROVIDER_UNAVAILABLE", ATTEMPTS),
    "cut connections": Row(("drop",) * ATTEMPTS, "PROVIDER_UNAVAILABLE", ATTEMPTS),
    "too late, then 503": Row(("slow:11", *("503",) * (ATTEMPTS - 1)), "PROVIDER_UNAVAILABLE", ATTEMPTS),
    "bad moments": Row(("429", "500", "drop", "503"), None, 5),
    "refused": Row(("400",), "PROVIDER_REJECTED", 1),
    "gone": Row(("404",), "MODEL_RETIRED", 1),
    "bytes that are no picture": Row(("garbage",), "PROVIDER_REJECTED", 1),
    "half a picture": Row(("truncated",), "PROVIDER_REJECTED", 1),
    "no picture": Row(("empty",), "PROVIDER_REJECTED", 1),
    "no JSON": Row(("not-json",), "PROVIDER_REJECTED", 1),
    "another type than it says": Row(("wrong-mime",), None, 1),
    "429 with the pause in the body": Row(("429+retry-info:0.2", "503+retry-info:0.1"), None, 3),
    "a quota of the day": Row(("daily-quota",), "PROVIDER_UNAVAILABLE", 1),
    "drafts before the picture": Row(("drafts",), None, 1),
    "nothing but drafts": Row(("only-drafts",), "PROVIDER_REJECTED", 1),
    "too close to a work": Row(("recitation",), "RECITATION", 1),
    "declined in words": Row(("refused-in-words",), "MODEL_REFUSED", 1),
    "picture blocked": Row(("blocked",), "SAFETY_BLOCKED", 1),
    "prompt blocked": Row(("prompt-blocked",), "SAFETY_BLOCKED", 1),
}


@dataclass(frozen=True)
class Outcome:
    """One row as it went."""

    job: dict[str, Any]
    events: list[dict[str, Any]]
    calls: list[dict[str, Any]]
    ledger: Mapping[str, int]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def outcomes(client: StackClient) -> Mapping[str, Outcome]:
    """All rows at once, for one person."""
    person = await client.new_user(len(ROWS))
    async with event_log(client, person) as events:
        ended = await asyncio.gather(*(_lived(client, person, events, row) for row in ROWS.values()))
    kept = books.of(client, person.sub)
    kept.check()
    refunds = kept.lines("REFUND")
    return {
        name: Outcome(job, events.of(job["id"]), calls, {job["id"]: refunds.get(job["id"], 0)})
        for name, (job, calls) in zip(ROWS, ended, strict=True)
    }


async def _lived(
    client: StackClient, person: Person, events: EventLog, row: Row
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    wish = await Wish(client.outputs["modelsUrl"]).meets(*row.faults)
    (made,) = await generate(client, person, wish.input())
    await events.end_of(made["id"], refunded=row.code is not None)
    return await get(client, person, "job", id=made["id"]), await wish.calls()


@pytest.mark.parametrize("name", ROWS)
async def test_a_row_ends_as_published(outcomes: Mapping[str, Outcome], name: str) -> None:
    row, went = ROWS[name], outcomes[name]
    assert (went.job["status"], went.job["errorCode"]) == ("FAILED" if row.code else "COMPLETED", row.code)
    back = 1 if row.code else 0
    assert went.job["charge"]["refundedPoints"] == went.ledger[went.job["id"]] == back
    assert (went.job["image"] is None) is bool(row.code)
    assert (went.job["errorMessage"] is None) is (row.code is None)


@pytest.mark.parametrize("name", [name for name, row in ROWS.items() if row.code])
async def test_a_failure_is_told_and_then_its_refund(outcomes: Mapping[str, Outcome], name: str) -> None:
    failed = [event for event in outcomes[name].events if event["status"] == "FAILED"]
    ends = {(event["version"], event["charge"]["refundedPoints"]) for event in failed}
    assert ends == {(3, 0), (4, 1)}
    assert {event["errorCode"] for event in failed} == {ROWS[name].code}


@pytest.mark.parametrize("name", ROWS)
async def test_the_provider_is_asked_as_often_as_it_makes_sense(outcomes: Mapping[str, Outcome], name: str) -> None:
    # A connection that the worker gave up on is no finished call.
    assert len(outcomes[name].calls) in {ROWS[name].calls, ROWS[name].calls - ("slow:11" in ROWS[name].faults)}


async def test_what_is_canceled_before_it_began_comes_back(client: StackClient) -> None:
    person, behind = await client.new_user(2), Behind(client)
    async with event_log(client, person) as events:
        with behind.no_workers():
            (made,) = await generate(client, person, Wish(client.outputs["modelsUrl"]).input())
            canceled = await get(client, person, "cancelJob", id=made["id"])
            assert [event["status"] for event in canceled["history"]] == ["PENDING", "CANCELED"]
            refunded = await events.end_of(made["id"], refunded=True)
    assert (refunded["version"], refunded["charge"]["refundedPoints"]) == (3, 1)
    assert await get(client, person, "cancelJob", id=made["id"]) == await get(client, person, "job", id=made["id"])
    assert await client.points(person) == 2
    books.of(client, person.sub).check()


async def test_what_is_completed_stays_paid(client: StackClient) -> None:
    person = await client.new_user(2)
    (made,) = await generated(client, person, Wish(client.outputs["modelsUrl"]).input())
    assert (await get(client, person, "cancelJob", id=made["id"]))["status"] == "COMPLETED"
    refused = await ask(client, person, "retryJob", id=made["id"], clientRequestId="why-not")
    assert refused.error_types == ["JOB_NOT_FAILED"]
    assert await client.points(person) == 1
    books.of(client, person.sub).check()


async def test_of_four_three_complete_and_one_comes_back(client: StackClient) -> None:
    person = await client.new_user(4)
    wish = await Wish(client.outputs["modelsUrl"]).meets("garbage")
    async with event_log(client, person) as events:
        made = await generate(client, person, wish.input(count=4))
        ends = [(await events.end_of(job["id"]))["status"] for job in made]
        assert sorted(ends) == ["COMPLETED", "COMPLETED", "COMPLETED", "FAILED"]
        await events.end_of(made[ends.index("FAILED")]["id"], refunded=True)
    assert await client.points(person) == 1
    books.of(client, person.sub).check()


async def test_too_many_blocked_images_close_generation_for_an_hour(client: StackClient) -> None:
    person = await client.new_user(12)
    bad = Wish(client.outputs["modelsUrl"], f"Something {OUR_WORD_FOR_BLOCKED}")
    async with event_log(client, person) as events:
        for count in (8, 2):
            for job in await generate(client, person, bad.input(count=count)):
                await events.end_of(job["id"], refunded=True)
        (eleventh,) = await generate(client, person, bad.input())
        await events.end_of(eleventh["id"], refunded=True)
    before = books.of(client, person.sub)
    before.check()
    refused = await ask(client, person, "generateImages", input=bad.input())
    assert refused.error_types == ["GENERATION_CLOSED"]
    assert await client.points(person) == 12
    assert books.of(client, person.sub) == before
