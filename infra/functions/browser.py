"""The worker that makes images on a web page."""

import json

from infra.access import worker
from infra.declaration import Dispatch, FunctionSpec, Variables
from infra.stages import Stage
from studio.settings.workers import Browser


def _variables(stage: Stage) -> Variables:
    provider = stage.providers.browser
    if not provider:
        return {}
    # Lambda lets Chromium write below /tmp only; a zip keeps no file executable, so Playwright is given a Node.
    place = {"PLAYWRIGHT_NODEJS_PATH": stage.machine.node} if stage.machine else {"HOME": "/tmp"}  # noqa: S108 - as said
    return {
        "PROVIDER_MODELS": json.dumps(provider.pages),
        "CHROMIUM": provider.chromium,
        "CHROMIUM_FLAGS": provider.flags,
        **place,
    }


FUNCTION = FunctionSpec(
    name="browser",
    stack="jobs",
    handler="workers.browser.handler",
    group="browser",
    settings=Browser,
    timeout=900,
    memory=2048,  # Chromium's pages take most of it
    concurrency="browser",
    image="browser.Dockerfile",
    trigger=Dispatch(),
    access=worker("browser", objects={}),
    variables=_variables,
    deployed=lambda stage: stage.providers.browser is not None,
)
