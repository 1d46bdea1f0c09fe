"""The worker that hands jobs to a SageMaker endpoint, and learns later how they went."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from infra import attributes
from infra.access import GET, GET_MANY, UPDATE, WRITE, Access, Right
from infra.declaration import Dispatch, FunctionSpec, Variables
from studio.settings.workers import ImageWorker

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_cdk import Stack

    from infra.stages import Stage


def _variables(stage: Stage) -> Variables:
    own = {"PROVIDER_MODELS": json.dumps(stage.providers.endpoints)}
    return {**own, "AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME": stage.machine.models_url} if stage.machine else own


def _rights(stage: Stage, stack: Stack) -> Sequence[Right]:
    """Return the right to hand work to the endpoints."""
    arns = [
        stack.format_arn(service="sagemaker", resource="endpoint", resource_name=name)
        for name in sorted(stage.providers.endpoints.values())
    ]
    return [Right(["sagemaker:InvokeEndpointAsync"], arns)]


FUNCTION = FunctionSpec(
    name="sagemaker",
    stack="jobs",
    handler="workers.sagemaker.handler",
    group="images",
    settings=ImageWorker,
    timeout=900,
    trigger=Dispatch(),
    # Its models look at no images.
    access=Access(
        tables={"Jobs": (GET, GET_MANY, UPDATE)},
        objects={"inference/input": (WRITE,)},
        changes={"Jobs": attributes.SUBMIT},
    ),
    variables=_variables,
    rights=_rights,
    deployed=lambda stage: stage.providers.sagemaker is not None,
)
