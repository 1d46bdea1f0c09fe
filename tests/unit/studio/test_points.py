"""Grants move points once and never below zero; the history explains every balance."""

from typing import Any

import pytest

from studio.audit.model import Act, AuditRecord
from studio.clock import iso
from studio.dynamo import unpack, update
from studio.errors import ErrorType, StudioError
from studio.people.model import Person
from studio.points.grant import Grants, grant
from studio.points.history import History
from tests.unit.world import ADMIN, OTHER, USER, World


def give(world: World, points: int, id_: str = "g1", user: str = USER.sub, note: str = "thank you") -> Person:
    asked = grant({"clientRequestId": id_, "userId": user, "points": points, "note": note})
    return Grants(world.presence, world.requests, world.audit).give(ADMIN, asked, world.time)


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
    record = AuditRecord.from_item(unpack(row))
    assert (record.act, record.actor, record.subject) == (Act.POINTS_GRANTED, ADMIN.sub, USER.sub)
    assert record.details == {"points": -5, "clientRequestId": "g1"}


def test_who_has_left_is_given_nothing(world: World) -> None:
    world.joined()
    world.people.apply(update({"id": USER.sub}, set={"disabled": True, "leftAt": iso(world.time)}))
    assert refused(world, points=5) == ErrorType.USER_UNKNOWN
    assert world.person().points == 20


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
    history, token = History(world.people, world.ledger), None
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


def test_a_line_that_comes_while_reading_is_not_half_counted(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    person = world.joined()
    find = world.people.find
    late = iter([True])

    def find_with_a_late_grant(id_: str) -> Person | None:
        if next(late, False):
            world.later(1)
            give(world, 5)
        return find(id_)

    history = History(world.people, world.ledger)
    monkeypatch.setattr(world.people, "find", find_with_a_late_grant)
    lines, _ = history.page(person, 10, None)
    assert [line.balance for line in lines] == [25, 20]


def test_somebody_elses_history_token_is_refused(world: World) -> None:
    history = History(world.people, world.ledger)
    world.joined()
    give(world, 1)
    _, token = history.page(world.person(), 1, None)
    with pytest.raises(StudioError) as error:
        history.page(world.joined(OTHER), 1, token)
    assert error.value.type == ErrorType.PAGE_TOKEN_INVALID
