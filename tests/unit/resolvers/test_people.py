"""The caller's own fields, and the sign-up trigger."""

from typing import Any

from tests.unit.resolvers.conftest import Load
from tests.unit.resolvers.events import appsync
from tests.unit.world import ADMIN, USER, World


def ask(load: Load, *event: Any, **options: Any) -> dict[str, Any]:
    return load("resolvers.people").handler(appsync(*event, **options), None)


def test_signing_up_grants_points_once(load: Load, world: World) -> None:
    event = {"request": {"userAttributes": {"sub": USER.sub, "email": "user@namo.test"}}, "response": {}}
    trigger = load("resolvers.sign_up")
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
    given = {"clientRequestId": "g", "userId": USER.sub, "points": 5, "note": "thanks"}
    assert ask(load, "Mutation.grantPoints", {"input": given}, ADMIN)["data"]["points"] == 25
    history = ask(load, "Query.pointsHistory", {})["data"]
    assert history["nextToken"] is None
    assert {(line["reason"], line["points"]) for line in history["items"]} == {("GRANT", 5), ("SIGN_UP", 20)}
    assert history["items"][0]["balance"] == 25


def test_who_is_not_signed_in_is_refused(load: Load) -> None:
    for field, arguments in (("Query.me", {}), ("Query.usage", {}), ("Query.pointsHistory", {})):
        assert ask(load, field, arguments, None)["error"]["type"] == "UNAUTHORIZED"
