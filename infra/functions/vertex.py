"""The worker of Google's models."""

import json

from infra.access import INPUTS, worker
from infra.declaration import Dispatch, FunctionSpec, Variables
from infra.stages import Stage
from studio.settings.workers import Vertex


def _variables(stage: Stage) -> Variables:
    google = stage.providers.vertex
    return {
        "PROVIDER_MODELS": json.dumps(google.models),
        "VERTEX_PROJECT": google.project,
        "VERTEX_LOCATIONS": json.dumps(google.locations),
        "VERTEX_ENDPOINT": google.endpoint,
    }


FUNCTION = FunctionSpec(
    name="vertex",
    stack="jobs",
    handler="workers.vertex.handler",
    group="vertex",
    settings=Vertex,
    timeout=900,
    memory=1024,
    concurrency="workers",
    trigger=Dispatch(),
    access=worker("vertex", objects=INPUTS),
    variables=_variables,
)
