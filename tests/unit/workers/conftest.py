from collections.abc import Iterator

import pytest

from tests.unit.workers.arriving import arrivals_of
from tests.unit.workers.endpoints import clear_faults, models
from tests.unit.world import World
from workers.arrivals import Arrivals


@pytest.fixture
def arrivals(world: World) -> Arrivals:
    """What looks at the images of somebody who is here."""
    world.joined()
    return arrivals_of(world)


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """The address of the local model endpoints."""
    with models() as url:
        yield url


@pytest.fixture
def url(server: str) -> Iterator[str]:
    """The same, which forgets afterwards what it was to do wrong."""
    yield server
    clear_faults(server)
