"""Whatever happens to orders, in whatever order and whoever dies: goods and money agree, and every order ends."""

from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.unit.orders.interleavings import Interleavings
from tests.unit.world import World


def test_goods_and_money_agree_whatever_happens(world: World) -> None:
    class InMemory(Interleavings):
        pass

    InMemory.world = world
    few = settings(
        max_examples=10,
        stateful_step_count=20,
        deadline=None,
        suppress_health_check=(HealthCheck.too_slow, HealthCheck.filter_too_much),
        derandomize=True,
    )
    run_state_machine_as_test(InMemory, settings=few)
