"""A row that cannot be read is left out of every list it stands in, and whoever asks for it by its id hears why."""

from typing import Any

import pytest
from graphql import graphql_sync

from studio.alarms import Alarm
from studio.clock import iso
from studio.dynamo import Table, update
from studio.orders.item import order_to_item
from studio.orders.table import Orders
from studio.payments.events import PaymentEvents
from studio.payments.item import event_to_item, payment_to_item
from studio.payments.model import Event, PaymentProvider
from studio.payments.table import Payments
from tests.sdl import operation
from tests.unit.albums.parts import Parts
from tests.unit.orders import samples
from tests.unit.payments.shop import pending
from tests.unit.payments.test_fields import ENVIRONMENT
from tests.unit.raised import Raised
from tests.unit.resolvers.conftest import Load
from tests.unit.resolvers.events import appsync
from tests.unit.schema.test_answers import SCHEMA
from tests.unit.world import ADMIN, OTHER, USER, World

# The field, the function that answers it, what it is asked with, the table of its rows, and what spoils one of them.
LISTS: list[tuple[str, str, dict[str, Any], str, list[dict[str, Any]]]] = [
    (
        "Query.jobs",
        "jobs",
        {},
        "Jobs",
        [
            *({"version": bad} for bad in ("x", 10**30, 2**31, [])),
            *({"updatedAt": bad} for bad in (5, "junk", "2026-02-30T00:00:00Z")),
            *({"history": bad} for bad in ("x", ["x"], [{"version": 1, "status": "NEW", "at": "now"}])),
            {"image": {"key": "k", "content_type": "image/png", "width": "1", "height": 1, "byte_size": 1}},
            {"errorCode": "NEW", "errorMessage": "x"},
            {"tags": "x"},
            {"index": -1},
            {"errorCode": "INTERNAL", "errorMessage": "x" * 300_000},
        ],
    ),
    ("Query.jobsByStatus", "jobs", {"status": "PENDING"}, "Jobs", [{"version": "x"}, {"spec": 1}]),
    ("Query.uploads", "media", {}, "Uploads", [{"byteSize": "x"}, {"rejection": "UGLY"}, {"expiresAt": 10**15}]),
    ("Query.albums", "albums", {}, "Documents", [{"placed": "x"}, {"design": "GRID_2X2"}, {"version": 2**31}]),
    ("Query.payments", "payments", {}, "Payments", [{"amount": {"minor": 2**31, "currency": "VND"}}, {"payUrl": "x"}]),
    ("Query.paymentsByStatus", "payments", {"status": "PENDING"}, "Payments", [{"version": "x"}, {"paidAt": 5}]),
    ("Query.orders", "orders", {}, "Orders", [{"total": {"minor": 2**31, "currency": "VND"}}, {"steps": ["PAID"]}]),
    ("Query.ordersByStatus", "orders", {"status": "PENDING"}, "Orders", [{"version": "x"}, {"payBy": 5}]),
    ("Query.paymentEvents", "payments", {}, "PaymentEvents", [{"type": 5}, {"state": "NEW"}]),
    ("Query.users", "people", {}, "People", [{"points": "x"}, {"email": "x"}, {"role": "KING"}]),
    ("Query.pointsHistory", "people", {}, "Ledger", [{"reason": "GIFT"}, {"note": {"x"}}, {"points": "x"}]),
    ("Query.auditTrail", "people", {}, "Audit", [{"act": "PLAY"}, {"details": {"x": {1}}}]),
]


def fill(world: World) -> None:
    """Put some rows into every list."""
    for caller in (USER, OTHER, ADMIN):
        world.joined(caller)
    world.generate(count=3)
    for _ in range(3):
        world.uploaded()
    for name in ("a", "b", "c"):
        Parts(world).album(name=name)
        Payments("Payments", world.client).insert(
            payment_to_item(pending(PaymentProvider.VNPAY, USER, world.time)), new="id"
        )
        Orders("Orders", world.client).insert(order_to_item(samples.pending(now=world.time)), new="id")
        event = Event(PaymentProvider.STRIPE, name, "refund.created", "{}", iso(world.time))
        PaymentEvents("PaymentEvents", world.client).insert(
            event_to_item(event) | {"open": "unmatched", "due": 1, "state": "UNMATCHED"}, new="id"
        )
        record = {"act": "ROLE_SET", "key": name, "actor": "a", "subject": "s", "at": iso(world.time), "details": {}}
        world.audit.insert({**record, "day": iso(world.time)[:10], "record": f"{iso(world.time)}#{name}"}, new="record")


