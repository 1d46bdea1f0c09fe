"""What takes an administrator takes one who is one at that moment: by token, by row, and in the write itself."""

import json
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from resolvers.fields.graphql import Fields
from studio.clock import iso, millis
from studio.dynamo import pack, shared_client, transact, update
from studio.money import Currency
from studio.orders.model import Order
from studio.orders.table import Orders
from studio.payments.model import Payment, PaymentProvider, PaymentStatus
from studio.people.item import person_to_item
from studio.people.join import UserDirectory, unknown
from studio.people.model import Caller, Person, Role
from studio.people.pool import UserPool
from studio.rates.table import Rates
from tests.access import ADMIN as ADMINISTRATORS
from tests.access import DECISIONS
from tests.unit.fault_injection import preceded
from tests.unit.orders.samples import pending as pending_order
from tests.unit.payments.shop import Shop
from tests.unit.payments.test_fields import ENVIRONMENT as PAYMENTS
from tests.unit.resolvers.conftest import Load
from tests.unit.resolvers.events import appsync
from tests.unit.resolvers.test_people import MODULES, arguments
from tests.unit.studio.cognito import Cognito, User
from tests.unit.world import ADMIN, BASICS, NOON, OTHER, PICTURE, USER, World

FIELDS = sorted(field for field, decision in DECISIONS.items() if decision is ADMINISTRATORS)
MUTATIONS = [field for field in FIELDS if field.startswith("Mutation.")]
TOKEN = Caller(ADMIN.sub, Role.ADMIN, "192.0.2.7", millis(NOON))
USER_TOKEN = Caller(ADMIN.sub, Role.USER, "192.0.2.7", millis(NOON))
SHUT_OUT = [
    ({"disabled": True}, "USER_DISABLED"),
    ({"role": "USER"}, "UNAUTHORIZED"),
    ({"signedOutAt": millis(NOON)}, "UNAUTHORIZED"),
    ({"ahead": ["tokens"]}, "UNAUTHORIZED"),
    ({"disabled": True, "leftAt": iso(NOON)}, "USER_DISABLED"),
]


class Pools(Cognito):
    """A user pool that tells of everybody whether they have a second factor."""

    factors: tuple[str, ...] = ("SOFTWARE_TOKEN_MFA",)

    def admin_get_user(self, *, UserPoolId: str, Username: str) -> dict[str, Any]:  # noqa: N803 - Cognito's
        return super().admin_get_user(UserPoolId=UserPoolId, Username=Username) | {
            "UserMFASettingList": list(self.factors)
        }

    def _user(self, pool: str, name: str) -> User:  # noqa: ARG002 - as the base has it
        if name not in self.users:
            raise unknown()
        return self.users[name]


@pytest.fixture(autouse=True)
def cognito(monkeypatch: pytest.MonkeyPatch) -> Pools:
    pool = Pools.of(USER, OTHER, ADMIN)
    monkeypatch.setattr(UserPool, "client", pool)
    monkeypatch.setattr(UserDirectory, "_user", lambda _, name: pool.admin_get_user(UserPoolId="pool", Username=name))
    return pool


@pytest.fixture
def studio(world: World) -> World:
    for who in (USER, OTHER, ADMIN):
        world.joined(who)
    return world


def ordered(world: World, owner: Caller) -> Order:
    order = pending_order(owner, world.time)
    transact(world.client, [Orders("Orders", world.client).new(order)])
    return order


def in_review(world: World, owner: Caller) -> Payment:
    shop = Shop(world, world.client)
    payment = shop.waiting(PaymentProvider.VNPAY, owner)
    shop.send_ipn(shop.ipn(payment, vnp_Amount="100"))
    assert shop.now(payment).status == PaymentStatus.REVIEW
    return payment


