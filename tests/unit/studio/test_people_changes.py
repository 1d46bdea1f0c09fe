"""The row says what is wanted, and Cognito follows it."""

import pytest

from studio.audit.model import Act
from studio.clock import millis
from studio.errors import ErrorType
from studio.people.model import Aspect, Caller, Person, Role
from studio.people.names import checked_name
from tests.unit.fault_injection import CallBudget
from tests.unit.studio.changing import AWAY, Change, demote, disable, enable, in_step, person, promote, refused, rename
from tests.unit.studio.office import Office
from tests.unit.world import NOON


def test_a_promotion_and_a_demotion_reach_cognito(office: Office, admin: Caller) -> None:
    user = office.hire("user@namo.test")
    assert promote(office.changes(), admin, user.sub).role == Role.ADMIN
    assert office.at_cognito(user.sub)[0]
    assert person(office, user.sub).signed_out_at is None
    assert demote(office.changes(), admin, user.sub).role == Role.USER
    assert in_step(office, user.sub)
    assert person(office, user.sub).signed_out_at == millis(NOON)


def test_locking_out_and_letting_in_again(office: Office, admin: Caller) -> None:
    user = office.hire("user@namo.test")
    assert disable(office.changes(), admin, user.sub).disabled
    assert in_step(office, user.sub)
    assert not office.at_cognito(user.sub)[1]
    assert not enable(office.changes(), admin, user.sub).disabled
    assert in_step(office, user.sub)
    assert person(office, user.sub).signed_out_at == millis(NOON), "tokens of before stay worth nothing"


def test_every_act_has_its_record_and_a_new_name_has_none(office: Office, admin: Caller) -> None:
    user = office.hire("user@namo.test")
    promote(office.changes(), admin, user.sub)
    rename(office.changes(), admin, user.sub)
    disable(office.changes(), admin, user.sub)
    role, disabled = sorted(office.records(user.sub), key=lambda record: record.act, reverse=True)
    assert (role.act, role.actor, role.details) == (Act.ROLE_SET, admin.sub, {"from": "USER", "to": "ADMIN"})
    assert (disabled.act, disabled.details) == (Act.DISABLED_SET, {"from": False, "to": True})
    assert {record.source_ip for record in (role, disabled)} == {"192.0.2.1"}


def test_a_name_follows_and_can_be_taken_away(office: Office) -> None:
    user = office.hire("user@namo.test")
    assert office.changes().set_own(user, {"name": "Grace"}, NOON).after.name == "Grace"
    assert in_step(office, user.sub)
    assert office.changes().set_own(user, {"name": None}, NOON).after.name is None
    assert in_step(office, user.sub)


@pytest.mark.parametrize("name", ["", "   ", "x" * 101, "a\nb", "a\u202eb", "\0"])
def test_a_name_that_is_none(name: str) -> None:
    assert refused(lambda: checked_name(name)) == ErrorType.NAME_MALFORMED


def test_a_name_is_trimmed() -> None:
    assert checked_name("  Nguyễn Văn A ") == "Nguyễn Văn A"
    assert checked_name("x" * 100) == "x" * 100
    assert checked_name(None) is None


def test_nobody_locks_themselves_out(office: Office, admin: Caller) -> None:
    assert refused(lambda: demote(office.changes(), admin, admin.sub)) == ErrorType.USER_IS_SELF
    assert refused(lambda: disable(office.changes(), admin, admin.sub)) == ErrorType.USER_IS_SELF
    assert promote(office.changes(), admin, admin.sub).role == Role.ADMIN
    assert in_step(office, admin.sub)


@pytest.mark.parametrize("change", [rename, lambda changes, _, id_: changes.leave(Caller(id_, Role.USER), NOON)])
def test_who_is_locked_out_changes_nothing_of_their_own(office: Office, admin: Caller, change: Change) -> None:
    """What the guard remembers for a moment does not let a disabled person leave, to come back as somebody new."""
    user = office.hire("user@namo.test")
    disable(office.changes(), admin, user.sub)
    before = person(office, user.sub)
    assert refused(lambda: change(office.changes(), admin, user.sub)) == ErrorType.USER_DISABLED
    assert person(office, user.sub) == before


def test_of_two_who_demote_each_other_one_stays(office: Office, admin: Caller) -> None:
    other = office.hire("other@namo.test", Role.ADMIN)
    demote(office.changes(), admin, other.sub)
    assert refused(lambda: demote(office.changes(), other, admin.sub)) == ErrorType.UNAUTHORIZED
    disable(office.changes(), admin, other.sub)
    assert refused(lambda: demote(office.changes(), other, admin.sub)) == ErrorType.USER_DISABLED
    assert person(office, admin.sub).role == Role.ADMIN


