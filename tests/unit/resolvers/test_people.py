"""The caller's own fields, what administrators do with people, and Cognito's triggers."""

import json
from typing import Any

import pytest
from botocore.exceptions import ReadTimeoutError

from resolvers.fields.graphql import Fields
from studio import ids
from studio.alarms import Alarm
from studio.clock import iso, millis
from studio.dynamo import update
from studio.media.keys import upload_key
from studio.media.model import StoredImage
from studio.people.model import MAX_BALANCE, Caller, Role
from studio.people.pool import UserPool
from tests.access import DECISIONS
from tests.sdl import committed
from tests.unit.payments.test_fields import ENVIRONMENT as PAYMENTS
from tests.unit.raised import Raised
from tests.unit.resolvers.conftest import Load
from tests.unit.resolvers.events import SOURCES, appsync
from tests.unit.studio.cognito import Cognito
from tests.unit.world import ADMIN, NOON, OTHER, USER, World

PROFILE = {"sub": USER.sub, "email": "User@namo.test"}


@pytest.fixture(autouse=True)
def cognito(monkeypatch: pytest.MonkeyPatch) -> Cognito:
    """A pool in the place of Cognito's, that knows three people."""
    pool = Cognito.of(USER, OTHER, ADMIN)
    monkeypatch.setattr(UserPool, "client", pool)
    monkeypatch.setattr(pool, "_user", lambda _, name: pool.users[name])
    return pool


def ask(load: Load, *event: Any, **options: Any) -> dict[str, Any]:
    return load("resolvers.fields.people").handler(appsync(*event, **options), None)


def refusal(load: Load, *event: Any) -> str:
    return ask(load, *event)["error"]["type"]


def test_signing_up_grants_points_once(load: Load, world: World) -> None:
    event = {"request": {"userAttributes": PROFILE}, "response": {}}
    trigger = load("resolvers.triggers.sign_up")
    assert trigger.handler(event, None) == event
    assert trigger.handler(event, None) == event
    assert world.person().points == 20
    assert world.drift() == 0
    me = ask(load, "Query.me", {})["data"]
    assert (me["email"], me["role"], me["points"], me["disabled"]) == ("user@namo.test", "USER", 20, False)


def test_usage_shows_what_was_used_today(load: Load, world: World) -> None:
    world.joined()
    world.generate(count=3)
    usage = ask(load, "Query.usage", {"day": "2026-11-20"})["data"]
    assert (usage["images"], usage["points"], usage["freeImages"]) == (3, 3, 0)
    assert [(m["model"], m["images"], m["freeLeft"]) for m in usage["byModel"]] == [("nanobanana-pro", 3, 0)]
    assert ask(load, "Query.usage", {"day": "2026-11-19"})["data"]["images"] == 0


def test_a_day_that_is_none(load: Load) -> None:
    assert ask(load, "Query.usage", {"day": "tomorrow"})["error"]["type"] == "DAY_MALFORMED"


def test_points_are_granted_and_explained(load: Load, world: World) -> None:
    world.joined()
    world.joined(ADMIN)
    given = {"clientRequestId": "g", "userId": USER.sub, "points": 5, "note": "thanks"}
    assert ask(load, "Mutation.grantPoints", {"input": given}, ADMIN)["data"]["points"] == 25
    history = ask(load, "Query.pointsHistory", {})["data"]
    assert history["nextToken"] is None
    assert {(line["reason"], line["points"]) for line in history["items"]} == {("GRANT", 5), ("SIGN_UP", 20)}
    assert history["items"][0]["balance"] == 25
    assert ask(load, "Query.pointsHistoryOf", {"userId": USER.sub}, ADMIN)["data"] == history


def test_who_is_not_signed_in_is_refused(load: Load) -> None:
    for field, arguments in (("Query.me", {}), ("Query.usage", {}), ("Query.pointsHistory", {})):
        assert ask(load, field, arguments, None)["error"]["type"] == "UNAUTHORIZED"