# What each mutation is asked so that it would do something; a new one has to be told here.
ASKED: dict[str, Callable[[World], dict[str, Any]]] = {
    "Mutation.grantPoints": lambda _: {
        "input": {"clientRequestId": "g", "userId": USER.sub, "points": 5, "note": "thanks"}
    },
    "Mutation.setRole": lambda _: {"userId": USER.sub, "role": "ADMIN"},
    "Mutation.setDisabled": lambda _: {"userId": USER.sub, "disabled": True},
    "Mutation.resolvePayment": lambda world: {"id": in_review(world, USER).id, "decision": "CREDIT", "note": "came"},
    "Mutation.refundPayment": lambda world: {"id": in_review(world, USER).id, "note": "it came otherwise"},
    "Mutation.updateOrderStatus": lambda world: {"id": ordered(world, USER).id, "status": "CANCELED"},
    "Mutation.setExchangeRate": lambda _: {"base": "USD", "quote": "VND", "rate": 26_000.0},
}


def handler(load: Load, field: str, **environment: str) -> Callable[..., dict[str, Any]]:
    module = load(MODULES[field], **PAYMENTS, **environment)
    return lambda given, caller=TOKEN: module.handler(appsync(field, given, caller), None)


def everything(world: World) -> str:
    """Return what all tables hold, but for the administrator's own row."""
    found: dict[str, Any] = {}
    for table in world.client.list_tables()["TableNames"]:
        rows = world.client.scan(TableName=table)["Items"]
        found[table] = sorted(json.dumps(row, sort_keys=True) for row in rows if row.get("id") != {"S": ADMIN.sub})
    return json.dumps(found)


def restore(world: World) -> None:
    """Make of the administrator's row what it was at first."""
    row = Person(ADMIN.sub, "", None, Role.ADMIN, 20, 1, disabled=False, created_at=iso(NOON))
    world.client.put_item(TableName="People", Item=pack(person_to_item(row)))


def mark(world: World, **row: Any) -> None:
    world.people.apply(update({"id": ADMIN.sub}, set=row))


def test_every_administrators_field_says_that_it_is_one(load: Load, monkeypatch: pytest.MonkeyPatch) -> None:
    """The schema keeps others out at AppSync; the functions keep them out as well."""
    of_role: set[str] = set()
    resolver = Fields.resolver

    def noted(fields: Fields, **given: Any) -> Any:
        if given.get("role") == Role.ADMIN:
            of_role.add(f"{given['type_name']}.{given['field_name']}")
        return resolver(fields, **given)

    monkeypatch.setattr(Fields, "resolver", noted)
    for module in {*MODULES.values()}:
        load(module, **PAYMENTS)
    assert of_role == {*FIELDS}


@pytest.mark.parametrize("field", MUTATIONS)
def test_what_a_mutation_is_asked_here_does_something(load: Load, studio: World, field: str) -> None:
    given = ASKED[field](studio)
    before = everything(studio)
    assert "error" not in handler(load, field)(given)
    assert everything(studio) != before


@pytest.mark.parametrize("field", MUTATIONS)
def test_who_is_shut_out_while_the_write_is_on_its_way_changes_nothing(
    load: Load, studio: World, monkeypatch: pytest.MonkeyPatch, field: str
) -> None:
    given, ask, client = ASKED[field](studio), handler(load, field), shared_client()
    write, before = client.transact_write_items, everything(studio)
    for row, expected in SHUT_OUT:
        meanwhile = preceded(write, partial(mark, studio, **row))
        monkeypatch.setattr(client, "transact_write_items", meanwhile)
        assert ask(given)["error"]["type"] == expected
        assert everything(studio) == before
        restore(studio)


@pytest.mark.parametrize("field", FIELDS)
def test_no_field_goes_by_what_is_remembered_of_an_administrator(
    load: Load, studio: World, cognito: Pools, field: str
) -> None:
    ask, given = handler(load, field, SECOND_FACTOR="true"), arguments(field)

    def error(caller: Caller | None = TOKEN) -> str | None:
        return ask(given, caller).get("error", {}).get("type")

    assert error(USER_TOKEN) == "UNAUTHORIZED", "the row alone"
    assert error(None) == "UNAUTHORIZED", "a key"
    refusals = {"UNAUTHORIZED", "USER_DISABLED", "SECOND_FACTOR_MISSING"}
    for row, expected in SHUT_OUT:
        assert error() not in refusals
        mark(studio, **row)
        assert error() == expected
        restore(studio)
    before, cognito.factors = everything(studio), ()
    assert error() == "SECOND_FACTOR_MISSING"
    assert everything(studio) == before


