import pytest

from studio.rates.table import Rates
from tests.unit.world import World


@pytest.fixture
def rates(world: World) -> Rates:
    return Rates("Rates", world.client)
