"""The command that fails where a stage asks for models that end within 60 days, or have ended.

It is for a pipeline, before it deploys: no test does it, or the suite would fail by the calendar.
"""

import argparse

from infra.providers import Providers
from infra.stages import StageError, named
from studio.catalogue.retirements import ending
from studio.catalogue.rules import StageModels
from studio.clock import now


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--stage", default="prod", help="the stage to look at (prod)")


def run(given: argparse.Namespace) -> int:
    """Print each model that ends, and when; return 1 if there is any, 2 where the stage cannot be built."""
    try:
        providers = named(given.stage).providers
    except StageError as error:
        print(error)
        return 2
    days = {model: day.isoformat() for model, day in providers.retirements.items()}
    found = ending(StageModels((), days), asked(providers), now().date())
    for model in found:
        print(f"{model.id} ends on {model.retires_on}: give it another provider's model, or take it from the stage")
    print(f"{len(found)} models of {given.stage} end within 60 days")
    return 1 if found else 0


def asked(providers: Providers) -> set[str]:
    """Return our models that a stage has somebody make."""
    pages = providers.browser.pages if providers.browser else {}
    return {*providers.vertex.models, *providers.bedrock.models, *providers.endpoints, *pages}
