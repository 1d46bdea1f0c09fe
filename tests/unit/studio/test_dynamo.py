"""A row that a transaction holds is waited for, by single writes too."""

from typing import Any

import pytest

from studio import dynamo
from studio.dynamo import update
from studio.errors import ContendedError
from tests.unit.world import USER, World


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dynamo.time, "sleep", lambda _: None)


def held(world: World, monkeypatch: pytest.MonkeyPatch, times: int) -> None:
    """Have so many writes meet a transaction."""
    left = [times]

    def wrapped(call: Any) -> Any:
        def write(**request: Any) -> Any:
            if left[0]:
                left[0] -= 1
                raise world.client.exceptions.TransactionConflictException({"Error": {}}, "UpdateItem")
            return call(**request)

        return write

    for name in ("update_item", "put_item", "delete_item"):
        monkeypatch.setattr(world.client, name, wrapped(getattr(world.client, name)))


def test_a_conflict_is_waited_out(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.joined()
    held(world, monkeypatch, 3)
    assert world.people.apply(update({"id": USER.sub}, set={"name": "Ada"}))["name"] == "Ada"


def test_one_that_never_ends_is_said(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.joined()
    held(world, monkeypatch, 100)
    with pytest.raises(ContendedError):
        world.people.discard({"id": USER.sub})
    assert world.person()
