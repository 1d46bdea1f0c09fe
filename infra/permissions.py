"""Policy statements. Every right of a role of ours is written by one of these, on named resources."""

from collections.abc import Sequence

from aws_cdk import ArnFormat, Stack
from aws_cdk import aws_iam as iam
from constructs import Construct

from infra.access import QUERY, Access
from infra.data import Data

# What DynamoDB and S3 do with our key in a caller's name.
_KEY_ACTIONS = ("kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey")
_STREAM_ACTIONS = ("dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator")


def allow(actions: Sequence[str], *resources: str) -> iam.PolicyStatement:
    return iam.PolicyStatement(actions=list(actions), resources=list(resources))


def to_data(data: Data, access: Access) -> list[iam.PolicyStatement]:
    """Return the statements of one function's rights on tables, indexes, images and the key they are kept under."""
    statements = [allow(actions, data.tables[table].table_arn) for table, actions in access.tables.items()]
    for table, names in access.indexes.items():
        arn = data.tables[table].table_arn
        statements.append(allow([QUERY], *(f"{arn}/index/{name}" for name in names)))
    if access.results:
        statements.append(allow(access.results, data.media.arn_for_objects("results/*")))
    return statements + to_key(data)


def to_key(data: Data) -> list[iam.PolicyStatement]:
    """Return the right to use the stage's own key, if it has one, but only through the two stores."""
    if not data.key:
        return []
    region = Stack.of(data).region
    services = [f"{service}.{region}.amazonaws.com" for service in ("dynamodb", "s3")]
    return [
        iam.PolicyStatement(
            actions=list(_KEY_ACTIONS),
            resources=[data.key.key_arn],
            conditions={"StringEquals": {"kms:ViaService": services}},
        )
    ]


def to_read_stream(data: Data) -> list[iam.PolicyStatement]:
    jobs = data.tables["Jobs"]
    stream = jobs.table_stream_arn or ""
    return [
        allow(_STREAM_ACTIONS, stream),
        allow(["dynamodb:ListStreams"], f"{jobs.table_arn}/stream/*"),
        *to_key(data),
    ]


def to_invoke(scope: Construct, *names: str) -> iam.PolicyStatement:
    """Return the right to invoke functions by their names, without their versions and aliases."""
    return allow(["lambda:InvokeFunction"], *(_arn(scope, "lambda", "function", name) for name in names))


def to_read_secret(scope: Construct, name: str) -> iam.PolicyStatement:
    """Return the right to read a secret by its name; Secrets Manager ends its ARN with six characters of its own."""
    return allow(["secretsmanager:GetSecretValue"], _arn(scope, "secretsmanager", "secret", f"{name}-??????"))


def _arn(scope: Construct, service: str, kind: str, name: str) -> str:
    return Stack.of(scope).format_arn(
        service=service, resource=kind, resource_name=name, arn_format=ArnFormat.COLON_RESOURCE_NAME
    )
