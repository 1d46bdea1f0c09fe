"""Cognito's triggers: a new person's row and first points, and everyone's address that they sign in with."""

from infra.access import CREATE_PERSON, Access
from infra.declaration import FunctionSpec, UserPoolTriggers
from studio.settings.people import SignUp

FUNCTION = FunctionSpec(
    name="sign-up",
    stack="auth",
    handler="resolvers.triggers.sign_up.handler",
    group="api",
    settings=SignUp,
    timeout=5,  # Cognito gives a trigger no more
    trigger=UserPoolTriggers(("postConfirmation", "postAuthentication")),
    access=Access(tables=CREATE_PERSON),
)