@pytest.mark.parametrize("fault", [ConnectionError, ReadTimeoutError(endpoint_url="https://dynamodb")])
def test_a_sign_in_is_not_refused_by_our_own_fault(
    load: Load, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, raised: Raised, fault: Exception
) -> None:
    def broken(**_: Any) -> None:
        raise fault

    trigger, event = load("resolvers.triggers.sign_up"), {"request": {"userAttributes": PROFILE}, "response": {}}
    monkeypatch.setattr(trigger.client, "get_item", broken)
    assert trigger.handler(event, None) == event
    assert "could not be welcomed" in caplog.text
    assert "namo.test" not in caplog.text
    assert raised.names() == [Alarm.INTERNAL_ERROR]


def test_a_sign_in_does_not_wait_for_what_hangs_until_it_is_refused(load: Load) -> None:
    patience = load("resolvers.triggers.sign_up").client.meta.config
    attempts, slowest_pause = patience.retries["total_max_attempts"], 1
    longest = attempts * (patience.connect_timeout + patience.read_timeout) + (attempts - 1) * slowest_pause
    assert longest < 5, "seconds that Cognito gives a trigger"


def test_a_name_from_cognito_that_is_none_of_ours_is_left_out(load: Load, world: World) -> None:
    event = {"request": {"userAttributes": {**PROFILE, "name": "x" * 2048}}, "response": {}}
    load("resolvers.triggers.sign_up").handler(event, None)
    assert world.person().name is None


def test_a_name_is_changed_trimmed_and_taken_away(load: Load, world: World) -> None:
    world.joined()

    def name(**given: Any) -> Any:
        return ask(load, "Mutation.updateMe", {"input": given})["data"]["name"]

    assert name(name="  Ada ") == "Ada"
    assert name() == "Ada"
    assert name(name=None) is None
    assert refusal(load, "Mutation.updateMe", {"input": {"name": " "}}) == "NAME_MALFORMED"


def test_an_avatar_is_shown_with_links_that_stay_and_taken_away(load: Load, world: World) -> None:
    world.joined()
    id_ = world.uploaded(purpose="AVATAR")
    world.media.put(StoredImage(upload_key(USER.sub, id_), "image/png", 640, 480, 9), b"x")
    user = ask(load, "Mutation.updateMe", {"input": {"avatar": id_}}, select=("avatar", "avatar/original"))["data"]
    assert user["avatar"]["original"]["url"].startswith(f"https://files.namo.example/avatars/{USER.sub}/")
    assert user["avatar"].keys() == {"original"}, "what is not asked for is not signed"
    world.later(60)
    selected = ("avatar/original", "items/avatar/original")
    assert ask(load, "Query.me", {}, select=selected)["data"]["avatar"] == user["avatar"]
    (listed,) = ask(load, "Query.users", {}, caller=administrator(world), select=selected)["data"]["items"][1:]
    assert listed["avatar"] == user["avatar"]
    assert ask(load, "Mutation.updateMe", {"input": {"name": "Ada"}}, select=selected)["data"]["avatar"]
    assert ask(load, "Mutation.updateMe", {"input": {"avatar": None}})["data"]["avatar"] is None
    assert refusal(load, "Mutation.updateMe", {"input": {"avatar": ids.new()}}) == "UPLOAD_UNKNOWN"


def administrator(world: World) -> Caller:
    world.joined(ADMIN)
    return ADMIN


def test_a_language_and_the_wish_for_mail_are_changed_alone_or_together(load: Load, world: World) -> None:
    world.joined()

    def updated(**given: Any) -> tuple[Any, ...]:
        user = ask(load, "Mutation.updateMe", {"input": given})["data"]
        assert user == ask(load, "Query.me", {})["data"]
        return user["name"], user["language"], user["mailing"]

    assert updated() == (None, "EN", True)
    assert updated(language="VI") == (None, "VI", True)
    assert world.person().ahead == (), "Cognito knows nothing of it"
    assert updated(mailing=False) == (None, "VI", False)
    assert updated(name="Ada", language=None, mailing=None) == ("Ada", "VI", False)
    assert updated(name=None, language="EN", mailing=True) == (None, "EN", True)
    assert refusal(load, "Mutation.updateMe", {"input": {"name": " ", "language": "VI"}}) == "NAME_MALFORMED"
    assert world.person().language == "EN", "all of it or nothing"