def test_a_stranger_is_unknown(office: Office, admin: Caller) -> None:
    for id_ in ("", "nobody", "x" * 3000):
        assert refused(lambda id_=id_: promote(office.changes(), admin, id_)) == ErrorType.USER_UNKNOWN


def test_one_who_is_gone_from_cognito_is_changed_all_the_same(office: Office, admin: Caller) -> None:
    user = office.hire("user@namo.test")
    del office.cognito.users[user.sub]
    assert disable(office.changes(), admin, user.sub).disabled
    assert not person(office, user.sub).ahead


def test_one_who_is_disabled_can_be_signed_out_no_more_and_is_so_when_let_in_again(
    office: Office, admin: Caller
) -> None:
    """Somebody disabled them by hand: Cognito refuses to end their sessions, which live again with them."""
    user = office.hire("user@namo.test", Role.ADMIN)
    office.cognito.users[user.sub].enabled = False
    disable(office.changes(), admin, user.sub)
    assert in_step(office, user.sub)
    demote(office.changes(), admin, user.sub)
    assert in_step(office, user.sub)
    assert office.cognito.users[user.sub].signed_out == 0
    enable(office.changes(), admin, user.sub)
    assert in_step(office, user.sub)
    assert office.cognito.users[user.sub].signed_out == 1


def test_one_who_shall_be_let_in_is_not_taken_for_signed_out(office: Office, admin: Caller) -> None:
    user = office.hire("user@namo.test", Role.ADMIN)
    office.cognito.users[user.sub].enabled = False
    demote(office.changes(), admin, user.sub)
    assert office.accounts_reconciler().all(NOON).errors == 1
    assert Aspect.TOKENS in person(office, user.sub).ahead


@pytest.mark.parametrize("change", [promote, disable, enable, rename], ids=["promote", "disable", "enable", "rename"])
def test_what_is_so_already_is_not_done_again(office: Office, admin: Caller, change: Change) -> None:
    user = office.hire("user@namo.test")
    change(office.changes(), admin, user.sub)
    row, cognito = person(office, user.sub), repr(office.cognito)
    known = len(office.records(user.sub))
    office.world.later(1)
    assert change(office.changes(), admin, user.sub) == row == person(office, user.sub)
    assert (len(office.records(user.sub)), repr(office.cognito)) == (known, cognito)


def test_what_is_asked_again_reaches_cognito_without_a_second_record(office: Office, admin: Caller) -> None:
    user = office.hire("user@namo.test")
    disable(office.changes(CallBudget(AWAY, ConnectionError)), admin, user.sub)
    assert office.at_cognito(user.sub)[1]
    disable(office.changes(), admin, user.sub)
    assert in_step(office, user.sub)
    assert len(office.records(user.sub)) == 1


def test_an_administrator_made_by_hand_is_none_after_a_demotion(office: Office, admin: Caller) -> None:
    """The row says USER before and after: what Cognito gave meanwhile is worth nothing all the same."""
    user = office.hire("user@namo.test")
    office.cognito.users[user.sub].groups.add("admin")
    demote(office.changes(), admin, user.sub)
    assert in_step(office, user.sub)
    assert person(office, user.sub).signed_out_at == millis(NOON)
    assert len(office.records(user.sub)) == 1


def test_cognitos_group_opens_a_row_once_and_not_after_another_has_shut_it(office: Office, admin: Caller) -> None:
    for shut in ([demote], [disable, enable]):
        user = office.hire(f"user{len(shut)}@namo.test")
        for change in shut:
            change(office.changes(), admin, user.sub)
        office.cognito.users[user.sub].groups.add("admin")  # by hand, or that Cognito still shows it
        again = Caller(user.sub, Role.ADMIN, issued_at=millis(office.world.later(1)))
        known = len(office.records(user.sub))
        assert refused(lambda again=again: promote(office.changes(), again, again.sub)) == ErrorType.UNAUTHORIZED
        assert (person(office, user.sub).role, len(office.records(user.sub))) == (Role.USER, known)
        assert promote(office.changes(), admin, user.sub).role == Role.ADMIN, "another administrator may"
        assert promote(office.changes(), again, again.sub).role == Role.ADMIN, "who is one already changes nothing"


def test_a_demotion_that_overtakes_ones_own_promotion_holds(
    office: Office, admin: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    user, changes = office.hire("user@namo.test"), office.changes()
    token = Caller(user.sub, Role.ADMIN, issued_at=millis(office.world.time) + 60_000)
    find = changes.person_finder.people.find

    def overtaken(id_: str) -> Person | None:
        found = find(id_)
        monkeypatch.setattr(changes.person_finder.people, "find", find)
        demote(office.changes(), admin, user.sub)  # long before the token was given, as the clocks say
        return found

    monkeypatch.setattr(changes.person_finder.people, "find", overtaken)
    assert refused(lambda: promote(changes, token, token.sub)) == ErrorType.UNAUTHORIZED
    assert person(office, user.sub).role == Role.USER
