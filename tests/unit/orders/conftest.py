"""A shop in an empty world, with one person in it, where orders are paid for; a Stripe to ask."""

from collections.abc import Iterator

import pytest

from tests.unit.albums.parts import Parts
from tests.unit.orders.counter import Counter
from tests.unit.orders.shop import OrderShop
from tests.unit.payments.stripe_api import StripeApi
from tests.unit.serving import serving
from tests.unit.world import World


@pytest.fixture
def shop(world: World, stripe_api: StripeApi) -> OrderShop:
    world.joined()
    return OrderShop(world, world.client, stripe_api.address)


@pytest.fixture
def stripe_api() -> Iterator[StripeApi]:
    api = StripeApi()
    with serving(api):
        yield api


@pytest.fixture
def counter(world: World) -> Counter:
    world.joined()
    return Counter(Parts(world))