def test_nobody_but_administrators_is_asked_for_a_second_factor(load: Load, studio: World, cognito: Pools) -> None:
    cognito.factors = ()
    assert handler(load, "Query.me", SECOND_FACTOR="true")({}, USER)["data"]["id"] == USER.sub


def test_an_administrators_model_asks_for_the_second_factor(load: Load, studio: World, cognito: Pools) -> None:
    make = handler(load, "Mutation.generateImages", SECOND_FACTOR="true")
    for id_, factors, points in (("1", (), 20), ("2", ("SOFTWARE_TOKEN_MFA",), 19)):
        cognito.factors = factors
        answer = make({"input": BASICS | {"model": "nanobanana-2", "clientRequestId": id_}})
        assert answer.get("error", {}).get("type") == (None if factors else "MODEL_ADMIN_ONLY")
        assert studio.person(ADMIN).points == points


@pytest.mark.parametrize("row", [{"role": "USER"}, None], ids=["demoted", "without a second factor"])
def test_who_is_no_administrator_now_sees_their_own_only(
    load: Load, studio: World, cognito: Pools, row: dict[str, Any] | None
) -> None:
    job, payment = studio.generate(USER)[0], in_review(studio, USER)
    for field, thing in (("Query.job", job), ("Query.payment", payment)):
        ask = handler(load, field, SECOND_FACTOR="true")
        cognito.factors = ("SOFTWARE_TOKEN_MFA",)
        assert ask({"id": thing.id})["data"]["id"] == thing.id
        if row:
            mark(studio, **row)
        else:
            cognito.factors = ()
        assert ask({"id": thing.id}) == {"data": None}
        mark(studio, role="ADMIN")


def test_an_administrators_model_asks_the_row(load: Load, studio: World) -> None:
    asked = {"input": {"clientRequestId": "1", "model": "nanobanana-2", "prompt": "a lighthouse"}}
    ask = handler(load, "Mutation.generateImages")
    mark(studio, role="USER")
    assert ask(asked)["error"]["type"] == "MODEL_ADMIN_ONLY"
    assert studio.person(ADMIN).points == 20
    mark(studio, role="ADMIN")
    assert ask(asked)["data"][0]["model"] == "nanobanana-2"


def test_the_first_administrator_is_made_at_cognito_and_enters_it_in_their_row(load: Load, studio: World) -> None:
    mark(studio, role="USER")  # the row that the sign-up made
    grant = ASKED["Mutation.grantPoints"](studio)
    assert handler(load, "Mutation.grantPoints")(grant)["error"]["type"] == "UNAUTHORIZED"
    enter = handler(load, "Mutation.setRole")
    assert enter({"userId": OTHER.sub, "role": "ADMIN"})["error"]["type"] == "UNAUTHORIZED", "others are not theirs"
    assert studio.person(OTHER).role == Role.USER
    assert enter({"userId": ADMIN.sub, "role": "ADMIN"})["data"]["role"] == "ADMIN"
    rows = studio.audit.of_subject(ADMIN.sub, None, 10, None).rows
    assert len(rows) == 1, "the audit trail knows of it"
    assert handler(load, "Mutation.grantPoints")(grant)["data"]["points"] == 25


# What makes a row where there is none, each with what an administrator's token might give it.
FIRST_USES: dict[str, dict[str, Any]] = {
    "Query.me": {},
    "Query.pointsHistory": {},
    "Mutation.updateMe": {"input": {"name": "Ada"}},
    "Query.quote": {"input": {"model": "nanobanana-pro", "kind": "GENERATE"}},
    "Mutation.generateImages": {"input": {"clientRequestId": "1", "model": "nanobanana-2", "prompt": "a lighthouse"}},
    "Mutation.createUpload": {"input": PICTURE},
    **{field: {} for field in FIELDS},
}


