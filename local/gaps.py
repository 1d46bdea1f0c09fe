"""What the emulator cannot do, or does not do as AWS would: templates are adapted, and every adaptation is said.

Tests of the templates cover what is left out here.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

# Unknown to the emulator: a template that holds one is rejected whole.
UNKNOWN_TYPES: Final = (
    "AWS::Budgets::",
    "AWS::CE::",
    "AWS::CloudFront::PublicKey",
    "AWS::CloudFront::KeyGroup",
    "AWS::CloudWatch::CompositeAlarm",
    "AWS::SageMaker::",
    "AWS::WAFv2::WebACLAssociation",
)
# Run by functions on Node, which hang in the emulator.
CUSTOM_TYPES: Final = ("Custom::", "AWS::CloudFormation::CustomResource")
# What comes of properties that the emulator takes.
OTHERWISE: Final[Mapping[str, Mapping[str, str]]] = {
    "AWS::ApiGatewayV2::Api": {
        "ProtocolType": "An HTTP API sees every caller at 127.0.0.1, and hands eight requests at a time to functions"
    },
    "AWS::ApiGatewayV2::Stage": {"DefaultRouteSettings": "An HTTP API is never throttled"},
    "AWS::Cognito::IdentityPool": {
        "CognitoIdentityProviders": "An identity pool takes tokens of who was signed out, and sets guests no limits"
    },
    "AWS::Cognito::IdentityPoolRoleAttachment": {
        "Roles": "An identity pool hands out its roles without asking their trust policies"
    },
    "AWS::Cognito::UserPool": {"LambdaConfig": "Sign-up triggers never fire; a person's row is made at first use"},
    "AWS::S3::Bucket": {
        "LifecycleConfiguration": "Lifecycle rules do nothing",
        "ObjectLockConfiguration": "A bucket's lock is dropped: what is archived can be overwritten and deleted",
    },
}
# The CDK's own, eight hexadecimal digits.
GENERATED_SUFFIX: Final = re.compile(r"[0-9A-F]{8}$")

Gaps = list[tuple[str, str]]


def adapt(template: dict[str, Any]) -> Gaps:
    """Make a template one that the emulator takes, in place; return what is not as on AWS, and of which resource."""
    resources: dict[str, Any] = template.get("Resources", {})
    left_out = list(_unsupported(resources))
    for name, _ in left_out:
        del resources[name]
    _forget(template, set(resources))
    gaps = [(f"Left out: {why}", name) for name, why in left_out]
    return gaps + [(what, name) for name, resource in resources.items() for what in _adapt_resource(resource)]


def described(gaps: Iterable[tuple[str, str]]) -> list[str]:
    """One line for each kind of gap, with the resources it is about."""
    resources: dict[str, list[str]] = {}
    for what, name in gaps:
        resources.setdefault(what, []).append(GENERATED_SUFFIX.sub("", name))
    return [f"{what} ({', '.join(names)})" for what, names in resources.items()]


def _unsupported(resources: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for name, resource in resources.items():
        kind: str = resource["Type"]
        if kind.startswith(UNKNOWN_TYPES):
            yield name, f"{kind} is unknown to the emulator"
        elif kind.startswith(CUSTOM_TYPES):
            yield name, f"{kind} hangs in the emulator"
        elif kind == "AWS::CloudWatch::Alarm" and "Metrics" in resource.get("Properties", {}):
            yield name, "alarms on metric math roll the stack back in the emulator"
        elif kind == "AWS::CDK::Metadata":
            yield name, "it only counts CDK users"


def _forget(template: dict[str, Any], kept: set[str]) -> None:
    """Drop `DependsOn` of resources that were left out."""
    for resource in template.get("Resources", {}).values():
        needs = resource.get("DependsOn")
        if needs is not None:
            resource["DependsOn"] = [name for name in ([needs] if isinstance(needs, str) else needs) if name in kept]


def _adapt_resource(resource: dict[str, Any]) -> Iterator[str]:
    properties: dict[str, Any] = resource.get("Properties", {})
    match resource["Type"]:
        case "AWS::S3::BucketPolicy" | "AWS::SQS::QueuePolicy" | "AWS::SNS::TopicPolicy":
            yield from _allow_plain_http(properties)
        case "AWS::DynamoDB::Table" | "AWS::DynamoDB::GlobalTable":
            yield from _table(properties)
        case "AWS::Lambda::EventSourceMapping":
            if "DestinationConfig" in properties or properties.get("BisectBatchOnFunctionError"):
                yield "A stream's retry limit, bisecting and dead-letter queue are ignored; only a record's age ends it"
        case kind:
            yield from (what for name, what in OTHERWISE.get(kind, {}).items() if name in properties)


def _allow_plain_http(properties: dict[str, Any]) -> Iterator[str]:
    document: dict[str, Any] = properties.get("PolicyDocument", {})
    statements: list[dict[str, Any]] = document.get("Statement", [])
    document["Statement"] = [one for one in statements if not _denies_plain_http(one)]
    if len(document["Statement"]) < len(statements):
        yield "The TLS-only statement is taken out: the emulator speaks plain HTTP on loopback"


def _denies_plain_http(statement: dict[str, Any]) -> bool:
    condition = statement.get("Condition", {}).get("Bool", {})
    return statement["Effect"] == "Deny" and str(condition.get("aws:SecureTransport")).lower() == "false"


def _table(properties: dict[str, Any]) -> Iterator[str]:
    if "TimeToLiveSpecification" in properties:
        yield "TTL is dropped from templates; it is set through the API instead"
    if "ResourcePolicy" in properties:
        yield "A table's own policy is not asked: its lines can be updated and deleted"
    if "PointInTimeRecoverySpecification" in properties or "SSESpecification" in properties:
        yield "Point-in-time recovery and encryption settings do nothing"
