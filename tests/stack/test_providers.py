"""Each provider through the whole stack, times each row of the refund table."""

import asyncio
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

import pytest
import pytest_asyncio

from tests.stack import books
from tests.stack.asking import get
from tests.stack.client import StackClient
from tests.stack.event_log import Event
from tests.stack.ways import AT_ONCE, WAYS, Asker, asker

pytestmark = pytest.mark.asyncio(loop_scope="module")

ATTEMPTS = 6


@dataclass(frozen=True)
class Row:
    """What the provider answers, call by call; what comes of it (None: an image), after how many calls."""

    faults: tuple[str, ...]
    code: str | None
    calls: int

    @property
    def for_ever(self) -> bool:
        return self.calls == ATTEMPTS


# An attempt has 10 seconds at stage local.
ROWS: Mapping[str, Row] = {
    "429 for ever": Row(("429",) * ATTEMPTS, "PROVIDER_UNAVAILABLE", ATTEMPTS),
    "5xx for ever": Row(("500", "502", "503", "504", "500", "503"), "PROVIDER_UNAVAILABLE", ATTEMPTS),
    "cut connections": Row(("drop",) * ATTEMPTS, "PROVIDER_UNAVAILABLE", ATTEMPTS),
    "too late, then 503": Row(("slow:11", *("503",) * (ATTEMPTS - 1)), "PROVIDER_UNAVAILABLE", ATTEMPTS),
    "bad moments": Row(("429", "drop", "503"), None, 4),
    "refused": Row(("400",), "PROVIDER_REJECTED", 1),
    "bytes that are no picture": Row(("garbage",), "PROVIDER_REJECTED", 1),
    "half a picture": Row(("truncated",), "PROVIDER_REJECTED", 1),
    "no picture": Row(("empty",), "PROVIDER_REJECTED", 1),
    "no JSON": Row(("not-json",), "PROVIDER_REJECTED", 1),
    "picture blocked": Row(("blocked",), "SAFETY_BLOCKED", 1),
    "prompt blocked": Row(("prompt-blocked",), "SAFETY_BLOCKED", 1),
}
# What an endpoint that tells later can do besides; being slow is its nature.
LATER: Mapping[str, Row] = {
    "too late, then 503": Row(("slow:1",), None, 1),
    "inference failed": Row(("failed",), "PROVIDER_UNAVAILABLE", 1),
    "inference refused": Row(("refused",), "PROVIDER_REJECTED", 1),
    "told twice": Row(("twice",), None, 1),
}


def rows(way: str) -> Mapping[str, Row]:
    return {**ROWS, **LATER} if way == "sagemaker" else ROWS


CELLS = [(way, row) for way in WAYS for row in rows(way)]


@dataclass(frozen=True)
class Outcome:
    """One row at one provider as it went."""

    job: Event
    events: list[Event]
    calls: list[dict[str, Any]]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def outcomes(client: StackClient) -> Mapping[tuple[str, str], Outcome]:
    """All cells at once, a person for each way; the books are checked on the way."""
    turns = {worker: asyncio.Semaphore(most) for worker, most in AT_ONCE.items()}
    async with AsyncExitStack() as held:
        askers = {way: await asker(client, held, way, len(rows(way))) for way in WAYS}
        lived = await asyncio.gather(
            *(_lived(askers[way], rows(way)[row], turns[WAYS[way].worker]) for way, row in CELLS)
        )
        kept = books.every(client, [each.person.sub for each in askers.values()])
        for each in kept.values():
            each.check()
    return dict(zip(CELLS, lived, strict=True))


async def _lived(by: Asker, row: Row, turn: asyncio.Semaphore) -> Outcome:
    async with turn:
        job = await by.ask(*row.faults, repeat=row.for_ever)
        try:
            end = await (by.refunded(job) if row.code else by.events.end_of(job["id"]))
        except TimeoutError:
            now = await get(by.client, by.person, "job", id=job["id"])
            pytest.fail(f"{by.way} {row.faults}: {now}, {await by.calls(job)}")
    return Outcome(end, by.events.of(job["id"]), await by.calls(job))


@pytest.mark.parametrize(("way", "row"), CELLS)
async def test_a_row_ends_as_published(outcomes: Mapping[tuple[str, str], Outcome], way: str, row: str) -> None:
    code, went = rows(way)[row].code, outcomes[way, row]
    job, charge = went.job, went.job["charge"]
    assert (job["status"], job["errorCode"]) == ("FAILED" if code else "COMPLETED", code)
    assert charge["points"] + charge["freeImages"] > 0
    back = (charge["points"], charge["freeImages"]) if code else (0, 0)
    assert (charge["refundedPoints"], charge["refundedFreeImages"]) == back
    assert (job["image"] is None) is (job["errorMessage"] is not None) is bool(code)


@pytest.mark.parametrize(("way", "row"), CELLS)
async def test_a_provider_is_asked_as_often_as_it_makes_sense(
    outcomes: Mapping[tuple[str, str], Outcome], way: str, row: str
) -> None:
    wanted, calls = rows(way)[row], len(outcomes[way, row].calls)
    if way == "page" and "drop" in wanted.faults:  # Chromium itself asks again where a kept connection is cut
        assert wanted.calls <= calls <= 2 * wanted.calls
    else:  # a connection that the worker gave up on is no finished call
        assert calls in {wanted.calls, wanted.calls - ("slow:11" in wanted.faults)}