def test_a_balance_that_came_back_above_its_ceiling_is_shown(load: Load, world: World) -> None:
    world.joined()
    (job,) = world.generate()
    for balance, shown in ((MAX_BALANCE, MAX_BALANCE + job.charge.points), (2**31 - 1, 2**31 - 1), (10**12, 2**31 - 1)):
        world.people.apply(update({"id": USER.sub}, set={"points": balance}))
        canceled = world.job_actions.cancel(USER, job.id, world.time)
        assert canceled
        world.refunds.give_back(canceled, world.time)
        assert world.person().points == balance + job.charge.points
        assert ask(load, "Query.me", {})["data"]["points"] == shown
        lines = ask(load, "Query.pointsHistory", {"limit": 2})["data"]["items"]
        assert lines[0]["balance"] == shown
        (job,) = world.generate(clientRequestId=f"after-{balance}")


def test_administrators_find_people(load: Load, world: World) -> None:
    world.joined()
    world.joined(ADMIN)
    ada = ask(load, "Query.user", {"id": USER.sub}, ADMIN)["data"]
    assert ask(load, "Query.user", {"email": "USER-1@namo.test"}, ADMIN)["data"] == ada
    assert (ada["id"], ada["role"], ada["createdAt"]) == (USER.sub, "USER", iso(NOON))
    assert ask(load, "Query.user", {"id": "nobody"}, ADMIN) == {"data": None}
    assert refusal(load, "Query.user", {}, ADMIN) == "USER_NOT_NAMED"
    page = ask(load, "Query.users", {"limit": 1}, ADMIN)["data"]
    rest = ask(load, "Query.users", {"limit": 1, "nextToken": page["nextToken"]}, ADMIN)["data"]
    assert {person["id"] for person in page["items"] + rest["items"]} == {USER.sub, ADMIN.sub}
    assert rest["nextToken"] is None
    world.people.apply(update({"id": USER.sub}, set={"disabled": True, "name": "Ngân"}))
    for given, found in (
        ({"text": " NGÂN"}, [USER.sub]),
        ({"text": "admin-1@"}, [ADMIN.sub]),
        ({"text": "nobody"}, []),
        ({"role": "ADMIN"}, [ADMIN.sub]),
        ({"disabled": True}, [USER.sub]),
        ({"disabled": False, "role": "USER"}, []),
    ):
        assert [person["id"] for person in ask(load, "Query.users", given, ADMIN)["data"]["items"]] == found


def test_a_role_and_a_lock_answer_the_person_and_leave_a_trail(load: Load, world: World, cognito: Cognito) -> None:
    world.joined()
    world.joined(ADMIN)
    admin = Caller(ADMIN.sub, Role.ADMIN, "192.0.2.7")
    role = ask(load, "Mutation.setRole", {"userId": USER.sub, "role": "ADMIN"}, admin)["data"]
    assert (role["role"], cognito.users[USER.sub].groups) == ("ADMIN", {"admin"})
    locked = ask(load, "Mutation.setDisabled", {"userId": USER.sub, "disabled": True}, admin)["data"]
    assert (locked["disabled"], cognito.users[USER.sub].enabled) == (True, False)
    assert refusal(load, "Mutation.setDisabled", {"userId": ADMIN.sub, "disabled": True}, admin) == "USER_IS_SELF"
    trail = ask(load, "Query.auditTrail", {"subject": USER.sub}, admin)["data"]["items"]
    assert {(row["act"], row["actor"], row["sourceIp"]) for row in trail} == {
        ("ROLE_SET", ADMIN.sub, "192.0.2.7"),
        ("DISABLED_SET", ADMIN.sub, "192.0.2.7"),
    }
    assert len(ask(load, "Query.auditTrail", {}, admin)["data"]["items"]) == 2
    assert refusal(load, "Query.auditTrail", {"day": "yesterday"}, admin) == "DAY_MALFORMED"


class Lambda:
    """Remembers whom it was told of, or is away."""

    def __init__(self, *, down: bool = False) -> None:
        self.down = down
        self.invoked: list[Any] = []

    def invoke(self, **request: Any) -> None:
        if self.down:
            raise ConnectionError
        self.invoked.append((request["FunctionName"], request["InvocationType"], json.loads(request["Payload"])))