def ask(load: Load, field: str, area: str, arguments: dict[str, Any]) -> Any:
    own = {"jobs", "uploads", "albums", "orders", "payments", "pointsHistory"}
    caller = USER if field.removeprefix("Query.") in own else ADMIN
    module = load(f"resolvers.fields.{area}", **ENVIRONMENT)
    return module.handler(appsync(field, arguments, caller, ("items/image/original",)), None)


def items(field: str, answer: Any, arguments: dict[str, Any]) -> list[Any]:
    result = graphql_sync(
        SCHEMA, operation(SCHEMA, field), {field.split(".")[1]: answer["data"]}, variable_values=arguments
    )
    assert result.errors is None
    assert result.data
    return result.data[field.split(".")[1]]["items"]


def of_table(world: World, name: str) -> tuple[Table, list[dict[str, Any]]]:
    table, keys = Table(name, world.client), world.client.describe_table(TableName=name)["Table"]["KeySchema"]
    found = world.client.scan(TableName=name)["Items"]
    return table, [{key["AttributeName"]: row[key["AttributeName"]]["S"] for key in keys} for row in found]


CASES = [(*each[:4], spoiled) for each in LISTS for spoiled in each[4]]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case[0]} {str(case[4])[:40]}")
def test_a_list_answers_all_its_other_rows(
    load: Load, world: World, caplog: pytest.LogCaptureFixture, case: tuple[Any, ...]
) -> None:
    field, area, arguments, table, spoiled = case
    fill(world)
    before = items(field, ask(load, field, area, arguments), arguments)
    where, keys = of_table(world, table)
    mine = [key for key in keys if key.get("owner", USER.sub) == USER.sub and key.get("id") != ADMIN.sub]
    where.apply(update(mine[0], set=spoiled))
    after = items(field, ask(load, field, area, arguments), arguments)
    assert len(after) == len(before) - 1
    assert "an item failed" in caplog.text
    if "points" not in spoiled:  # of which the balances below it are made
        assert [each for each in before if each in after] == after


LOOKUPS = [
    ("Query.job", "jobs", "Jobs", "id", {"version": "x"}),
    ("Query.jobStatus", "jobs", "Jobs", "id", {"updatedAt": 5}),
    ("Query.download", "jobs", "Jobs", "jobId", {"history": "x"}),
    ("Mutation.setJobSharing", "jobs", "Jobs", "id", {"history": "x"}),
    ("Query.payment", "payments", "Payments", "id", {"createdAt": "x"}),
    ("Query.upload", "media", "Uploads", "id", {"byteSize": "x"}),
    ("Query.album", "albums", "Documents", "id", {"placed": "x"}),
    ("Mutation.deleteAlbum", "albums", "Documents", "id", {"version": 0}),
]


@pytest.mark.parametrize("case", LOOKUPS, ids=lambda case: case[0])
def test_who_asks_for_it_by_its_id_hears_that_it_cannot_be_read(
    load: Load, world: World, raised: Raised, case: tuple[Any, ...]
) -> None:
    field, area, table, name, spoiled = case
    world.joined()
    world.generate()
    world.upload()
    Parts(world).album()
    Payments("Payments", world.client).insert(
        payment_to_item(pending(PaymentProvider.VNPAY, USER, world.time)), new="id"
    )
    where, keys = of_table(world, table)
    key = next(key for key in keys if not key["id"].startswith("open#"))
    where.apply(update(key, set=spoiled))
    more = {"shared": False} if field.endswith("Sharing") else {}
    module = load(f"resolvers.fields.{area}", **ENVIRONMENT)
    answer = module.handler(appsync(field, {name: key["id"], **more}), None)
    assert answer["error"]["type"] == "UNREADABLE"
    assert raised.names() == [Alarm.ROW_UNREADABLE]
    if table == "Jobs":
        where.apply(update(key, set={"shared": False}))
    hidden = module.handler(appsync(field, {name: key["id"], **more}, OTHER), None)
    assert hidden.get("error", {}).get("type") in {None, "JOB_UNKNOWN"}, "that there is one, is said to nobody"


def test_what_counts_uploads_overlooks_one_that_cannot_be_read(world: World) -> None:
    world.joined()
    opened = [world.upload() for _ in range(20)]
    world.uploads.apply(update({"id": opened[0].id}, set={"purpose": 5}))
    assert world.upload()
