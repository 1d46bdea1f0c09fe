"""The worker of the models on Bedrock."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from infra.access import INPUTS, Right, worker
from infra.declaration import Dispatch, FunctionSpec, Variables
from studio.settings.workers import Bedrock

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_cdk import Stack

    from infra.stages import Stage


def _variables(stage: Stage) -> Variables:
    amazon = stage.providers.bedrock
    own = {"PROVIDER_MODELS": json.dumps(amazon.models), "BEDROCK_REGIONS": json.dumps(amazon.regions)}
    return {**own, "AWS_ENDPOINT_URL_BEDROCK_RUNTIME": stage.machine.models_url} if stage.machine else own


def _rights(stage: Stage, stack: Stack) -> Sequence[Right]:
    """Return the right to call the models, each where it is, and the profiles with the models behind them."""
    provider, partition, account = stage.providers.bedrock, stack.partition, stack.account
    arns = [
        f"arn:{partition}:bedrock:{provider.regions[ours]}::foundation-model/{model}"
        for ours, model in provider.models.items()
        if model not in provider.profiles
    ]
    regions = sorted(set(provider.regions.values()))
    for profile in provider.profiles:
        model = profile.partition(".")[2]
        arns += [f"arn:{partition}:bedrock:{region}:{account}:inference-profile/{profile}" for region in regions]
        arns += [f"arn:{partition}:bedrock:{region}::foundation-model/{model}" for region in provider.profile_regions]
    return [Right(["bedrock:InvokeModel"], arns)]


FUNCTION = FunctionSpec(
    name="bedrock",
    stack="jobs",
    handler="workers.bedrock.handler",
    group="images",
    settings=Bedrock,
    timeout=900,
    memory=1024,
    concurrency="workers",
    trigger=Dispatch(),
    access=worker("bedrock", objects=INPUTS),
    variables=_variables,
    rights=_rights,
)
