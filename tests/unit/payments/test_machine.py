"""Whatever happens, in whatever order and however often, the books are right after every step."""

from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.unit.payments.interleavings import Interleavings
from tests.unit.world import World


def test_the_books_are_right_whatever_happens(world: World) -> None:
    class InMemory(Interleavings):
        pass

    InMemory.world = world
    few = settings(
        max_examples=6,
        stateful_step_count=12,
        deadline=None,
        suppress_health_check=(HealthCheck.too_slow, HealthCheck.filter_too_much),
        derandomize=True,
    )
    run_state_machine_as_test(InMemory, settings=few)
