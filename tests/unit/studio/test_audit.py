"""The ledger check finds every drift, and repairs it by adding a line."""

import pytest

from studio.checks.balances import Account, BalanceCheck
from studio.dynamo import update
from studio.errors import ContendedError
from tests.unit.world import OTHER, USER, World


def audit(world: World) -> BalanceCheck:
    return BalanceCheck(world.people, world.ledger)


def account(world: World, id_: str = USER.sub) -> Account:
    return next(a for a in audit(world).accounts() if a.person.id == id_)


def test_sound_accounts_stay_as_they_are(world: World) -> None:
    world.joined()
    world.joined(OTHER)
    world.generate(count=3)
    accounts = list(audit(world).accounts())
    assert len(accounts) == 2
    for one in accounts:
        assert one.sound
        assert audit(world).repair(one, world.time) is None


@pytest.mark.parametrize("drift", [5, -5])
def test_a_drift_is_found_and_repaired_by_a_line(world: World, drift: int) -> None:
    world.joined()
    world.generate()
    world.people.apply(update({"id": USER.sub}, add={"points": drift}))
    found = account(world)
    assert (found.drift, found.sound) == (drift, False)
    before = world.entries()
    entry = audit(world).repair(found, world.time)
    assert entry
    assert entry.points == drift
    assert world.person().points == 19 + drift
    assert {e.id for e in before} < {e.id for e in world.entries()}
    assert account(world).sound


def test_a_lost_line_is_found_though_it_moved_nothing(world: World) -> None:
    world.joined()
    world.people.apply(update({"id": USER.sub}, add={"moves": 1}))
    found = account(world)
    assert (found.drift, found.sound) == (0, False)
    audit(world).repair(found, world.time)
    assert account(world).sound


def test_an_account_that_moved_since_is_not_repaired(world: World) -> None:
    world.joined()
    world.people.apply(update({"id": USER.sub}, add={"points": 1}))
    found = account(world)
    world.generate()
    with pytest.raises(ContendedError):
        audit(world).repair(found, world.time)
