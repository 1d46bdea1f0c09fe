"""The domain that mail is sent from, and the topic on which SES says what became of a mail."""

from aws_cdk import CfnOutput
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ses as ses
from aws_cdk import aws_sns as sns
from constructs import Construct

from infra.constructs.interfaces import as_interface
from infra.monitoring.alarms import Alarms, Rule
from infra.monitoring.functions import FIVE_MINUTES
from infra.stages import Mail, Stage

# SES looks at a sender from 5 % of bounces and 0.1 % of complaints on.
_MOST = {"BounceRate": 0.05, "ComplaintRate": 0.001}


class MailDomain(Construct):
    """A stage's domain at SES, signed by DKIM; `configuration_set` is what everything is sent with."""

    def __init__(self, scope: Construct, stage: Stage, mail: Mail, alarms: Alarms | None) -> None:
        super().__init__(scope, "Mail")
        self.configuration_set = f"namo-{stage.name}"
        self.topic = sns.Topic(self, "Events", enforce_ssl=stage.hardening.tls_only)
        identity = ses.EmailIdentity(self, "Domain", identity=ses.Identity.domain(mail.domain))
        self._add_configuration_set()
        if alarms:
            self._watch(alarms)
        CfnOutput(scope, "MailTopic", value=self.topic.topic_arn)
        if not stage.machine:  # the emulator has no DKIM
            for i, record in enumerate(identity.dkim_records, 1):
                CfnOutput(scope, f"MailDkim{i}", value=f"{record.name} CNAME {record.value}")

    def _add_configuration_set(self) -> None:
        """Make the set; SES itself keeps addresses that bounced or complained, too, and sends them nothing.

        Its destination lets SES, for this set alone, publish to the topic.
        """
        set_ = ses.ConfigurationSet(
            self,
            "Set",
            configuration_set_name=self.configuration_set,
            reputation_metrics=True,
            suppression_reasons=ses.SuppressionReasons.BOUNCES_AND_COMPLAINTS,
        )
        set_.add_event_destination(
            "Feedback",
            destination=ses.EventDestination.sns_topic(as_interface(self.topic)),
            events=[ses.EmailSendingEvent.BOUNCE, ses.EmailSendingEvent.COMPLAINT],
        )

    def _watch(self, alarms: Alarms) -> None:
        for name, most in _MOST.items():
            rate = cloudwatch.Metric(
                namespace="AWS/SES", metric_name=f"Reputation.{name}", period=FIVE_MINUTES, statistic="Maximum"
            )
            alarms.add(self, Rule(name, rate, most, f"SES may stop the account's mail: {name} is above {most:.1%}"))
