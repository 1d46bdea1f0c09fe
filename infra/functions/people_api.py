"""The fields of people: themselves, their points, and what administrators do."""

from infra.access import (
    CHECK,
    CREATE_PERSON,
    ERASE,
    FIND,
    GET,
    GET_MANY,
    PUT,
    QUERY,
    READ,
    UPDATE,
    WRITE,
    Access,
)
from infra.cognito import LOOK_UP, SYNC_USER
from infra.declaration import Fields, FunctionSpec
from studio.settings.people import PeopleApi

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
            "Subscription.onMe",
        ),
    ),
    access=Access(
        tables={
            **CREATE_PERSON,
            "People": (GET, GET_MANY, PUT, UPDATE, CHECK),
            "Requests": (PUT,),
            "Usage": (GET_MANY, PUT, CHECK),
            "Audit": (GET_MANY, QUERY, PUT),
            "Uploads": (GET_MANY,),
        },
        indexes={"Ledger": ("byTime",), "People": ("EmailIndex", "everybody"), "Audit": ("bySubject",)},
        # An avatar is copied from an upload.
        objects={**dict.fromkeys(("uploads", "resized"), (READ, FIND)), "avatars": (WRITE, ERASE)},
    ),
    users=(*LOOK_UP, *SYNC_USER),
    invokes=("accounts-reconciler",),
)
