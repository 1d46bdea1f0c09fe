"""What becomes of data when its stack goes, and how long logs are kept."""

from aws_cdk import RemovalPolicy
from aws_cdk import aws_logs as logs

from infra.stages import Stage

_DAYS = {
    1: logs.RetentionDays.ONE_DAY,
    7: logs.RetentionDays.ONE_WEEK,
    30: logs.RetentionDays.ONE_MONTH,
    90: logs.RetentionDays.THREE_MONTHS,
}


def removal(stage: Stage) -> RemovalPolicy:
    """Return what becomes of a resource; what a failed first deploy made goes with it, or it would bar the next."""
    return RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE if stage.hardening.keep_data else RemovalPolicy.DESTROY


def log_retention(stage: Stage) -> logs.RetentionDays:
    return _DAYS[stage.monitoring.log_days]
