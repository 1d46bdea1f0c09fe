"""The daily look at whether the providers still have our models."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from infra.access import Access, Right
from infra.declaration import FunctionSpec, Schedule, Variables
from studio.settings.workers import ModelProbe

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aws_cdk import Stack

    from infra.stages import Stage

_DAY = 86_400


def _at_bedrock(stage: Stage) -> Mapping[str, str]:
    """Return the region of each model that is asked, those behind inference profiles too."""
    amazon = stage.providers.bedrock
    own = {model: amazon.regions[ours] for ours, model in amazon.models.items() if model not in amazon.profiles}
    return {**own, **{profile.partition(".")[2]: amazon.profile_regions[-1] for profile in amazon.profiles}}


def _variables(stage: Stage) -> Variables:
    google = stage.providers.vertex
    own = {
        "VERTEX_MODELS": json.dumps({name: google.locations[model] for model, name in google.models.items()}),
        "VERTEX_ENDPOINT": google.endpoint,
        "BEDROCK_MODELS": json.dumps(_at_bedrock(stage)),
    }
    return {**own, "AWS_ENDPOINT_URL_BEDROCK": stage.machine.models_url} if stage.machine else own


def _rights(stage: Stage, stack: Stack) -> Sequence[Right]:
    """Return the right to look at the models, and at no other."""
    models = _at_bedrock(stage).items()
    arns = [f"arn:{stack.partition}:bedrock:{region}::foundation-model/{model}" for model, region in models]
    return [Right(["bedrock:GetFoundationModel"], arns)]


FUNCTION = FunctionSpec(
    name="model-probe",
    stack="jobs",
    handler="workers.model_probe.handler",
    group="model-probe",
    settings=ModelProbe,
    timeout=300,
    trigger=Schedule(every=_DAY),
    access=Access(),
    variables=_variables,
    rights=_rights,
)
