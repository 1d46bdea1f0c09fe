"""The committed schema, as AppSync would take it: beneath its own scalars and directives."""

from pathlib import Path

from graphql import GraphQLSchema, build_schema

DEPLOYED = Path(__file__).parents[3] / "schema" / "schema.graphql"

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


def committed() -> GraphQLSchema:
    """Return the schema, validated."""
    return build_schema(APPSYNC_PRELUDE + DEPLOYED.read_text())
