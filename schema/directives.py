"""Who may read what: AppSync's authorization directives, and the callers we grant things to.

A field's own directive replaces its type's. A type without one is readable in the API's default mode only, so
every object type and every root field here names its callers.
"""

import strawberry
from strawberry.schema_directive import Location

ADMIN_GROUP = "admin"
_PLACES = [Location.OBJECT, Location.FIELD_DEFINITION]


@strawberry.schema_directive(locations=_PLACES, name="aws_api_key", print_definition=False)
class ApiKey:
    pass


@strawberry.schema_directive(locations=_PLACES, name="aws_iam", print_definition=False)
class Iam:
    pass


@strawberry.schema_directive(locations=_PLACES, name="aws_cognito_user_pools", print_definition=False)
class CognitoUserPools:
    cognito_groups: list[str] | None = strawberry.directive_field(name="cognito_groups", default=strawberry.UNSET)


@strawberry.schema_directive(locations=[Location.FIELD_DEFINITION], name="aws_subscribe", print_definition=False)
class Subscribe:
    mutations: list[str]


USER = (CognitoUserPools(),)
ADMIN = (CognitoUserPools(cognito_groups=[ADMIN_GROUP]),)
# A guest of the identity pool comes with a signature, as the backend does; their role opens no other field.
PUBLIC = (ApiKey(), CognitoUserPools(), Iam())
SYSTEM = (Iam(),)

# What publishJob returns, the backend itself must be able to read: AppSync sends subscribers nothing else.
USER_AND_SYSTEM = (CognitoUserPools(), Iam())
