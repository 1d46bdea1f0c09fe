"""Alarms, and the topic they go to."""

from dataclasses import dataclass

from aws_cdk import Duration, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from constructs import Construct

from infra.constructs.interfaces import as_interface
from infra.stages import Stage

_NAMESPACE = "namo"


@dataclass(frozen=True)
class Rule:
    """Alarm when the metric is above `above` in `periods` periods running."""

    name: str
    metric: cloudwatch.IMetric
    above: float
    means: str
    periods: int = 1


class Alarms(Construct):
    """The stage's one topic for alarms, and the one alarm that functions raise by a line of their logs."""

    def __init__(self, scope: Construct, stage: Stage) -> None:
        super().__init__(scope, "Alarms")
        self._raised = f"{stage.name}-alarms"
        self.topic = sns.Topic(self, "Topic", enforce_ssl=True)
        # A topic with a policy of its own has lost the default one, which let the account's alarms in.
        self.topic.add_to_resource_policy(
            iam.PolicyStatement(
                actions=["sns:Publish"],
                resources=[self.topic.topic_arn],
                principals=[as_interface(iam.ServicePrincipal("cloudwatch.amazonaws.com"))],
                conditions={"StringEquals": {"aws:SourceAccount": Stack.of(self).account}},
            )
        )
        if stage.monitoring.alarm_email:
            self.topic.add_subscription(as_interface(subscriptions.EmailSubscription(stage.monitoring.alarm_email)))
        raised = cloudwatch.Metric(
            namespace=_NAMESPACE, metric_name=self._raised, period=Duration.minutes(1), statistic="Sum"
        )
        self.add(self, Rule("Raised", raised, 0, "A log has a line with `alarm`, which says what somebody must see"))

    def count_raised(self, scope: Construct, log_group: logs.ILogGroup) -> None:
        """Count the lines of `studio.alarms` in a function's log."""
        logs.MetricFilter(
            scope,
            "Raised",
            log_group=log_group,
            filter_pattern=as_interface(logs.FilterPattern.exists("$.alarm")),
            metric_namespace=_NAMESPACE,
            metric_name=self._raised,
        )

    def add(self, scope: Construct, rule: Rule) -> None:
        alarm = cloudwatch.Alarm(
            scope,
            rule.name,
            metric=rule.metric,
            threshold=rule.above,
            evaluation_periods=rule.periods,
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
            alarm_description=rule.means,
        )
        notify = as_interface(actions.SnsAction(as_interface(self.topic)))
        alarm.add_alarm_action(notify)
        alarm.add_ok_action(notify)
