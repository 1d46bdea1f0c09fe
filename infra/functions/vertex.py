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
        "VERTEX_LOCATION": google.location,
        "VERTEX_ENDPOINT": google.endpoint,
        "IMAGEN_MODELS": json.dumps(google.imagen),
        "IMAGEN_LOCATION": google.imagen_location,
        "IMAGEN_RETIRES_ON": google.imagen_retires_on,
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