@pytest.mark.parametrize("down", [False, True])
def test_leaving_calls_the_reconciler_who_comes_in_any_case(
    load: Load, world: World, monkeypatch: pytest.MonkeyPatch, down: bool
) -> None:
    world.joined()
    lambdas, module = Lambda(down=down), load("resolvers.fields.people")
    monkeypatch.setattr(module.boto3, "client", lambda _: lambdas)
    assert module.handler(appsync("Mutation.deleteMe", {}), None) == {"data": USER.sub}
    assert lambdas.invoked == ([] if down else [("namo-reconciler", "Event", {"person": USER.sub})])
    assert refusal(load, "Query.me", {}) == "USER_DISABLED"
    monkeypatch.undo()


def test_the_reconciler_sees_to_one_or_to_all(load: Load, world: World, cognito: Cognito) -> None:
    for who in (USER, OTHER):
        world.joined(who)
        behind = {"role": "ADMIN", "unsettled": "unsettled", "since": iso(NOON), "ahead": ["role"], "rev": 1}
        world.people.apply(update({"id": who.sub}, set=behind))
    module = load("resolvers.timers.accounts_reconciler")
    assert module.handler({"person": USER.sub}, None)["settled"] == 1
    assert [bool(cognito.users[who.sub].groups) for who in (USER, OTHER)] == [True, False]
    assert module.handler({"source": "aws.events"}, None) == {"settled": 1, "leaving": 0, "errors": 0}
    assert cognito.users[OTHER.sub].groups == {"admin"}


# These ask in the transaction that charges for them, so that they stay one call.
ASK_FOR_THEMSELVES = {
    "Mutation.generateImages",
    "Mutation.editImage",
    "Mutation.syncCamera",
    "Mutation.transferTexture",
    "Mutation.upscaleImage",
    "Mutation.removeBackground",
    "Mutation.varyImage",
    "Mutation.retryJob",
}
MODULES = {field: f"resolvers.fields.{area}" for field, area in SOURCES.items()}
ID = "8d1f3c52-9c1e-4b7b-a5b0-6f1c2d3e4f50"
IMAGE = {"clientRequestId": "r", "model": "nanobanana-pro", "prompt": "a lighthouse", "image": ID, "texture": ID}


def arguments(field: str) -> dict[str, Any]:
    """Return something for every argument of a field, fit or not: who is shut out hears only that."""
    type_, name = field.split(".")
    given: dict[str, Any] = {"input": IMAGE, "limit": 1, "nextToken": None, "owner": USER.sub, "disabled": True}
    given |= {"status": "PENDING", "filter": None, "role": "USER", "day": None, "email": None, "subject": None}
    schema = committed().type_map[type_].fields[name].args  # pyright: ignore[reportAttributeAccessIssue]
    return {argument: given.get(argument, ID) for argument in schema}


def test_every_field_but_a_few_asks_the_guard_first(load: Load, monkeypatch: pytest.MonkeyPatch) -> None:
    guarded: dict[str, bool] = {}
    resolver = Fields.resolver

    def noted(fields: Fields, **given: Any) -> Any:
        guarded[f"{given['type_name']}.{given['field_name']}"] = given.get("guarded", True)
        return resolver(fields, **given)

    monkeypatch.setattr(Fields, "resolver", noted)
    for module in {*MODULES.values()}:
        load(module, **PAYMENTS)
    assert guarded == {field: field not in ASK_FOR_THEMSELVES for field in MODULES}


@pytest.mark.parametrize("field", [field for field in DECISIONS if field in MODULES])
@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"disabled": True}, "USER_DISABLED"),
        ({"signedOutAt": millis(NOON)}, "UNAUTHORIZED"),
        ({"ahead": ["tokens"]}, "UNAUTHORIZED"),
    ],
)
def test_no_field_answers_who_is_shut_out(
    load: Load, world: World, field: str, row: dict[str, Any], expected: str
) -> None:
    world.joined()
    world.people.apply(update({"id": USER.sub}, set=row))
    caller = Caller(USER.sub, USER.role, issued_at=millis(NOON))
    answer = load(MODULES[field], **PAYMENTS).handler(appsync(field, arguments(field), caller), None)
    assert answer["error"]["type"] == expected
    assert world.person().points == 20
