"""A person's version grows with whatever can be seen of them, so that a client drops what comes late."""

from collections.abc import Callable
from typing import Any

import pytest

from resolvers.shapes.people import user as shown
from studio.checks.balances import BalanceCheck
from studio.dynamo import update
from studio.mail.unsubscribe import unsubscribe
from studio.media.links import Link
from studio.people.grant_points import Grants, grant
from studio.people.join import Profile
from studio.people.model import Avatar, AvatarFile, Language, Role
from studio.people.sign_up import welcome
from tests.unit.studio.cognito import Cognito
from tests.unit.studio.office import Office
from tests.unit.world import ADMIN, NOON, OTHER, USER, World

AVATAR = Avatar("a", "u", {"original": AvatarFile("image/png", 4, 3, 9)})
OWN: list[dict[str, Any]] = [
    {"name": "Grace"},
    {"language": Language.VI},
    {"mailing": False},
    {"avatar": AVATAR},
    {"name": None, "language": Language.VI},
]


def seen(world: World) -> dict[str, Any]:
    person = world.person()
    return {**shown(person, person.role, lambda _: Link("", NOON)), "version": None}


def grows(world: World, act: Callable[[], Any]) -> None:
    before, version = seen(world), world.person().version
    act()
    assert seen(world) != before, "it can be seen"
    assert world.person().version > version


def give(world: World, points: int) -> None:
    world.joined(ADMIN)
    given: Any = {"clientRequestId": "g", "userId": USER.sub, "points": points, "note": "Thanks."}
    Grants(world.person_finder, world.requests, world.audit).give(ADMIN, grant(given), NOON)


def sign_in(world: World, email: str) -> None:
    welcome(world.person_finder.person_creator, Profile(USER.sub, email, None), NOON)


@pytest.fixture
def joined(world: World) -> World:
    world.joined()
    return world


@pytest.mark.parametrize("fields", OWN, ids="-".join)
def test_what_people_change_of_themselves(joined: World, fields: dict[str, Any]) -> None:
    joined.people.apply(update({"id": USER.sub}, set={"name": "Ada"}))
    office = Office(joined, Cognito.of(USER))
    grows(joined, lambda: office.changes().set_own(USER, fields, NOON))


@pytest.mark.parametrize("points", [5, -5])
def test_what_an_administrator_gives_or_takes(joined: World, points: int) -> None:
    grows(joined, lambda: give(joined, points))


def test_what_jobs_take_and_give_back(joined: World) -> None:
    grows(joined, lambda: joined.generate(count=3))
    (job,) = joined.generate(clientRequestId="2")
    joined.job_actions.cancel(USER, job.id, NOON)
    canceled = joined.jobs.find(job.id)
    assert canceled
    grows(joined, lambda: joined.refunds.give_back(canceled, NOON))


def test_what_mail_and_sign_ins_change(joined: World) -> None:
    grows(joined, lambda: unsubscribe(joined.people, USER.sub))
    version = joined.person().version
    unsubscribe(joined.people, USER.sub)
    assert joined.person().version == version, "nothing changed"
    grows(joined, lambda: sign_in(joined, "new@namo.test"))
    joined.people.apply(update({"id": USER.sub}, set={"email": "user@localhost"}))
    version = joined.people.get({"id": USER.sub})
    joined.people.find_mending(USER.sub)
    assert version
    assert joined.person().version > 1 + version["rev"] + version["moves"]


def test_what_an_administrator_decides(joined: World) -> None:
    office = Office(joined)
    admin, user = office.hire("admin@namo.test", Role.ADMIN), office.hire("user@namo.test")
    for change in (
        lambda: office.changes().set_disabled(admin, user.sub, True, NOON),
        lambda: office.changes().set_disabled(admin, user.sub, False, NOON),
        lambda: office.changes().set_role(admin, user.sub, Role.ADMIN, NOON),
    ):
        version = joined.person(user).version
        change()
        assert joined.person(user).version > version


@pytest.mark.parametrize("moves", [5, -1])
def test_a_repair_of_the_ledger_never_takes_it_back(joined: World, moves: int) -> None:
    joined.joined(OTHER)
    joined.people.apply(update({"id": USER.sub}, add={"moves": moves}))
    version = joined.person().version
    check = BalanceCheck(joined.people, joined.ledger)
    for account in check.accounts():
        check.repair(account, NOON)
    assert joined.person().version >= version
    assert all(account.sound for account in check.accounts())
