"""A shop in an empty world, with one person in it who has 20 points; a Stripe to ask."""

from collections.abc import Iterator

import pytest

from tests.unit.payments.refunds import Treasury
from tests.unit.payments.shop import Shop
from tests.unit.payments.stripe_api import StripeApi
from tests.unit.serving import serving
from tests.unit.world import World


@pytest.fixture
def shop(world: World) -> Shop:
    world.joined()
    return Shop(world, world.client)


@pytest.fixture
def stripe_api() -> Iterator[StripeApi]:
    api = StripeApi()
    with serving(api):
        yield api


@pytest.fixture
def treasury(shop: Shop) -> Treasury:
    return Treasury().serve(shop)
