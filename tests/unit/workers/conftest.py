import pytest

from tests.unit.workers.arriving import arrivals_of
from tests.unit.world import World
from workers.arrivals import Arrivals


@pytest.fixture
def arrivals(world: World) -> Arrivals:
    """What looks at the images of somebody who is here."""
    world.joined()
    return arrivals_of(world)
