"""Rights of roles: on named resources, and where there must be a wildcard, with the reason for it."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from aws_cdk import ArnFormat, Stack
from aws_cdk import aws_appsync as appsync
from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sqs as sqs

from infra.access import DELETE, FIND, PUT, QUERY, READ, UPDATE, WRITE, Access, Right
from infra.constructs.audit import explain
from infra.tables import APPEND_ONLY

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from constructs import Construct

    from infra.stacks.data import Data

# What DynamoDB and S3 do with our key in a caller's name.
_KEY_READS, _KEY_WRITES = ("kms:Decrypt", "kms:DescribeKey"), ("kms:Encrypt", "kms:GenerateDataKey")
_WRITES = {PUT, UPDATE, DELETE}
_AN_ID, _A_UUID = 16 * "?", "-".join(n * "?" for n in (8, 4, 4, 4, 12))
_IN_A_TRANSACTION = {"ForAnyValue:StringEquals": {"dynamodb:EnclosingOperation": ["TransactWriteItems"]}}
_STREAM_ACTIONS = ("dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator")
# A PutObject without `If-None-Match` is refused there, so that no role overwrites a picture.
_WRITTEN_ONCE = ("results/", "signed", "uploads")
_WHERE_NOTHING_IS = {"Null": {"s3:if-none-match": "false"}}


def grant(role: iam.Role, right: Right) -> None:
    """Put a right into a role's policy, and its reason where the audit finds it."""
    role.add_to_policy(
        iam.PolicyStatement(actions=list(right.actions), resources=list(right.resources), conditions=right.conditions)
    )
    for resource in right.resources:
        text = _plain(Stack.of(role).resolve(resource))
        if "*" in text and right.why:
            explain(role, f"AwsSolutions-IAM5[Resource::{text}]", right.why)


def to_data(data: Data, access: Access) -> list[Right]:
    """Return one function's rights on tables, indexes, images, and the key they are kept under."""
    rights = [right for table, actions in access.tables.items() for right in _on_table(data, access, table, actions)]
    for table, names in access.indexes.items():
        rights.append(Right([QUERY], [f"{data.table_arn(table)}/index/{name}" for name in names]))
    return [*rights, *_on_objects(data, access), *_to_find(data, access), *to_key(data, *_uses_of_key(access))]


def _on_objects(data: Data, access: Access) -> Iterator[Right]:
    """Yield the rights on images, a statement for all prefixes with the same actions: a role's policy has 10 KB."""
    why = "Images lie below the names of their job, their upload or its owner, which no policy can know."
    prefixes: defaultdict[tuple[str, ...], list[str]] = defaultdict(list)
    for prefix, actions in access.objects.items():
        once = [WRITE] if prefix.startswith(_WRITTEN_ONCE) and WRITE in actions else []
        if once:
            yield Right(once, [f"{data.media_arn}/{prefix}/*"], why, _WHERE_NOTHING_IS)
        prefixes[tuple(action for action in actions if action not in {FIND, *once})].append(prefix)
    for actions, below in prefixes.items():
        yield Right(actions, [f"{data.media_arn}/{prefix}/*" for prefix in below], why)


def _uses_of_key(access: Access) -> tuple[list[str], list[str]]:
    """Return the stores that a function reads, and those that it writes to: who writes reads there, too."""
    actions = {action for each in access.tables.values() for action in each}
    objects = {action for each in access.objects.values() for action in each}
    read = {"dynamodb": actions or access.indexes, "s3": objects & {READ, WRITE}}
    written = {"dynamodb": actions & _WRITES, "s3": objects & {WRITE}}
    return [store for store, found in read.items() if found], [store for store, found in written.items() if found]


def _on_table(data: Data, access: Access, table: str, actions: Sequence[str]) -> list[Right]:
    """Let a line be appended in a transaction only, and what is held to some attributes name no others.

    That a Put has a condition, no policy can ask.
    """
    held: dict[str, Mapping[str, Any]] = {PUT: _IN_A_TRANSACTION} if table in APPEND_ONLY else {}
    if table in access.changes:
        held[UPDATE] = {"ForAllValues:StringEquals": {"dynamodb:Attributes": sorted(access.changes[table])}}
    resources, rest = [data.table_arn(table)], [action for action in actions if action not in held]
    some = [Right([action], resources, conditions=how) for action, how in held.items() if action in actions]
    return [*some, *([Right(rest, resources)] if rest else [])]


def to_archive(data: Data) -> list[Right]:
    """Return the right to add to the archive, but not to write over anything in it."""
    why = "An object's name holds its line's, which no policy can know."
    return [Right([WRITE], [f"{data.archive_arn}/*"], why, conditions=_WHERE_NOTHING_IS)]


