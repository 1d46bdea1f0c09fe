"""The functions that make images, each with what its provider asks of it."""

from aws_cdk import Stack

from infra import environment, permissions
from infra.factory import FunctionFactory
from infra.function import Background
from infra.functions import BEDROCK, BROWSER, SAGEMAKER, VERTEX
from infra.inference import Inference
from infra.permissions import Right
from infra.providers import Bedrock


def add_workers(factory: FunctionFactory) -> None:
    """Make the workers of the stage's providers."""
    stage, data = factory.stage, factory.data
    # Past a job's deadline there is nothing left to do for it.
    background = Background(retries=2, max_age=stage.limits.deadline_seconds)
    secret = google_secret(factory)
    factory.make(
        VERTEX,
        environment.vertex(stage, data, secret),
        permissions.to_read_secret(factory.scope, secret),
        background=background,
    )
    invoke = _to_invoke(factory, stage.providers.bedrock)
    factory.make(BEDROCK, environment.bedrock(stage, data), invoke, background=background)
    if provider := stage.providers.sagemaker:
        inference = Inference(factory, provider)
        variables = environment.sagemaker(stage, data, provider.endpoints)
        factory.make(SAGEMAKER, variables, inference.to_invoke, background=background)
    if provider := stage.providers.browser:
        factory.make(BROWSER, environment.browser(stage, data, provider), background=background)


def google_secret(factory: FunctionFactory) -> str:
    """Name the secret with the stage's Google credential, which is made by hand."""
    return f"namo/{factory.stage.name}/vertex"


def _to_invoke(factory: FunctionFactory, provider: Bedrock) -> Right:
    """Return the right to call the models, each where it is, and the profiles with the models behind them."""
    partition, account = Stack.of(factory.scope).partition, Stack.of(factory.scope).account
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
