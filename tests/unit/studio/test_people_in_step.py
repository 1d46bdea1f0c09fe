"""Cognito ends up in step with the row, wherever a change is cut off, and whatever else happens meanwhile."""

import contextlib
from typing import Any

import pytest

from studio.clock import millis
from studio.dynamo import ConditionFailed, pack, transact, update
from studio.errors import ContendedError, ErrorType, StudioError
from studio.people.guard import Guard
from studio.people.model import Aspect, Caller, Person, Role
from tests.unit.fault_injection import CallBudget, KilledError, growing_budgets
from tests.unit.studio.changing import AWAY, Change, demote, disable, enable, in_step, person, promote, refused, rename
from tests.unit.studio.office import Office
from tests.unit.world import NOON


@pytest.mark.parametrize("acts", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("error", [KilledError, ConnectionError])
@pytest.mark.parametrize(
    "change", [promote, demote, disable, enable, rename], ids=["promote", "demote", "disable", "enable", "rename"]
)
def test_wherever_it_is_cut_off_the_reconciler_brings_it_in_step(
    office: Office,
    admin: Caller,
    change: Change,
    error: type[BaseException],
    acts: bool,
) -> None:
    tried = 0
    for budget in growing_budgets(error, acts=acts):
        user = office.hire(f"user{tried}@namo.test", Role.ADMIN if change is demote else Role.USER)
        if change is enable:
            disable(office.changes(), admin, user.sub)
        before, known = person(office, user.sub), len(office.records(user.sub))
        with contextlib.suppress(KilledError, ConnectionError, StudioError):
            change(office.changes(budget), admin, user.sub)
        office.accounts_reconciler().all(NOON)
        tried += 1
        assert in_step(office, user.sub)
        changed = person(office, user.sub).rev > before.rev
        assert len(office.records(user.sub)) - known == int(changed and change is not rename)
        if not budget.spent:
            assert changed
    assert tried > 3


@pytest.mark.parametrize("left", range(8))
def test_a_reconciler_that_is_killed_too_goes_on_the_next_time(office: Office, admin: Caller, left: int) -> None:
    user = office.hire("user@namo.test", Role.ADMIN)
    budget = CallBudget(AWAY, ConnectionError)
    demote(office.changes(budget), admin, user.sub)
    assert person(office, user.sub).ahead
    try:
        office.accounts_reconciler(CallBudget(left)).all(NOON)
    except KilledError:
        assert person(office, user.sub).ahead
    office.accounts_reconciler().all(NOON)
    assert in_step(office, user.sub)
    assert [record.details["to"] for record in office.records(user.sub)] == ["ADMIN", "USER"]


def test_cognito_ends_with_the_newer_of_two_changes(
    office: Office, admin: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While one change is on its way to Cognito, another overtakes it; the first comes late, and must not win."""
    user = office.hire("user@namo.test")
    first = office.changes()
    pool, set_role = first.cognito_sync.pool, first.cognito_sync.pool.set_role

    def late(sub: str, role: Role) -> None:
        monkeypatch.setattr(pool, "set_role", set_role)
        demote(office.changes(), admin, user.sub)
        set_role(sub, role)

    monkeypatch.setattr(pool, "set_role", late)
    promote(first, admin, user.sub)
    assert person(office, user.sub).role == Role.USER
    assert in_step(office, user.sub)
    assert len(office.records(user.sub)) == 2


def test_a_token_renewed_before_cognito_followed_is_worth_nothing(office: Office, admin: Caller) -> None:
    user = office.hire("user@namo.test", Role.ADMIN)
    demote(office.changes(CallBudget(AWAY, ConnectionError)), admin, user.sub)
    assert office.at_cognito(user.sub)[0], "what is renewed now still says administrator"
    renewed = Caller(user.sub, Role.ADMIN, issued_at=millis(office.world.later(1)))
    guard = Guard(office.world.people)
    assert refused(lambda: guard.admit(renewed, afresh=True)) == ErrorType.UNAUTHORIZED
    assert refused(lambda: disable(office.changes(), renewed, admin.sub)) == ErrorType.UNAUTHORIZED
    office.world.later(30)
    office.accounts_reconciler().all(office.world.time)
    assert person(office, user.sub).signed_out_at == millis(office.world.time)
    assert refused(lambda: guard.admit(renewed, afresh=True)) == ErrorType.UNAUTHORIZED
    guard.admit(Caller(user.sub, Role.USER, issued_at=millis(office.world.later(1))), afresh=True)


def test_the_next_change_finishes_the_one_before(office: Office, admin: Caller) -> None:
    user = office.hire("user@namo.test")
    promote(office.changes(CallBudget(AWAY, ConnectionError)), admin, user.sub)
    assert not office.at_cognito(user.sub)[0]
    rename(office.changes(), admin, user.sub)
    assert office.at_cognito(user.sub) == (True, True, "Grace")
    assert in_step(office, user.sub)


@pytest.mark.parametrize("old", [False, True])
def test_whose_address_nothing_can_answer_is_locked_out_and_demoted(office: Office, admin: Caller, old: bool) -> None:
    user = office.hire("user@localhost")
    if old:  # a row of before there were stand-ins
        office.world.people.apply(update({"id": user.sub}, set={"email": "user@localhost"}))
    assert promote(office.changes(), admin, user.sub).role == Role.ADMIN
    assert demote(office.changes(), admin, user.sub).role == Role.USER
    assert office.changes().set_disabled(admin, user.sub, True, NOON).disabled
    assert office.at_cognito(user.sub) == (False, False, "Ada")


NULLS = ("leftAt", "signedOutAt", "ahead", "address", "name", "blocks", "closedBy")  # what ADD meets is not among them


def with_nulls(office: Office, user: Caller) -> None:
    """Have a row say of what it has not that it is NULL, as who writes it by hand may."""
    row = pack(office.world.people.get({"id": user.sub}) or {})
    nulls = {name: {"NULL": True} for name in NULLS if name not in row}
    assert "leftAt" in nulls
    office.world.client.put_item(TableName="People", Item=row | nulls)


def test_null_is_as_good_as_no_attribute(office: Office, admin: Caller) -> None:
    user = office.hire("user@namo.test")
    for change in (promote, demote):
        with_nulls(office, user)
        change(office.changes(), admin, user.sub)
    for disabled in (True, False):
        with_nulls(office, user)
        assert office.changes().set_disabled(admin, user.sub, disabled, NOON).disabled is disabled
    token = Caller(user.sub, Role.USER, issued_at=millis(office.world.later(1)))
    with_nulls(office, user)
    assert office.changes().set_own(token, {"name": "Grace"}, NOON).after.name == "Grace"
    with_nulls(office, user)
    transact(office.world.client, [office.world.people.move(user.sub, 5)])
    office.changes().leave(token, NOON)
    assert person(office, user.sub).left_at


def test_who_has_null_for_everything_else_works(office: Office) -> None:
    user = office.hire("user@namo.test")
    with_nulls(office, user)
    assert office.world.generate(user)


def test_what_one_aspect_changes_leaves_the_others_at_cognito(office: Office) -> None:
    """A group that an operator gave by hand is not taken away by a new name."""
    user = office.hire("user@namo.test")
    office.cognito.users[user.sub].groups.add("admin")
    office.changes().set_own(user, {"name": "Grace"}, NOON)
    assert office.at_cognito(user.sub) == (True, True, "Grace")


def test_one_who_cannot_be_helped_keeps_no_other_waiting(
    office: Office, admin: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    users = [office.hire(f"{name}@namo.test") for name in "ab"]
    for user in users:
        promote(office.changes(CallBudget(AWAY, ConnectionError)), admin, user.sub)
    accounts_reconciler = office.accounts_reconciler()
    pool, set_role = accounts_reconciler.cognito_sync.pool, accounts_reconciler.cognito_sync.pool.set_role

    def broken(sub: str, role: Role) -> None:
        if sub == users[0].sub:
            raise ConnectionError
        set_role(sub, role)

    monkeypatch.setattr(pool, "set_role", broken)
    done = accounts_reconciler.all(NOON)
    assert (done.settled, done.errors) == (1, 1)
    assert [person(office, user.sub).ahead for user in users] == [(Aspect.ROLE,), ()]


def test_a_row_that_cannot_be_read_keeps_no_other_waiting_and_is_put_off(office: Office, admin: Caller) -> None:
    users = [office.hire(f"{name}@namo.test") for name in "ab"]
    for user in users:
        promote(office.changes(CallBudget(AWAY, ConnectionError)), admin, user.sub)
    office.world.people.apply(update({"id": users[0].sub}, set={"role": "KING"}))
    errors: list[int] = []
    for _ in range(13):
        errors.append(office.accounts_reconciler().all(office.world.time).errors)
        office.world.later(60)
    assert person(office, users[1].sub).ahead == ()
    assert [minute for minute, failed in enumerate(errors) if failed] == [0, 1, 3, 7]


def test_who_could_be_helped_in_the_end_waits_no_longer_next_time(office: Office, admin: Caller) -> None:
    user = office.hire("user@namo.test")
    promote(office.changes(CallBudget(AWAY, ConnectionError)), admin, user.sub)
    assert office.accounts_reconciler(CallBudget(AWAY, ConnectionError)).all(NOON).errors == 1
    assert office.accounts_reconciler().all(office.world.later(60)).settled == 1
    assert "tries" not in (office.world.people.get({"id": user.sub}) or {})


def test_a_row_that_never_stands_still_stays_marked(
    office: Office, admin: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = office.hire("user@namo.test")
    promote(office.changes(CallBudget(AWAY, ConnectionError)), admin, user.sub)
    cognito_sync = office.cognito_sync(CallBudget())

    def restless(_: Any) -> None:
        raise ConditionFailed({0: office.world.people.get({"id": user.sub}) or {}})

    monkeypatch.setattr(cognito_sync.people, "apply", restless)
    with pytest.raises(ContendedError):
        cognito_sync.settle(person(office, user.sub))
    assert person(office, user.sub).ahead


def test_a_change_waits_out_another(office: Office, admin: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    """The row changes between its being read and written: the record says what was before in truth."""
    user = office.hire("user@namo.test")
    changes = office.changes()
    find = changes.person_finder.people.find
    seen: list[str] = []

    def overtaken(id_: str) -> Person | None:
        found = find(id_)
        if id_ == user.sub and not seen:
            seen.append(id_)
            promote(office.changes(), admin, user.sub)
        return found

    monkeypatch.setattr(changes.person_finder.people, "find", overtaken)
    changes.set_role(admin, user.sub, Role.USER, office.world.later(1))
    assert sorted((r.details["from"], r.details["to"]) for r in office.records(user.sub)) == [
        ("ADMIN", "USER"),
        ("USER", "ADMIN"),
    ]
    assert in_step(office, user.sub)


def test_a_changed_row_is_one_that_others_still_move_points_of(office: Office, admin: Caller) -> None:
    user = office.hire("user@namo.test")
    office.world.people.apply(update({"id": user.sub}, add={"points": 5}))
    promote(office.changes(), admin, user.sub)
    assert person(office, user.sub).points == 25
