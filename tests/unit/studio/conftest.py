import pytest

from studio.people.model import Caller, Role
from tests.unit.studio.office import Office
from tests.unit.world import World


@pytest.fixture
def office(world: World) -> Office:
    return Office(world)


@pytest.fixture
def admin(office: Office) -> Caller:
    return office.hire("admin@namo.test", Role.ADMIN)