@pytest.mark.parametrize("field", FIRST_USES)
def test_cognitos_group_alone_makes_no_administrator(load: Load, world: World, field: str) -> None:
    """Who has no row yet gets an ordinary one; only `setRole` on themselves, which is recorded, makes it more."""
    answer = handler(load, field)(FIRST_USES[field] or arguments(field))
    if field in FIELDS or field == "Mutation.generateImages":
        assert answer["error"]["type"] in {"UNAUTHORIZED", "MODEL_ADMIN_ONLY"}
    person = world.people.find(ADMIN.sub)
    assert person is None or person.role == Role.USER
    assert world.audit.of_day(iso(NOON)[:10], 10, None).rows == []


def test_who_was_never_here_is_recorded_as_they_become_an_administrator(load: Load, world: World) -> None:
    enter = handler(load, "Mutation.setRole")
    assert enter({"userId": ADMIN.sub, "role": "ADMIN"}, USER_TOKEN)["error"]["type"] == "UNAUTHORIZED", "no group"
    assert enter({"userId": ADMIN.sub, "role": "ADMIN"})["data"]["role"] == "ADMIN"
    (record,) = world.audit.of_day(iso(NOON)[:10], 10, None).rows
    assert (record["act"], record["actor"], record["subject"]) == ("ROLE_SET", ADMIN.sub, ADMIN.sub)
    assert (record["details"], record["sourceIp"]) == ({"from": "USER", "to": "ADMIN"}, "192.0.2.7")
    assert "data" in handler(load, "Query.users")({})


def test_who_enters_needs_the_second_factor_too(load: Load, world: World, cognito: Pools) -> None:
    cognito.factors = ()
    enter = handler(load, "Mutation.setRole", SECOND_FACTOR="true")
    assert enter({"userId": ADMIN.sub, "role": "ADMIN"})["error"]["type"] == "SECOND_FACTOR_MISSING"
    assert world.people.find(ADMIN.sub) is None


def test_a_demoted_administrator_does_not_come_back_by_a_call_that_was_under_way(
    load: Load, studio: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    find, seen = studio.people.find, list[Person | None]()
    module = load(MODULES["Mutation.setRole"])

    def stale(id_: str) -> Person | None:
        seen.append(find(id_))
        if len(seen) == 2:  # after the guard has read the row, and the change
            mark(studio, role="USER", signedOutAt=millis(NOON))
            return find(id_)
        return seen[-1]

    monkeypatch.setattr(module._people, "find", stale)
    answer = module.handler(appsync("Mutation.setRole", {"userId": ADMIN.sub, "role": "ADMIN"}, TOKEN), None)
    assert answer["error"]["type"] == "UNAUTHORIZED"
    assert studio.person(ADMIN).role == Role.USER


def test_nobody_decides_about_their_own(load: Load, studio: World) -> None:
    grant = {"clientRequestId": "g", "userId": ADMIN.sub, "points": 5, "note": "me"}
    own = in_review(studio, ADMIN)
    for field, given in (
        ("Mutation.grantPoints", {"input": grant}),
        ("Mutation.resolvePayment", {"id": own.id, "decision": "CREDIT", "note": "mine"}),
        ("Mutation.resolvePayment", {"id": own.id, "decision": "REFUND", "note": "mine"}),
        ("Mutation.refundPayment", {"id": own.id, "note": "mine"}),
        ("Mutation.updateOrderStatus", {"id": ordered(studio, ADMIN).id, "status": "CANCELED"}),
        ("Mutation.setRole", {"userId": ADMIN.sub, "role": "USER"}),
        ("Mutation.setDisabled", {"userId": ADMIN.sub, "disabled": True}),
    ):
        assert handler(load, field)(given)["error"]["type"] == "USER_IS_SELF"
    assert studio.person(ADMIN).points == 20


def test_a_rate_is_not_set_by_who_was_one(studio: World, load: Load) -> None:
    mark(studio, role="USER")
    handler(load, "Mutation.setExchangeRate")(ASKED["Mutation.setExchangeRate"](studio))
    assert Rates("Rates", studio.client).find(Currency.USD, Currency.VND) is None
