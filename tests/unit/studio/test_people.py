"""Who is let in, who is found, and what a sign-in does to a row."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from resolvers.shapes.people import user
from studio.audit.lists import AuditLists
from studio.audit.model import Act, AuditRecord
from studio.audit.table import AuditTrail
from studio.clock import iso, millis
from studio.dynamo import ConditionFailed, transact, update
from studio.errors import ErrorType, StudioError, UnreadableError
from studio.media.links import Link
from studio.media.model import StoredFile
from studio.people.guard import SECONDS, Guard
from studio.people.join import Profile, profile_of
from studio.people.lists import PeopleLists
from studio.people.model import Caller, Role
from studio.people.sign_up import welcome
from tests.unit.world import BASICS, NOON, USER, World

ISSUED = millis(NOON)


def token(issued_at: int) -> Caller:
    return Caller(USER.sub, Role.USER, issued_at=issued_at)


def refused(call: Callable[[], Any]) -> ErrorType | None:
    try:
        call()
    except StudioError as error:
        return error.type
    return None


def mark(world: World, **attributes: Any) -> None:
    world.people.apply(update({"id": USER.sub}, set=attributes))


def acts(world: World, caller: Caller) -> bool:
    try:
        transact(world.client, [world.people.acting(caller)])
    except ConditionFailed:
        return False
    return True


LATE, EARLY = token(ISSUED + 1), token(ISSUED)
UNAUTHORIZED, DISABLED = ErrorType.UNAUTHORIZED, ErrorType.USER_DISABLED


@pytest.mark.parametrize(
    ("row", "caller", "expected"),
    [
        ({}, token(0), None),
        ({"signedOutAt": ISSUED}, EARLY, UNAUTHORIZED),
        ({"signedOutAt": ISSUED}, token(0), UNAUTHORIZED),
        ({"signedOutAt": ISSUED}, LATE, None),
        ({"signedOutAt": ISSUED, "ahead": ["role", "tokens"]}, LATE, UNAUTHORIZED),
        ({"ahead": ["role", "name"]}, LATE, None),
        ({"disabled": True}, LATE, DISABLED),
        ({"disabled": True, "signedOutAt": ISSUED}, EARLY, DISABLED),
        ({"disabled": True, "leftAt": iso(NOON), "signedOutAt": ISSUED}, LATE, DISABLED),
    ],
)
def test_the_guard_and_the_transaction_agree(world: World, row: dict[str, Any], caller: Caller, expected: Any) -> None:
    world.joined()
    if row:
        mark(world, **row)
    assert refused(lambda: Guard(world.people).admit(caller)) == expected
    assert refused(lambda: world.generate(caller)) == expected
    assert not acts(world, caller), "the row is no administrator's"
    mark(world, role="ADMIN")
    assert acts(world, caller) == (expected is None)


def test_who_comes_for_the_first_time_is_let_in(world: World) -> None:
    Guard(world.people).admit(USER)


def test_a_row_is_remembered_for_two_seconds_and_no_longer(world: World) -> None:
    world.joined()
    time = [0.0]
    guard = Guard(world.people, lambda: time[0])
    guard.admit(USER)
    mark(world, disabled=True)
    time[0] = SECONDS - 0.1
    guard.admit(USER)
    time[0] = SECONDS
    assert refused(lambda: guard.admit(USER)) == DISABLED
    mark(world, disabled=False)
    time[0] = 2 * SECONDS
    guard.admit(USER)
    assert SECONDS < 5, "what an administrator decides holds within five seconds"


def test_what_outlasts_its_answer_is_not_begun_by_what_is_remembered(world: World) -> None:
    world.joined()
    guard = Guard(world.people, lambda: 100.0)
    guard.admit(USER)
    mark(world, disabled=True)
    guard.admit(USER)
    assert refused(lambda: guard.admit(USER, afresh=True)) == ErrorType.USER_DISABLED


def test_who_is_shut_out_gets_no_old_jobs_back(world: World) -> None:
    world.joined()
    world.generate(LATE)
    mark(world, signedOutAt=ISSUED + 1)
    assert refused(lambda: world.generate(LATE)) == UNAUTHORIZED
    mark(world, disabled=True)
    assert refused(lambda: world.generate(LATE)) == DISABLED
    assert refused(lambda: world.generate(token(ISSUED + 2), count=2)) == DISABLED


def test_nor_by_a_request_that_would_no_longer_be_accepted(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.joined()
    picture = world.uploaded()
    world.camera(LATE, image=picture)
    world.uploads.discard({"id": picture})
    assert world.camera(LATE, image=picture)
    mark(world, disabled=True)
    assert refused(lambda: world.camera(LATE, image=picture)) == DISABLED


def test_a_usual_request_is_still_one_call(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.joined()
    calls: list[str] = []
    write = world.client.transact_write_items
    monkeypatch.setattr(world.client, "get_item", lambda **_: calls.append("get"))
    monkeypatch.setattr(world.client, "transact_write_items", lambda **given: [calls.append("write"), write(**given)])
    world.generate(LATE, **BASICS)
    assert calls == ["write"]


def named(world: World, id_: str, minutes: int, email: str = "") -> None:
    profile = Profile(id_, email or f"{id_}@namo.test", None)
    welcome(world.person_finder.person_creator, profile, NOON + timedelta(minutes=minutes))


def leave(world: World, id_: str) -> None:
    gone = update({"id": id_}, set={"disabled": True, "leftAt": iso(NOON)}, remove=("listed", "email"))
    world.people.apply(gone)


def test_a_person_is_found_by_id_or_address(world: World) -> None:
    named(world, "ada", 0, "Ada@NamO.test")
    people_lists = PeopleLists(world.people)
    for found in (
        people_lists.user("ada", None),
        people_lists.user(None, "ada@namo.test"),
        people_lists.user(None, "ADA@namo.TEST"),
    ):
        assert found
        assert (found.id, found.email) == ("ada", "ada@namo.test")
    for nobody in (("bob", None), (None, "bob@namo.test"), ("", None), ("x" * 3000, None)):
        assert people_lists.user(*nobody) is None


@pytest.mark.parametrize("named_by", [(None, None), ("ada", "ada@namo.test")])
def test_a_person_is_named_one_way(world: World, named_by: tuple[str | None, str | None]) -> None:
    assert refused(lambda: PeopleLists(world.people).user(*named_by)) == ErrorType.USER_NOT_NAMED


def test_of_two_with_one_address_the_newer_is_found(world: World) -> None:
    """A user who was removed by hand from Cognito, and signed up again, has two rows."""
    named(world, "old", 0, "ada@namo.test")
    named(world, "new", 1, "ada@namo.test")
    found = PeopleLists(world.people).user(None, "ada@namo.test")
    assert found
    assert found.id == "new"


def test_everybody_newest_first_in_pages_without_who_left(world: World) -> None:
    for i in range(5):
        named(world, f"p{i}", i)
    leave(world, "p2")
    people_lists = PeopleLists(world.people)
    first, token_ = people_lists.page(2, None)
    second, token_ = people_lists.page(2, token_)
    assert [person.id for person in [*first, *second]] == ["p4", "p3", "p1", "p0"]
    assert people_lists.user("p2", None) is None
    assert refused(lambda: people_lists.page(0, None)) == ErrorType.LIMIT_OUT_OF_RANGE
    assert refused(lambda: people_lists.page(1, "nonsense")) == ErrorType.PAGE_TOKEN_INVALID


def unsigned(_: StoredFile) -> Link:
    raise AssertionError("there is nothing to sign")


def test_a_sign_in_brings_the_address_up_to_date(world: World) -> None:
    named(world, "ada", 0)
    named(world, "ada", 1, "Ada@New.test")
    found = world.people.find("ada")
    assert found
    assert (found.email, found.points, found.moves) == ("ada@new.test", 20, 1)


UNANSWERABLE = [
    "ann@localhost",
    "ann",
    "ann@",
    "@namo.test",
    "a@b@",
    f"{'a' * 3000}@namo.test",
    "\N{SNOWMAN}" * 900 + "@namo.test",
    "ann@namo.test\ud800",
    "ann@na\ud800mo",
]


@pytest.mark.parametrize("email", UNANSWERABLE)
def test_an_address_that_nothing_can_answer_has_a_stand_in(world: World, email: str) -> None:
    named(world, "ada", 0, email)
    named(world, "ada", 1, email)
    found = PeopleLists(world.people).user(None, "ada@unreadable.invalid")
    assert found
    assert (found.id, found.points, user(found, found.role, unsigned)["email"]) == ("ada", 20, "ada@unreadable.invalid")
    named(world, "bob", 0, email)
    assert [person.id for person in PeopleLists(world.people).page(10, None)[0]] == ["bob", "ada"]
    bob = world.people.find("bob")
    assert bob
    assert bob.points == 0, "one mailbox has one grant, whatever it is called"


@pytest.mark.parametrize("email", UNANSWERABLE)
def test_a_sign_in_with_an_address_that_nothing_can_answer(world: World, email: str) -> None:
    named(world, "ada", 0)
    named(world, "ada", 1, email)
    found = world.people.find("ada")
    assert found
    assert (found.email, found.points) == ("ada@unreadable.invalid", 20)
    named(world, "bob", 0, email)
    named(world, "ada", 2, "ada@namo.test")
    again = world.people.find("ada")
    assert again
    assert again.email == "ada@namo.test"


def test_who_has_no_address_has_no_stand_in(world: World) -> None:
    welcome(world.person_finder.person_creator, Profile("ada", "", None), NOON)
    found = world.people.find("ada")
    assert found
    assert (found.email, user(found, found.role, unsigned)["email"]) == ("", None)


def test_a_row_of_before_has_its_stand_in_when_it_is_looked_for(world: World) -> None:
    for name in ("ada", "bob", "eve"):
        named(world, name, 0)
        world.people.apply(update({"id": name}, set={"email": f"{name}@localhost"}))
    assert PeopleLists(world.people).page(10, None)[0] == []
    finder = world.person_finder
    assert finder.user("ada", NOON).email == "ada@unreadable.invalid"
    assert finder.caller(Caller("bob", Role.USER), NOON).email == "bob@unreadable.invalid"
    named(world, "eve", 1)
    assert [person.email for person in PeopleLists(world.people).page(10, None)[0]] == [
        "eve@namo.test",
        "bob@unreadable.invalid",
        "ada@unreadable.invalid",
    ]
    world.people.apply(update({"id": "eve"}, set={"email": "eve@localhost"}))
    named(world, "eve-2", 2, "eve@namo.test")
    again = world.people.find("eve-2")
    assert again
    assert again.points == 0, "what cannot be read keeps nobody of its mailbox out"
    world.people.apply(update({"id": "eve"}, set={"email": "eve@localhost", "role": "KING"}))
    with pytest.raises(UnreadableError):
        finder.user("eve", NOON)


def test_a_sign_in_brings_a_name_where_there_is_none(world: World) -> None:
    def sign_in(name: str | None) -> str | None:
        welcome(world.person_finder.person_creator, Profile("ada", "ada@namo.test", name), NOON)
        found = world.people.find("ada")
        assert found
        return found.name

    assert sign_in(None) is None
    assert sign_in("Ada") == "Ada"
    assert sign_in("Another") == "Ada", "the row leads"
    world.people.apply(update({"id": "ada"}, set={"ahead": ["name"]}, remove=("name",)))
    assert sign_in("Ada") is None, "it was just taken away, and Cognito does not know yet"


@pytest.mark.parametrize("name", ["", " ", "x" * 101, "a\nb", "a\u202eb"])
def test_a_name_that_nobody_checked_is_none_where_it_would_be_refused(name: str) -> None:
    attributes = {"sub": "ada", "email": "ada@namo.test"}
    assert profile_of({**attributes, "name": name}) == profile_of(attributes) == Profile("ada", "ada@namo.test", None)
    assert profile_of({**attributes, "name": " Ada "}).name == "Ada"


def test_a_sign_in_of_one_who_left_changes_nothing(world: World) -> None:
    named(world, "ada", 0)
    leave(world, "ada")
    before = world.people.get({"id": "ada"})
    named(world, "ada", 1, "new@namo.test")
    assert world.people.get({"id": "ada"}) == before


def record(key: str, subject: str, days: int, minutes: int = 0) -> AuditRecord:
    at = iso(NOON + timedelta(days=days, minutes=minutes))
    return AuditRecord(Act.ROLE_SET, key, "admin", subject, at, {"from": "USER", "to": "ADMIN"}, "192.0.2.1")


@pytest.fixture
def trail(world: World) -> AuditLists:
    audit = AuditTrail("Audit", world.client)
    rows = [record("a", "ada", 0), record("b", "bob", 0, 1), record("c", "ada", 0, 2), record("d", "ada", 1)]
    for row in rows:
        transact(world.client, [audit.append(row)])
    return AuditLists(audit)


def keys(records: list[AuditRecord]) -> str:
    return "".join(each.key for each in records)


def test_the_trail_of_a_day_and_of_somebody(trail: AuditLists) -> None:
    assert keys(trail.of_day("2026-11-20", None, None).items) == "cba"
    assert keys(trail.of_day("2026-11-19", None, None).items) == ""
    assert keys(trail.of_subject("ada", None, None, None).items) == "dca"
    assert keys(trail.of_subject("ada", "2026-11-20", None, None).items) == "ca"


def test_the_trail_in_pages(trail: AuditLists) -> None:
    first = trail.of_subject("ada", None, 2, None)
    assert keys(first.items) == "dc"
    assert keys(trail.of_subject("ada", None, 2, first.next_token).items) == "a"
    today = trail.of_day("2026-11-20", 2, None)
    assert keys(trail.of_day("2026-11-20", 2, today.next_token).items) == "a"
    for wrong in (lambda: trail.of_subject("bob", None, 2, first.next_token), lambda: trail.of_day("x", 0, None)):
        assert refused(wrong) in {ErrorType.PAGE_TOKEN_INVALID, ErrorType.LIMIT_OUT_OF_RANGE}
