"""The functions that make images, each with what its provider asks of it."""

from aws_cdk import Stack

from infra import environment, permissions
from infra.function import Background
from infra.functions import BEDROCK, BROWSER, SAGEMAKER, VERTEX
from infra.inference import Inference
from infra.maker import Maker
from infra.permissions import Right
from infra.providers import Bedrock


def add_workers(maker: Maker) -> None:
    """Make the workers of the stage's providers."""
    stage, data = maker.stage, maker.data
    # Past a job's deadline there is nothing left to do for it.
    background = Background(retries=2, max_age=stage.limits.deadline_seconds)
    secret = google_secret(maker)
    maker.make(
        VERTEX,
        environment.vertex(stage, data, secret),
        permissions.to_read_secret(maker.scope, secret),
        background=background,
    )
    invoke = _to_invoke(maker, stage.providers.bedrock)
    maker.make(BEDROCK, environment.bedrock(stage, data), invoke, background=background)
    if provider := stage.providers.sagemaker:
        inference = Inference(maker, provider)
        variables = environment.sagemaker(stage, data, provider.endpoints)
        maker.make(SAGEMAKER, variables, inference.to_invoke, background=background)
    if provider := stage.providers.browser:
        maker.make(BROWSER, environment.browser(stage, data, provider), background=background)


def google_secret(maker: Maker) -> str:
    """Name the secret with the stage's Google credential, which is made by hand."""
    return f"namo/{maker.stage.name}/vertex"


def _to_invoke(maker: Maker, provider: Bedrock) -> Right:
    """Return the right to call the models, each where it is, and the profiles with the models behind them."""
    partition, account = Stack.of(maker.scope).partition, Stack.of(maker.scope).account
    arns = [
        f"arn:{partition}:bedrock:{provider.regions[ours]}::foundation-model/{model}"
        for ours, model in provider.models.items()
    ]
    regions = sorted(set(provider.regions.values()))
    for profile in provider.profiles:
        model = profile.partition(".")[2]
        arns += [f"arn:{partition}:bedrock:{region}:{account}:inference-profile/{profile}" for region in regions]
        arns += [f"arn:{partition}:bedrock:{region}::foundation-model/{model}" for region in provider.profile_regions]
    return Right(["bedrock:InvokeModel"], arns)
