"""The one construct that makes every function: its zip, its own narrow role, its log group, its queue for failures."""

from collections.abc import Sequence
from typing import Any

from aws_cdk import CfnOutput, Duration, Size
from aws_cdk import aws_ecr_assets as ecr_assets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_lambda_destinations as destinations
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.access import Right
from infra.constructs.audit import explain
from infra.constructs.interfaces import as_interface
from infra.constructs.permissions import grant, to_log
from infra.constructs.retention import log_retention, removal
from infra.container import folder
from infra.declaration import Asynchronous, FunctionSpec, Variables
from infra.functions import function_name
from infra.stages import Stage
from infra.zips import build_zip

_ARCHITECTURE = {"arm64": lambda_.Architecture.ARM_64, "x86_64": lambda_.Architecture.X86_64}
_PLATFORM = {"arm64": ecr_assets.Platform.LINUX_ARM64, "x86_64": ecr_assets.Platform.LINUX_AMD64}


class Function(Construct):
    """A deployed function. `failed` is the dead-letter queue of its asynchronous calls, if it has such calls."""

    def __init__(
        self, scope: Construct, stage: Stage, spec: FunctionSpec, rights: Sequence[Right], variables: Variables
    ) -> None:
        super().__init__(scope, spec.id)
        self._stage = stage
        self.spec = spec
        self.role = self._role(rights)
        self.function = self._function(variables)
        self.failed = self._configure(spec.trigger) if isinstance(spec.trigger, Asynchronous) else None
        CfnOutput(scope, f"{spec.id}Function", value=self.function.function_name)

    def _role(self, rights: Sequence[Right]) -> iam.Role:
        role = iam.Role(self, "Role", assumed_by=as_interface(iam.ServicePrincipal("lambda.amazonaws.com")))
        for right in rights:
            grant(role, right)
        return role

    def _function(self, variables: Variables) -> lambda_.Function:
        stage, spec = self._stage, self.spec
        target = stage.target
        common: dict[str, Any] = {
            "function_name": function_name(stage.name, spec.name),
            "architecture": _ARCHITECTURE[target.architecture],
            "role": as_interface(self.role),
            "log_group": self._log_group(),
            "timeout": Duration.seconds(spec.timeout),
            "memory_size": spec.memory,
            "ephemeral_storage_size": Size.mebibytes(spec.storage) if spec.storage else None,
            "reserved_concurrent_executions": stage.concurrency.of(spec.concurrency),
            "tracing": self._tracing(),
            "environment": self._environment(variables),
        }
        if spec.image and target.containers:
            return lambda_.DockerImageFunction(self, "Function", code=self._image(spec.image), **common)
        return lambda_.Function(
            self,
            "Function",
            handler=spec.handler,
            runtime=lambda_.Runtime(f"python{target.python}", lambda_.RuntimeFamily.PYTHON),
            code=lambda_.Code.from_asset(str(build_zip(spec.group, target))),
            **common,
        )

    def _image(self, dockerfile: str) -> lambda_.DockerImageCode:
        """Name what Docker builds at the deploy; synthesis only copies it."""
        return lambda_.DockerImageCode.from_image_asset(
            str(folder(dockerfile)),
            cmd=[self.spec.handler],
            platform=_PLATFORM[self._stage.target.architecture],
        )

    def _environment(self, own: Variables) -> dict[str, str]:
        stage = self._stage
        common = {"STAGE": stage.name, "LOG_LEVEL": stage.monitoring.log_level}
        return {**common, "POWERTOOLS_SERVICE_NAME": self.spec.name, **own}

    def _log_group(self) -> logs.LogGroup:
        group = logs.LogGroup(
            self,
            "Logs",
            log_group_name=f"/aws/lambda/{function_name(self._stage.name, self.spec.name)}",
            retention=log_retention(self._stage),
            removal_policy=removal(self._stage),
        )
        grant(self.role, to_log(group.log_group_arn))
        return group

    def _tracing(self) -> lambda_.Tracing:
        if not self._stage.monitoring.tracing:
            return lambda_.Tracing.DISABLED
        explain(self.role, "AwsSolutions-IAM5[Resource::*]", "X-Ray's write actions know no resource.")
        return lambda_.Tracing.ACTIVE

    def _configure(self, calls: Asynchronous) -> sqs.Queue:
        queue = dead_letters(self, "Failed", self._stage)
        self.function.configure_async_invoke(
            retry_attempts=calls.retries,
            max_event_age=Duration.seconds(calls.ends_after(self._stage)),
            on_failure=as_interface(destinations.SqsDestination(as_interface(queue))),
        )
        return queue


def dead_letters(scope: Construct, name: str, stage: Stage) -> sqs.Queue:
    """Make a queue that keeps what failed for good, for two weeks."""
    queue = sqs.Queue(
        scope,
        name,
        encryption=sqs.QueueEncryption.SQS_MANAGED,
        enforce_ssl=stage.hardening.tls_only,
        retention_period=Duration.days(14),
    )
    explain(queue, "AwsSolutions-SQS3", "It is the dead-letter queue, of a function or an event source.")
    return queue
