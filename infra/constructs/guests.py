"""What those may ask who come through the identity pool: the public fields, whether or not they are signed in.

Who is signed in asks everything else with the token of the user pool.
"""

import re
from collections.abc import Sequence

from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_iam as iam
from constructs import Construct

from infra.constructs.interfaces import as_interface
from infra.constructs.permissions import Right, grant

_COGNITO = "cognito-identity.amazonaws.com"
_ROOT = re.compile(r"^type (Query|Mutation|Subscription) \{\n(.*?)^\}", re.MULTILINE | re.DOTALL)
_PUBLIC = re.compile(r"^  (\w+)\b.* @aws_api_key\b", re.MULTILINE)


def public_fields(schema: str) -> list[str]:
    """Return the root fields, `Type.name`, that the printed schema opens to everybody."""
    return [f"{root[1]}.{field}" for root in _ROOT.finditer(schema) for field in _PUBLIC.findall(root[2])]


def admit(scope: Construct, pool: cognito.CfnIdentityPool, field_arns: Sequence[str]) -> None:
    """Give the pool's identities roles that may ask these fields and nothing else."""
    kinds = {"authenticated": "SignedInRole", "unauthenticated": "GuestRole"}
    roles = {kind: _role(scope, id_, pool, kind) for kind, id_ in kinds.items()}
    for role in roles.values():
        grant(role, Right(["appsync:GraphQL"], field_arns))
    arns = {kind: role.role_arn for kind, role in roles.items()}
    cognito.CfnIdentityPoolRoleAttachment(scope, "GuestRoles", identity_pool_id=pool.ref, roles=arns)


def _role(scope: Construct, id_: str, pool: cognito.CfnIdentityPool, kind: str) -> iam.Role:
    conditions = {
        "StringEquals": {f"{_COGNITO}:aud": pool.ref},
        "ForAnyValue:StringLike": {f"{_COGNITO}:amr": kind},
    }
    return iam.Role(scope, id_, assumed_by=as_interface(iam.WebIdentityPrincipal(_COGNITO, conditions)))
