"""The committed schema as AppSync takes it, beneath its own scalars and directives; and operations made from it."""

from functools import cache
from pathlib import Path

from graphql import GraphQLField, GraphQLObjectType, GraphQLSchema, build_schema, get_named_type

DEPLOYED = Path(__file__).parents[1] / "schema" / "schema.graphql"

APPSYNC_PRELUDE = """
scalar AWSDate scalar AWSTime scalar AWSDateTime scalar AWSTimestamp scalar AWSEmail
scalar AWSJSON scalar AWSURL scalar AWSPhone scalar AWSIPAddress
directive @aws_api_key on OBJECT | FIELD_DEFINITION
directive @aws_iam on OBJECT | FIELD_DEFINITION
directive @aws_oidc on OBJECT | FIELD_DEFINITION
directive @aws_lambda on OBJECT | FIELD_DEFINITION
directive @aws_cognito_user_pools(cognito_groups: [String!]) on OBJECT | FIELD_DEFINITION
directive @aws_auth(cognito_groups: [String!]!) on FIELD_DEFINITION
directive @aws_subscribe(mutations: [String!]!) on FIELD_DEFINITION
"""


@cache
def committed() -> GraphQLSchema:
    """Return the schema, validated."""
    return build_schema(APPSYNC_PRELUDE + DEPLOYED.read_text())


def operation(schema: GraphQLSchema, name: str, *arguments: str) -> str:
    """Write the operation that asks one root field (`Query.job`) for everything its answer can hold.

    It passes the arguments that are named here; all that there are where none is.
    """
    root, field_name = name.split(".")
    type_ = schema.get_type(root)
    assert isinstance(type_, GraphQLObjectType)
    field = type_.fields[field_name]
    names = arguments or tuple(field.args)
    declared = ", ".join(f"${argument}: {field.args[argument].type}" for argument in names)
    passed = ", ".join(f"{argument}: ${argument}" for argument in names)
    head = f"{root.lower()} ({declared})" if declared else root.lower()
    call = f"{field_name}({passed})" if passed else field_name
    return f"{head} {{ {call}{_everything(field)} }}"


def _everything(field: GraphQLField) -> str:
    type_ = get_named_type(field.type)
    if not isinstance(type_, GraphQLObjectType):
        return ""
    return f" {{ {' '.join(name + _everything(inner) for name, inner in type_.fields.items())} }}"
