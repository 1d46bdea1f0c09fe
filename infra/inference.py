"""SageMaker's asynchronous inference: who hears how it went, and where the stage hosts it, the endpoint itself."""

from aws_cdk import ArnFormat, CfnOutput, Stack
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions

from infra import environment
from infra.endpoint import Endpoint, Outcomes
from infra.factory import FunctionFactory
from infra.function import Background
from infra.functions import SAGEMAKER_DONE
from infra.interfaces import as_interface
from infra.permissions import Right
from infra.providers import SageMaker


class Inference:
    """The topics of success and error, the function that hears both, and the endpoints."""

    def __init__(self, factory: FunctionFactory, provider: SageMaker) -> None:
        self._factory = factory
        self._names = sorted(provider.endpoints.values())
        self.outcomes = Outcomes(self._topic("InferenceSuccess"), self._topic("InferenceError"))
        self._hear(provider)
        if provider.hosting:
            for name in self._names:
                Endpoint(factory, name, provider.hosting, self.outcomes)

    @property
    def to_invoke(self) -> Right:
        """The right to hand work to the endpoints."""
        stack = Stack.of(self._factory.scope)
        arns = [
            stack.format_arn(
                service="sagemaker",
                resource="endpoint",
                resource_name=name,
                arn_format=ArnFormat.SLASH_RESOURCE_NAME,
            )
            for name in self._names
        ]
        return Right(["sagemaker:InvokeEndpointAsync"], arns)

    def _topic(self, name: str) -> sns.Topic:
        topic = sns.Topic(self._factory.scope, name, enforce_ssl=self._factory.stage.hardening.tls_only)
        CfnOutput(self._factory.scope, f"{name}Topic", value=topic.topic_arn)
        return topic

    def _hear(self, provider: SageMaker) -> None:
        variables = environment.inference_done(self._factory.data, provider.endpoints)
        function = self._factory.make(SAGEMAKER_DONE, variables, background=Background(retries=2, max_age=3600))
        for topic in self.outcomes.topics:
            heard = subscriptions.LambdaSubscription(as_interface(function.function))
            topic.add_subscription(as_interface(heard))
