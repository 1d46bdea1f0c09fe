"""Grants move points once and never below zero; the history explains every balance."""

import re
from typing import Any

import pytest

from infra.limits import AWS_LIMITS, LOCAL_LIMITS
from studio.audit.item import record_from_item
from studio.audit.model import Act
from studio.catalogue.data import CATALOGUE
from studio.clock import iso
from studio.dynamo import unpack, update
from studio.errors import ErrorType, StudioError
from studio.ledger.model import Day, PointsReason
from studio.people.grant_points import MAX_GRANT, Grants, grant
from studio.people.model import MAX_BALANCE, Caller, Person
from studio.people.points_history import PointsHistory
from tests.unit.fault_injection import preceded
from tests.unit.world import ADMIN, OTHER, USER, World


def give(world: World, points: int, id_: str = "g1", user: str = USER.sub, note: str = "thank you") -> Person:
    given: dict[str, Any] = {"clientRequestId": id_, "userId": user, "points": points, "note": note}
    asked = grant(given)
    if not world.people.find(ADMIN.sub):
        world.joined(ADMIN)
    return Grants(world.person_finder, world.requests, world.audit).give(ADMIN, asked, world.time)


def refused(world: World, **given: Any) -> ErrorType:
    with pytest.raises(StudioError) as error:
        give(world, **given)
    return error.value.type


def test_a_grant_counts_once(world: World) -> None:
    world.joined()
    assert give(world, 5).points == 25
    assert give(world, 5).points == 25
    assert give(world, -25, "g2").points == 0
    assert world.drift() == 0


def test_a_grant_has_one_audit_record_without_its_note(world: World) -> None:
    world.joined()
    give(world, -5)
    give(world, -5)
    (row,) = world.client.scan(TableName="Audit")["Items"]
    record = record_from_item(unpack(row))
    assert (record.act, record.actor, record.subject) == (Act.POINTS_GRANTED, ADMIN.sub, USER.sub)
    assert record.details == {"points": -5, "clientRequestId": "g1"}


def leave(world: World) -> None:
    world.people.apply(update({"id": USER.sub}, set={"disabled": True, "leftAt": iso(world.time)}))


@pytest.mark.parametrize("points", [5, -5, -25])
def test_who_has_left_is_given_nothing(world: World, points: int) -> None:
    world.joined()
    leave(world)
    assert refused(world, points=points) == ErrorType.USER_UNKNOWN
    assert world.person().points == 20


@pytest.mark.parametrize("points", [5, -5])
def test_nor_who_leaves_while_it_is_given(world: World, monkeypatch: pytest.MonkeyPatch, points: int) -> None:
    world.joined()
    write = preceded(world.client.transact_write_items, lambda: leave(world))
    monkeypatch.setattr(world.client, "transact_write_items", write)
    assert refused(world, points=points) == ErrorType.USER_UNKNOWN
    assert (world.person().points, world.drift()) == (20, 0)


def test_what_was_given_before_somebody_left_is_answered_again(world: World) -> None:
    world.joined()
    give(world, 5)
    leave(world)
    assert give(world, 5).points == 25
    assert refused(world, points=6) == ErrorType.REQUEST_ID_REUSED
    assert refused(world, points=5, id_="g2") == ErrorType.USER_UNKNOWN


@pytest.mark.parametrize(
    ("row", "type_"),
    [
        ({"disabled": True}, ErrorType.USER_DISABLED),
        ({"signedOutAt": 0}, ErrorType.UNAUTHORIZED),
        ({"ahead": ["tokens"]}, ErrorType.UNAUTHORIZED),
        ({"role": "USER"}, ErrorType.UNAUTHORIZED),
    ],
)
def test_an_administrator_who_is_shut_out_gives_nothing(world: World, row: dict[str, Any], type_: ErrorType) -> None:
    world.joined()
    world.joined(ADMIN)
    world.people.apply(update({"id": ADMIN.sub}, set=row))
    assert refused(world, points=5) == type_
    assert world.person().points == 20


@pytest.mark.parametrize("points", [5, -5])
def test_nobody_grants_to_themselves(world: World, points: int) -> None:
    world.joined(ADMIN)
    assert refused(world, points=points, user=ADMIN.sub) == ErrorType.USER_IS_SELF
    assert world.person(ADMIN).points == 20


def test_a_line_does_not_say_whose_grant_it_was(world: World) -> None:
    world.joined()
    give(world, 5, "g1")
    give(world, 5, "g2")
    ids = [entry.id for entry in world.entries() if entry.reason == PointsReason.GRANT]
    assert len({*ids}) == 2
    assert all(re.fullmatch("grant#[0-9a-f]{32}", id_) for id_ in ids)


def test_a_balance_never_falls_below_zero(world: World) -> None:
    world.joined()
    assert refused(world, points=-21) == ErrorType.POINTS_NOT_ENOUGH
    assert world.person().points == 20


def test_the_same_id_for_another_grant_is_refused(world: World) -> None:
    world.joined()
    give(world, 5)
    assert refused(world, points=6) == ErrorType.REQUEST_ID_REUSED
    assert world.person().points == 25


def test_one_who_never_came_gets_a_row_first(world: World) -> None:
    assert give(world, 5, user=OTHER.sub).points == 25
    assert world.drift(OTHER) == 0


