"""Albums and collages in memory."""

import pytest

from tests.unit.albums.parts import Parts
from tests.unit.world import World


@pytest.fixture
def parts(world: World) -> Parts:
    world.joined(points=100)
    return Parts(world)
