"""The functions, one module each, whose `FUNCTION` declares it; a new module is found by being here."""

import pkgutil
from collections.abc import Iterator, Sequence
from importlib import import_module

from infra.declaration import Dispatch, FunctionSpec
from infra.stages import Stage


def _declared() -> Iterator[FunctionSpec]:
    for module in pkgutil.iter_modules(__path__):
        yield import_module(f"{__name__}.{module.name}").FUNCTION


ALL: Sequence[FunctionSpec] = tuple(_declared())
WORKER_SPECS = tuple(spec for spec in ALL if isinstance(spec.trigger, Dispatch))


def declared(name: str) -> FunctionSpec:
    """Return the function of that name."""
    return next(spec for spec in ALL if spec.name == name)


def function_name(stage: str, name: str) -> str:
    """Return the deployed name; known before the deploy, so that functions can name each other without a cycle."""
    return f"namo-{stage}-{name}"


def worker_names(stage: Stage) -> dict[str, str]:
    """Return the deployed names of a stage's workers, by their own."""
    return {spec.name: function_name(stage.name, spec.name) for spec in WORKER_SPECS if spec.deployed(stage)}
