"""cdk-nag's AwsSolutions rules, and our reasons where one does not fit."""

from aws_cdk import Acknowledgment, App, Validations
from constructs import IConstruct


def audit(app: App) -> None:
    """Let synthesis fail on every finding that has no reason."""
    from cdk_nag import AwsSolutionsChecks  # noqa: PLC0415 - a second that the stages without an audit need not wait

    Validations.of(app).add_plugins(AwsSolutionsChecks(app))


def explain(construct: IConstruct, rule: str, reason: str) -> None:
    """Record why a rule does not apply to a construct and what is inside it."""
    Validations.of(construct).acknowledge(Acknowledgment(id=rule, reason=reason))
