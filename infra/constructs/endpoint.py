"""One asynchronous SageMaker endpoint that stops when nobody asks for anything, and starts when somebody does."""

from dataclasses import dataclass

from aws_cdk import CfnOutput, Duration, Stack
from aws_cdk import aws_applicationautoscaling as scaling
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sagemaker as sagemaker
from aws_cdk import aws_sns as sns
from constructs import Construct

from infra.access import Right
from infra.constructs.interfaces import as_interface
from infra.constructs.permissions import grant, to_key, to_log
from infra.constructs.resources import Resources
from infra.constructs.retention import log_retention, removal
from infra.providers import Hosting

_VARIANT = "all"
# Images that one machine has before it: more, and another is started. One takes some ten seconds.
_BACKLOG = 5


@dataclass(frozen=True)
class Outcomes:
    """The topics that are notified of how an inference went."""

    success: sns.Topic
    error: sns.Topic

    @property
    def topics(self) -> tuple[sns.Topic, sns.Topic]:
        return self.success, self.error


class Endpoint(Construct):
    """An endpoint by its name, from 0 to the hosting's most machines."""

    def __init__(self, scope: Construct, resources: Resources, name: str, hosting: Hosting, outcomes: Outcomes) -> None:
        super().__init__(scope, "Endpoint")
        self._stage, self._data = resources.stage, resources.data
        self._name, self._hosting, self._outcomes = name, hosting, outcomes
        self._role = self._made_role()
        endpoint = sagemaker.CfnEndpoint(
            self,
            "Endpoint",
            endpoint_name=name,
            endpoint_config_name=self._configuration().attr_endpoint_config_name,
            # An update leaves as many machines as the scaling below has made.
            retain_all_variant_properties=True,
        )
        self._scale(endpoint)
        CfnOutput(scope, "InferenceEndpoint", value=name)

    def _configuration(self) -> sagemaker.CfnEndpointConfig:
        config = sagemaker.CfnEndpointConfig
        bucket = self._data.media.bucket_name
        notify = config.AsyncInferenceNotificationConfigProperty(
            success_topic=self._outcomes.success.topic_arn, error_topic=self._outcomes.error.topic_arn
        )
        variant = config.ProductionVariantProperty(
            variant_name=_VARIANT,
            model_name=self._model().attr_model_name,
            instance_type=self._hosting.machine,
            initial_instance_count=1,
            initial_variant_weight=1,
        )
        return config(
            self,
            "Configuration",
            production_variants=[variant],
            async_inference_config=config.AsyncInferenceConfigProperty(
                output_config=config.AsyncInferenceOutputConfigProperty(
                    s3_output_path=f"s3://{bucket}/inference/output/", notification_config=notify
                ),
                client_config=config.AsyncInferenceClientConfigProperty(max_concurrent_invocations_per_instance=1),
            ),
        )

    def _model(self) -> sagemaker.CfnModel:
        model = sagemaker.CfnModel(
            self,
            "Model",
            execution_role_arn=self._role.role_arn,
            primary_container=sagemaker.CfnModel.ContainerDefinitionProperty(
                image=self._hosting.image, model_data_url=self._hosting.model_file
            ),
            enable_network_isolation=True,
        )
        model.node.add_dependency(self._role)  # it is checked with the role's rights
        return model

    # ---- rights

    def _made_role(self) -> iam.Role:
        role = iam.Role(self, "Role", assumed_by=as_interface(iam.ServicePrincipal("sagemaker.amazonaws.com")))
        for right in (*self._on_data(), *self._on_the_model(), self._to_measure(), to_log(self._log_arn())):
            grant(role, right)
        return role

    def _on_data(self) -> list[Right]:
        data, why = self._data, "A job's request and its answer lie below names that no policy can know."
        return [
            Right(["s3:GetObject"], [f"{data.media_arn}/inference/input/*"], why),
            Right(["s3:PutObject", "s3:AbortMultipartUpload"], [f"{data.media_arn}/inference/output/*"], why),
            Right(["sns:Publish"], [topic.topic_arn for topic in self._outcomes.topics]),
            *to_key(data, ["s3"], ["s3"]),
        ]

    def _on_the_model(self) -> list[Right]:
        """Return the rights to fetch the container image, `<account>.dkr.ecr.<region>…/<name>:<tag>`, and the file."""
        stack, image = Stack.of(self), self._hosting.image
        registry, _, repository = image.partition("/")
        account, _, _, region = registry.split(".")[:4]
        name = repository.partition("@")[0].partition(":")[0]
        return [
            Right(["s3:GetObject"], [f"arn:{stack.partition}:s3:::{self._hosting.model_file.removeprefix('s3://')}"]),
            Right(
                ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
                [f"arn:{stack.partition}:ecr:{region}:{account}:repository/{name}"],
            ),
            Right(["ecr:GetAuthorizationToken"], ["*"], "A registry's token belongs to no repository."),
        ]

    def _to_measure(self) -> Right:
        return Right(
            ["cloudwatch:PutMetricData"],
            ["*"],
            "Metrics know no resource; it is held to a namespace.",
            {"StringEquals": {"cloudwatch:namespace": "/aws/sagemaker/Endpoints"}},
        )

    def _log_arn(self) -> str:
        group = logs.LogGroup(
            self,
            "Logs",
            log_group_name=f"/aws/sagemaker/Endpoints/{self._name}",
            retention=log_retention(self._stage),
            removal_policy=removal(self._stage),
        )
        return group.log_group_arn

    # ---- scaling

    def _scale(self, endpoint: sagemaker.CfnEndpoint) -> None:
        machines = scaling.ScalableTarget(
            self,
            "Machines",
            service_namespace=scaling.ServiceNamespace.SAGEMAKER,
            scalable_dimension="sagemaker:variant:DesiredInstanceCount",
            resource_id=f"endpoint/{self._name}/variant/{_VARIANT}",
            min_capacity=0,
            max_capacity=self._hosting.most,
            # The service's own, which it uses whatever is named here; without one the CDK would make another.
            role=as_interface(iam.Role.from_role_arn(self, "ScalingRole", self._scaling_role())),
        )
        machines.node.add_dependency(endpoint)
        machines.scale_to_track_metric(
            "Backlog",
            target_value=_BACKLOG,
            custom_metric=self._metric("ApproximateBacklogSizePerInstance"),
            scale_in_cooldown=Duration.minutes(10),
            scale_out_cooldown=Duration.minutes(5),
        )
        self._start_the_first(machines)

    def _scaling_role(self) -> str:
        service = "sagemaker.application-autoscaling.amazonaws.com"
        name = f"aws-service-role/{service}/AWSServiceRoleForApplicationAutoScaling_SageMakerEndpoint"
        return Stack.of(self).format_arn(service="iam", region="", resource="role", resource_name=name)

    def _start_the_first(self, machines: scaling.ScalableTarget) -> None:
        """Start one where work waits: a backlog by the machine is no number while there is none."""
        start = scaling.StepScalingAction(
            self,
            "Start",
            scaling_target=as_interface(machines),
            adjustment_type=scaling.AdjustmentType.CHANGE_IN_CAPACITY,
            metric_aggregation_type=scaling.MetricAggregationType.AVERAGE,
            cooldown=Duration.seconds(150),
        )
        start.add_adjustment(adjustment=1, lower_bound=0)
        waiting = cloudwatch.Alarm(
            self,
            "Waiting",
            alarm_description="Work waits, and no machine runs",
            metric=self._metric("HasBacklogWithoutCapacity"),
            evaluation_periods=1,
            threshold=1,
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        )
        waiting.add_alarm_action(as_interface(actions.ApplicationScalingAction(start)))

    def _metric(self, name: str) -> cloudwatch.Metric:
        return cloudwatch.Metric(
            namespace="AWS/SageMaker",
            metric_name=name,
            dimensions_map={"EndpointName": self._name},
            statistic="Average",
            period=Duration.minutes(1),
        )
