"""The fields of people: themselves, their points, and what administrators do."""

from infra.access import CHECK, GET, GET_MANY, NEWCOMER, PUT, QUERY, UPDATE, Access
from infra.cognito import FOLLOW_ROW, LOOK_UP
from infra.declaration import Fields, FunctionSpec
from studio.settings import PeopleApi

FUNCTION = FunctionSpec(
    name="people-api",
    stack="api",
    handler="resolvers.fields.people.handler",
    group="api",
    settings=PeopleApi,
    timeout=20,  # Cognito may take some seconds to follow
    trigger=Fields(
        "people",
        (
            "Query.me",
            "Query.usage",
            "Query.pointsHistory",
            "Query.pointsHistoryOf",
            "Query.user",
            "Query.users",
            "Query.auditTrail",
            "Mutation.grantPoints",
            "Mutation.updateMe",
            "Mutation.deleteMe",
            "Mutation.setRole",
            "Mutation.setDisabled",
        ),
    ),
    access=Access(
        tables={
            **NEWCOMER,
            "People": (GET, GET_MANY, PUT, UPDATE, CHECK),
            "Requests": (PUT,),
            "Usage": (GET_MANY, PUT, CHECK),
            "Audit": (GET_MANY, QUERY, PUT),
        },
        indexes={"Ledger": ("byTime",), "People": ("EmailIndex", "everybody"), "Audit": ("bySubject",)},
    ),
    users=(*LOOK_UP, *FOLLOW_ROW),
    invokes=("accounts-reconciler",),
)
