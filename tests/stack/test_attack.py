"""The short attacks of tests/attack, on the stack of all tests. `make attack` runs the whole on one of its own."""

import pytest

from tests.attack import every
from tests.attack.arena import Arena, Attack
from tests.stack.client import StackClient

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.mark.parametrize("attack", [each for each in every.ATTACKS if each.short], ids=lambda each: each.name)
async def test_an_attack_is_held(client: StackClient, attack: Attack) -> None:
    arena = Arena(client)
    await attack.run(arena)
    assert not arena.falls
    assert arena.checks