def _to_find(data: Data, access: Access) -> list[Right]:
    """Return the right to learn that an object is not there.

    S3 asks for it with the object's key as the prefix. One that must hold an id lists nothing to whoever knows none.
    """
    found = [shape for prefix, actions in access.objects.items() if FIND in actions for shape in _shapes(prefix)]
    condition = {"StringLike": {"s3:prefix": found}}
    return [Right([FIND], [data.media_arn], conditions=condition)] if found else []


def _shapes(prefix: str) -> list[str]:
    """Return how keys below a prefix begin, ids included: before those of what was made stand workers' names."""
    made = prefix in {"results", "resized", "signed"}
    return [f"{prefix}/{_A_UUID}*", f"{prefix}/*/{_A_UUID}*"] if made else [f"{prefix}/{_AN_ID}*"]


def to_key(data: Data, read: Sequence[str], written: Sequence[str] = ()) -> list[Right]:
    """Return the right to use the stage's own key, if it has one, but only through these stores."""
    if not data.key:
        return []
    return [
        Right(actions, [data.key.key_arn], conditions={"StringEquals": {"kms:ViaService": _services(data, stores)}})
        for actions, stores in ((_KEY_READS, read), (_KEY_WRITES, written))
        if stores
    ]


def _services(data: Data, stores: Sequence[str]) -> list[str]:
    return [f"{store}.{data.region}.amazonaws.com" for store in stores]


def to_read_streams(data: Data, *tables: str) -> list[Right]:
    why = "ListStreams is asked before a stream's own name is known; it is held to the table's."
    return [
        Right(_STREAM_ACTIONS, [data.stream_arn(table) for table in tables]),
        Right(["dynamodb:ListStreams"], [f"{data.table_arn(table)}/stream/*" for table in tables], why),
        *to_key(data, ["dynamodb"]),
    ]


def to_invoke(scope: Construct, *names: str) -> list[Right]:
    """Return the right to invoke functions by their names, without their versions and aliases."""
    arns = [_arn(scope, "lambda", "function", name) for name in names]
    return [Right(["lambda:InvokeFunction"], arns)] if arns else []


def field_arn(api: appsync.CfnGraphQLApi, field: str) -> str:
    """Return the ARN of one root field, `Type.name`, as IAM knows it."""
    type_name, name = field.split(".")
    return f"{api.attr_arn}/types/{type_name}/fields/{name}"


def to_ask(api: appsync.CfnGraphQLApi | None, fields: Sequence[str]) -> list[Right]:
    """Return the right to ask the API for root fields."""
    return [Right(["appsync:GraphQL"], [field_arn(api, field) for field in fields])] if api and fields else []


def to_send(queues: Iterable[sqs.Queue]) -> list[Right]:
    """Return the right to put messages into queues."""
    return [Right(["sqs:SendMessage"], [queue.queue_arn]) for queue in queues]


def to_users(pool: cognito.UserPool | None, actions: Sequence[str]) -> list[Right]:
    """Return the right to these actions on the pool's users."""
    return [Right([f"cognito-idp:{action}" for action in actions], [pool.user_pool_arn])] if pool and actions else []


def to_read_secrets(scope: Construct, variables: Mapping[str, str]) -> list[Right]:
    """Return the rights to read the secrets that an environment names; their ARNs end with six characters more."""
    return [
        Right(["secretsmanager:GetSecretValue"], [_arn(scope, "secretsmanager", "secret", f"{name}-??????")])
        for variable, name in variables.items()
        if variable.endswith("_SECRET") and name
    ]


def to_log(group_arn: str) -> Right:
    """Return the right to write into one log group, which must exist: the right to make groups is in no role."""
    return Right(["logs:CreateLogStream", "logs:PutLogEvents"], [group_arn])


def _arn(scope: Construct, service: str, kind: str, name: str) -> str:
    return Stack.of(scope).format_arn(
        service=service, resource=kind, resource_name=name, arn_format=ArnFormat.COLON_RESOURCE_NAME
    )


def _plain(value: Any) -> str:
    """Return a template's value as the audit spells it: text as it is, references in angle brackets."""
    if isinstance(value, str):
        return value
    (function, argument), *_ = value.items()
    match function:
        case "Fn::Join":
            return argument[0].join(_plain(part) for part in argument[1])
        case "Ref":
            return f"<{argument}>"
        case "Fn::GetAtt":
            return f"<{'.'.join(argument)}>"
        case _:
            return _plain(argument)
