"""SageMaker's asynchronous inference: the topics that say how it went, and where the stage hosts it, the endpoint."""

from aws_cdk import CfnOutput
from aws_cdk import aws_sns as sns
from constructs import Construct

from infra.constructs.endpoint import Endpoint, Outcomes
from infra.constructs.resources import Resources
from infra.providers import SageMaker


def add_inference(scope: Construct, resources: Resources, provider: SageMaker) -> None:
    """Make the topics of success and error, and the endpoints that the stage hosts."""
    outcomes = Outcomes(*(_topic(scope, resources, name) for name in ("InferenceSuccess", "InferenceError")))
    resources.topics = outcomes.topics
    if provider.hosting:
        for name in sorted(provider.endpoints.values()):
            Endpoint(scope, resources, name, provider.hosting, outcomes)


def _topic(scope: Construct, resources: Resources, name: str) -> sns.Topic:
    topic = sns.Topic(scope, name, enforce_ssl=resources.stage.hardening.tls_only)
    CfnOutput(scope, f"{name}Topic", value=topic.topic_arn)
    return topic
