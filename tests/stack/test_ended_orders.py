"""Orders that end before they are sent, on the running stack: by an administrator, or as their customer leaves."""

import json
import uuid
from typing import Any

import pytest

from local.client import Person
from tests.stack.asking import get, until
from tests.stack.behind import Behind
from tests.stack.books import rows
from tests.stack.client import StackClient
from tests.stack.mailbox import Mailbox
from tests.stack.printer import Dashboard
from tests.stack.test_fulfilment import SAIGON, becomes, ordered, pay, row, steps

# What handles orders, and so could log where they go.
HANDLERS = (
    *("orders-api", "payments-api", "people-api", "accounts-reconciler", "webhooks", "publish"),
    *("fulfilment", "orders-reconciler", "printing-stream", "printing-reconciler"),
)


async def at_the_printer(client: StackClient, person: Person, **given: Any) -> str:
    id_ = await ordered(client, person, "ALBUM_PRINT", **given)
    await pay(client, person, id_)
    await until(lambda: "SUBMITTED" in steps(row(client, id_)))
    return id_


async def test_what_an_administrator_ends_is_canceled_at_the_printer(client: StackClient) -> None:
    id_ = await at_the_printer(client, await client.new_user(), address=SAIGON)
    ended = await get(client, "admin", "updateOrderStatus", id=id_, status="FAILED")
    assert (ended["status"], ended["address"], bool(ended["errorMessage"])) == ("FAILED", None, True)

    def is_canceled() -> bool:
        Behind(client).invoke("printing-reconciler", {})
        return any(each["id"] == id_ and "due" not in each for each in rows(client, "PrintOrders"))

    await until(is_canceled)
    at_printer = (await Dashboard(client.outputs["printerUrl"]).orders())[id_]
    assert at_printer["status"]["stage"] == "Cancelled"


@pytest.fixture
def home() -> dict[str, str]:
    """Where nobody else lives."""
    return {**SAIGON, "name": f"Zed {uuid.uuid4().hex}", "line1": f"9 {uuid.uuid4().hex}", "phone": "+84987654321"}


async def test_who_leaves_leaves_no_address_in_any_table_log_or_mail(client: StackClient, home: dict[str, str]) -> None:
    person, behind = await client.new_user(), Behind(client)
    waiting = await ordered(client, person, "ALBUM_PRINT", address=home)
    taken = await at_the_printer(client, person, address=home)
    assert home["line1"] in json.dumps(row(client, waiting), default=str)
    await get(client, person, "deleteMe")
    await becomes(client, waiting, "CANCELED")
    await until(lambda: "address" not in row(client, taken))
    assert (row(client, waiting)["failure"], row(client, taken)["status"]) == ("CUSTOMER_LEFT", "PROCESSING")

    for part in (home["name"], home["line1"]):
        for table in client.outputs["tables"]:
            assert part not in json.dumps(rows(client, table), default=str), table
        for function in HANDLERS:
            assert not behind.logged(function, part), function
        assert part not in json.dumps(await Mailbox(client.outputs["mailboxUrl"]).of(person))