@pytest.mark.parametrize(
    ("given", "type_"),
    [
        ({"points": 0}, ErrorType.POINTS_OUT_OF_RANGE),
        ({"points": 1_000_001}, ErrorType.POINTS_OUT_OF_RANGE),
        ({"points": 1, "note": " "}, ErrorType.NOTE_MALFORMED),
        ({"points": 1, "note": "x" * 501}, ErrorType.NOTE_MALFORMED),
        ({"points": 1, "id_": ""}, ErrorType.REQUEST_ID_MALFORMED),
    ],
)
def test_bad_input(world: World, given: dict[str, Any], type_: ErrorType) -> None:
    world.joined()
    assert refused(world, **given) == type_
    assert world.person().points == 20


def test_every_line_shows_the_balance_after_it(world: World) -> None:
    world.joined()
    for i, moved in enumerate((5, -3, 10, -7)):
        world.later(1)
        give(world, moved, f"g{i}")
    history, token = PointsHistory(world.people, world.ledger), None
    balances: list[int] = []
    points: list[int] = []
    while True:
        lines, token = history.page(world.person(), 2, token)
        balances += [line.balance for line in lines]
        points += [line.entry.points for line in lines]
        if token is None:
            break
    assert points == [-7, 10, -3, 5, 20]
    assert balances == [25, 32, 22, 25, 20]


@pytest.mark.parametrize(("seconds", "balances"), [(5, [40, 30, 20]), (-15, [140, 40, 30, 20])])
def test_a_line_that_lands_between_two_pages_is_counted(world: World, seconds: float, balances: list[int]) -> None:
    """It was asked after those of the first page, or before."""
    world.joined()
    for i in range(4):
        world.later(10)
        give(world, 10, f"g{i}")
    history = PointsHistory(world.people, world.ledger)
    _, token = history.page(world.person(), 2, None)
    world.later(seconds)
    give(world, 100, "late")
    rest, token = history.page(world.person(), 2, token)
    rest += history.page(world.person(), 10, token)[0]
    assert [line.balance for line in rest] == balances


def test_a_line_that_lands_while_a_later_page_is_read_is_counted(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.joined()
    world.later(20)
    give(world, 10)
    history = PointsHistory(world.people, world.ledger)
    _, token = history.page(world.person(), 1, None)
    person, find, late = world.person(), world.people.find, iter([True])

    def find_with_a_late_grant(id_: str) -> Person | None:
        if next(late, False):
            world.later(-10)
            give(world, 100, "late")
        return find(id_)

    monkeypatch.setattr(world.people, "find", find_with_a_late_grant)
    lines, _ = history.page(person, 10, token)
    assert [line.balance for line in lines] == [120, 20]


def test_a_line_that_comes_while_reading_is_not_half_counted(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    person = world.joined()
    find = world.people.find
    late = iter([True])

    def find_with_a_late_grant(id_: str) -> Person | None:
        if next(late, False):
            world.later(1)
            give(world, 5)
        return find(id_)

    history = PointsHistory(world.people, world.ledger)
    monkeypatch.setattr(world.people, "find", find_with_a_late_grant)
    lines, _ = history.page(person, 10, None)
    assert [line.balance for line in lines] == [25, 20]


def test_somebody_elses_history_token_is_refused(world: World) -> None:
    history = PointsHistory(world.people, world.ledger)
    world.joined()
    give(world, 1)
    _, token = history.page(world.person(), 1, None)
    with pytest.raises(StudioError) as error:
        history.page(world.joined(OTHER), 1, token)
    assert error.value.type == ErrorType.PAGE_TOKEN_INVALID


def balance(world: World, points: int, caller: Caller = USER) -> None:
    world.people.apply(update({"id": caller.sub}, set={"points": points}))


def test_no_gift_takes_a_balance_above_its_ceiling(world: World) -> None:
    world.joined()
    balance(world, MAX_BALANCE - 5)
    assert refused(world, points=6) == ErrorType.POINTS_OUT_OF_RANGE
    assert give(world, 5, "g2").points == MAX_BALANCE
    assert refused(world, points=1, id_="g3") == ErrorType.POINTS_OUT_OF_RANGE
    assert give(world, -1, "g4").points == MAX_BALANCE - 1, "what is too much can be taken back"
    balance(world, 10**15)
    assert give(world, -MAX_GRANT, "g5").points == 10**15 - MAX_GRANT


def test_a_refund_fits_whatever_was_given_meanwhile(world: World) -> None:
    world.joined()
    (job,) = world.generate()
    balance(world, MAX_BALANCE)
    canceled = world.job_actions.cancel(USER, job.id, world.time)
    assert canceled
    world.refunds.give_back(canceled, world.time)
    assert world.person().points == MAX_BALANCE + job.charge.points


def test_what_can_come_back_at_once_fits_above_the_ceiling() -> None:
    dearest = max(model.points for model in CATALOGUE)
    running = max(AWS_LIMITS.running_jobs, LOCAL_LIMITS.running_jobs)
    assert MAX_BALANCE + dearest * running < 2**31


def test_a_row_that_says_less_than_nothing_gives_no_more_than_the_allowance() -> None:
    assert Day("2026-11-20", {"free.titan": -(2**31)}).free_left("titan", 3) == 3
