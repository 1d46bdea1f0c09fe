"""Receives the end of an asynchronous inference."""

import json

from infra import attributes
from infra.access import ERASE, FIND, GET, READ, UPDATE, Access, own_results
from infra.declaration import FunctionSpec, InferenceTopics
from studio.settings.workers import InferenceDone

FUNCTION = FunctionSpec(
    name="sagemaker-done",
    stack="jobs",
    handler="workers.sagemaker_done.handler",
    group="images",
    settings=InferenceDone,
    timeout=60,
    memory=1024,
    trigger=InferenceTopics(),
    access=Access(
        tables={"Jobs": (GET, UPDATE)},
        objects={**own_results("sagemaker"), "inference/output": (READ, FIND, ERASE)},
        changes={"Jobs": attributes.RECEIVE_INFERENCE},
    ),
    variables=lambda stage: {"PROVIDER_MODELS": json.dumps(stage.providers.endpoints)},
    deployed=lambda stage: stage.providers.sagemaker is not None,
)
