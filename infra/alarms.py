"""Alarms, and the topic they go to."""

from dataclasses import dataclass

from aws_cdk import Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from constructs import Construct

from infra.interfaces import as_interface
from infra.stages import Watching


@dataclass(frozen=True)
class Rule:
    """Ring when the metric is above `above` in `periods` periods running."""

    name: str
    metric: cloudwatch.IMetric
    above: float
    means: str
    periods: int = 1


class Alarms(Construct):
    """The stage's one topic for alarms."""

    def __init__(self, scope: Construct, watching: Watching) -> None:
        super().__init__(scope, "Alarms")
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
        if watching.alarm_email:
            self.topic.add_subscription(as_interface(subscriptions.EmailSubscription(watching.alarm_email)))

    def ring(self, scope: Construct, rule: Rule) -> None:
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
        tell = as_interface(actions.SnsAction(as_interface(self.topic)))
        alarm.add_alarm_action(tell)
        alarm.add_ok_action(tell)
