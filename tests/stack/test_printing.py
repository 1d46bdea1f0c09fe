"""From an order's row to two parcels on their way, by clicks at the printer; and what its callbacks can do."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from studio.clock import millis, now
from studio.printing.model import Label, PrintStatus
from studio.printing.protocol import Refusal
from studio.printing.submission import Submission
from studio.printing.table import QUIET
from tests.stack.asking import until
from tests.stack.behind import Behind
from tests.stack.client import PATIENCE_SECONDS, Pause, StackClient
from tests.stack.printer import LAN, Dashboard, PrintDesk, call_back, forged

FUNCTIONS = ("printing-stream", "printing-reconciler", "printer-callbacks")


@pytest.fixture
def desk(client: StackClient) -> PrintDesk:
    return PrintDesk(client)


@pytest.fixture
def dashboard(client: StackClient) -> Dashboard:
    return Dashboard(client.outputs["printerUrl"])


async def at_the_printer(desk: PrintDesk, dashboard: Dashboard, id_: str) -> Submission:
    """Wait until the printer has an order and its files, and has called about that."""
    await until(lambda: desk.find(id_).printer_id is not None)
    pause = Pause()
    async with asyncio.timeout(PATIENCE_SECONDS):
        while (shown := (await dashboard.orders())[id_])["downloading"] or shown["sending"]:
            await pause()
    return desk.find(id_)


def labels(submission: Submission) -> list[Label]:
    parcels = submission.state.shipped if submission.state else ()
    return [parcel.label for parcel in parcels if parcel.label]


async def becomes(client: StackClient, desk: PrintDesk, id_: str, check: Callable[[Submission], bool]) -> Submission:
    """Have the clock come until it is so."""

    def is_so() -> bool:
        Behind(client).invoke("printing-reconciler", {})
        return check(desk.find(id_))

    await until(is_so)
    return desk.find(id_)


def is_quiet(submission: Submission) -> bool:
    """Tell whether nobody wants it asked for."""
    return submission.due is None or submission.due > millis(now() + timedelta(seconds=30))


async def test_an_order_is_printed_and_sent_in_two_parcels(
    client: StackClient, desk: PrintDesk, dashboard: Dashboard
) -> None:
    id_ = desk.order(now())
    submitted = await at_the_printer(desk, dashboard, id_)
    assert submitted.recipient is None
    printed = (await dashboard.orders())[id_]
    assert (printed["id"], printed["idempotencyKey"]) == (submitted.printer_id, id_)
    assert (printed["status"]["issues"], printed["status"]["details"]["downloadAssets"]) == ([], "Complete")
    assert printed["recipient"]["name"] == LAN.name
    assert sorted((item["copies"], item["assets"][0].get("pageCount")) for item in printed["items"]) == [
        (1, None),
        (2, 24),
    ]
    await dashboard.act(printed["id"], "start")
    await becomes(client, desk, id_, is_quiet)
    await until(lambda: (desk.find(id_).asked_at or 0) <= millis(now() - QUIET))
    await dashboard.act(printed["id"], "ship")
    await until(lambda: len(labels(desk.find(id_))) == 1, 20)  # by the callback alone: the clock would come later
    await dashboard.act(printed["id"], "ship")
    await dashboard.act(printed["id"], "complete")
    done = await becomes(client, desk, id_, lambda submission: submission.is_over)
    shown = {shipment["tracking"]["number"] for shipment in (await dashboard.orders())[id_]["shipments"]}
    assert {label.number for label in labels(done)} == shown
    assert len(shown) == 2
    assert done.state
    assert (done.state.status, done.trouble) == (PrintStatus.COMPLETE, None)
    for function in FUNCTIONS:
        for text in (LAN.line1, "Nguyễn", "Nguy\\u1ec5n"):
            assert not Behind(client).logged(function, text)


async def test_a_forged_callback_changes_nothing(client: StackClient, desk: PrintDesk, dashboard: Dashboard) -> None:
    id_ = desk.order(now())
    await at_the_printer(desk, dashboard, id_)
    before = await becomes(client, desk, id_, is_quiet)
    assert before.printer_id
    assert before.state
    assert await call_back(client, forged(before.printer_id)) == 200
    after = await becomes(client, desk, id_, is_quiet)
    assert (after.state, after.refusal, after.trouble, after.is_over) == (before.state, None, None, False)
    assert await call_back(client, forged("ord_1")) == 200
    assert await call_back(client, b"{}") == 400
    assert await call_back(client, forged(before.printer_id)[:-1]) == 400
    assert desk.find(id_) == after


async def test_an_order_whose_answer_is_lost_is_one_order(
    client: StackClient, desk: PrintDesk, dashboard: Dashboard
) -> None:
    await dashboard.put("faults", ["lost", "lost", "lost"])
    id_ = desk.order(now())
    await until(lambda: desk.find(id_).unanswered == 1)
    waiting = desk.find(id_)
    assert (waiting.printer_id, waiting.recipient) == (None, LAN)
    due_now(client, id_)
    taken = await becomes(client, desk, id_, lambda submission: submission.printer_id is not None)
    assert (taken.printer_id, taken.recipient) == ((await dashboard.orders())[id_]["id"], None)


def due_now(client: StackClient, id_: str) -> None:
    """Let the time come at which an order is asked for."""
    client.boto("dynamodb").update_item(
        TableName=client.outputs["tables"]["PrintOrders"],
        Key={"id": {"S": id_}},
        UpdateExpression="SET #due = :due",
        ExpressionAttributeNames={"#due": "due"},
        ExpressionAttributeValues={":due": {"N": "1"}},
    )


async def test_an_address_that_nothing_is_sent_to_is_refused_and_forgotten(desk: PrintDesk) -> None:
    id_ = desk.order(now(), replace(LAN, country="KP"))
    await until(lambda: desk.find(id_).is_over)
    refused = desk.find(id_)
    assert refused.refusal
    assert refused.refusal.refusal is Refusal.ADDRESS
    assert (refused.recipient, refused.printer_id, refused.due) == (None, None, None)
