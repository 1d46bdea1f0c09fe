"""What those may ask who come through the identity pool: the public fields, whether or not they are signed in.

Who is signed in asks everything else with the token of the user pool.
"""

import re
from collections.abc import Sequence

from aws_cdk import aws_cognito_identitypool as identitypool
from aws_cdk import aws_iam as iam
from constructs import Construct

_ROOT = re.compile(r"^type (Query|Mutation|Subscription) \{\n(.*?)^\}", re.MULTILINE | re.DOTALL)
_PUBLIC = re.compile(r"^  (\w+)\b.* @aws_api_key\b", re.MULTILINE)


def public_fields(schema: str) -> list[str]:
    """Return the root fields, `Type.name`, that the printed schema opens to everybody."""
    return [f"{root[1]}.{field}" for root in _ROOT.finditer(schema) for field in _PUBLIC.findall(root[2])]


def admit(scope: Construct, pool: identitypool.IdentityPool, field_arns: Sequence[str]) -> None:
    """Let the pool's identities ask these fields and nothing else."""
    iam.Policy(
        scope,
        "PublicFields",
        statements=[iam.PolicyStatement(actions=["appsync:GraphQL"], resources=list(field_arns))],
        roles=[pool.unauthenticated_role, pool.authenticated_role],
    )
