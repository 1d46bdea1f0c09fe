"""Who is locked out or demoted is so with every account of their mailbox, also with those to come."""

from datetime import timedelta

import pytest
from botocore.exceptions import ClientError

from studio.clock import millis
from studio.dynamo import update
from studio.errors import ErrorType, StudioError
from studio.people.addresses import Addresses
from studio.people.model import Caller, Role
from tests.unit.fault_injection import preceded
from tests.unit.studio.mailboxes import ADA, SPELLINGS, leave, person
from tests.unit.studio.office import Office
from tests.unit.world import NOON


def test_who_is_locked_out_is_so_by_another_spelling(office: Office) -> None:
    first = office.hire(ADA)
    admin = office.hire("admin@namo.test", Role.ADMIN)
    office.changes().set_disabled(admin, first.sub, True, NOON)
    assert person(office, office.hire("adalovelace@gmail.com")).disabled


def test_who_is_locked_out_is_so_by_the_same_address(office: Office) -> None:
    first = office.hire(ADA)
    closed = millis(NOON + timedelta(hours=1))
    office.world.people.apply(update({"id": first.sub}, set={"closedUntil": closed, "closedBy": "blocks"}))
    office.changes().set_disabled(office.hire("admin@namo.test", Role.ADMIN), first.sub, True, NOON)
    row = person(office, office.hire(ADA))
    assert (row.disabled, row.closed_until) == (True, closed)


def by_the_group(office: Office, email: str) -> ErrorType | None:
    """Put somebody who signs up into Cognito's group, and let them make themselves an administrator."""
    again = office.hire(email)
    office.cognito.users[again.sub].groups.add("admin")
    token = Caller(again.sub, Role.ADMIN, issued_at=millis(office.world.later(1)))
    try:
        office.changes().set_role(token, again.sub, Role.ADMIN, office.world.time)
    except StudioError as error:
        assert person(office, again).role == Role.USER
        return error.type
    return None


@pytest.mark.parametrize("email", [ADA, "ada.lovelace+x@gmail.com"])
@pytest.mark.parametrize("shut", ["demoted", "disabled"])
@pytest.mark.parametrize("left", [0, 1, 2])
def test_a_demotion_is_remembered_with_the_mailbox(office: Office, email: str, shut: str, left: int) -> None:
    first, admin = office.hire(ADA), office.hire("admin@namo.test", Role.ADMIN)
    if shut == "demoted":
        office.changes().set_role(admin, first.sub, Role.USER, office.world.time)
    else:
        office.changes().set_disabled(admin, first.sub, True, office.world.time)
        office.changes().set_disabled(admin, first.sub, False, office.world.time)
    who = first
    for _ in range(left):
        leave(office, Caller(who.sub, Role.USER, issued_at=millis(office.world.later(1))))
        who = office.hire(email)
    assert by_the_group(office, email) == ErrorType.UNAUTHORIZED
    assert by_the_group(office, "grace@gmail.com") is None, "whom nobody demoted"


@pytest.mark.parametrize("owner_left", [False, True])
@pytest.mark.parametrize("of", [0, 1, 2])
def test_a_decision_about_any_account_of_a_mailbox_holds_for_the_next(
    office: Office, of: int, owner_left: bool
) -> None:
    admin = office.hire("admin@namo.test", Role.ADMIN)
    accounts = [office.hire(ADA), *map(office.hire, SPELLINGS[:2])]
    if owner_left and of:
        leave(office, accounts[0])
    who = accounts[of].sub
    office.changes().set_role(admin, who, Role.USER, office.world.time)
    assert by_the_group(office, SPELLINGS[2]) == ErrorType.UNAUTHORIZED
    office.changes().set_disabled(admin, who, True, office.world.time)
    assert person(office, office.hire(SPELLINGS[2])).disabled
    office.changes().set_disabled(admin, who, False, office.world.time)
    assert not person(office, office.hire(SPELLINGS[2])).disabled
    assert by_the_group(office, SPELLINGS[2]) == ErrorType.UNAUTHORIZED
    assert by_the_group(office, "grace@gmail.com") is None, "whom nobody demoted"


def test_of_two_who_are_locked_out_of_a_mailbox_one_is_enough(office: Office) -> None:
    admin, accounts = office.hire("admin@namo.test", Role.ADMIN), [office.hire(ADA), office.hire(SPELLINGS[0])]
    for disabled, of, inherited in [(True, 0, True), (True, 1, True), (False, 0, True), (False, 1, False)]:
        office.changes().set_disabled(admin, accounts[of].sub, disabled, office.world.time)
        assert person(office, office.hire(SPELLINGS[1])).disabled is inherited


def test_a_demotion_is_remembered_of_who_leaves_a_mailbox_that_another_has(office: Office) -> None:
    admin, _, second = office.hire("admin@namo.test", Role.ADMIN), office.hire(ADA), office.hire(SPELLINGS[0])
    office.changes().set_role(admin, second.sub, Role.USER, office.world.time)
    leave(office, Caller(second.sub, Role.USER, issued_at=millis(office.world.later(1))))
    assert by_the_group(office, SPELLINGS[0]) == ErrorType.UNAUTHORIZED


def test_a_changed_address_is_shut_too(office: Office) -> None:
    admin, first = office.hire("admin@namo.test", Role.ADMIN), office.hire(ADA)
    office.world.people.apply(update({"id": first.sub}, set={"email": "countess@namo.test"}))
    office.changes().set_disabled(admin, first.sub, True, office.world.time)
    for email in (ADA, "countess@namo.test"):
        assert person(office, office.hire(email)).disabled


def test_a_lock_waits_for_no_keys(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    admin, first = office.hire("admin@namo.test", Role.ADMIN), office.hire(ADA)
    with monkeypatch.context() as patch:

        def lost(_: Addresses, __: str) -> list[str]:
            raise ClientError({}, "GetSecretValue")

        patch.setattr(Addresses, "hashes", lost)
        assert office.changes().set_disabled(admin, first.sub, True, office.world.time).disabled
    assert person(office, office.hire(SPELLINGS[0])).disabled


def test_who_has_no_address_is_locked_out_alone(office: Office) -> None:
    admin = office.hire("admin@namo.test", Role.ADMIN)
    nobody = [office.hire("") for _ in range(2)]
    office.changes().set_disabled(admin, nobody[1].sub, True, office.world.time)
    assert not person(office, office.hire("")).disabled


@pytest.mark.parametrize("of", [0, 1])
@pytest.mark.parametrize("owner_left", [False, True])
def test_a_lock_in_the_moment_of_a_sign_up_holds(
    office: Office, monkeypatch: pytest.MonkeyPatch, of: int, owner_left: bool
) -> None:
    admin = office.hire("admin@namo.test", Role.ADMIN)
    accounts = [office.hire(ADA), office.hire(SPELLINGS[0])]
    if owner_left and of:
        leave(office, accounts[0])
    client = office.world.client

    def lock() -> None:
        office.changes().set_disabled(admin, accounts[of].sub, True, office.world.time)

    monkeypatch.setattr(client, "transact_write_items", preceded(client.transact_write_items, lock))
    assert person(office, office.hire(SPELLINGS[1])).disabled
