"""The reconciler of accounts: makes Cognito follow people's rows, and removes those who leave."""

from infra import attributes
from infra.access import DELETE, END, ERASE, FIND, GET, GET_MANY, PUT, QUERY, UPDATE, Access
from infra.cognito import SYNC_USER
from infra.declaration import FunctionSpec, Schedule
from studio.settings.people import AccountsReconciler

FUNCTION = FunctionSpec(
    name="accounts-reconciler",
    stack="jobs",
    handler="resolvers.timers.accounts_reconciler.handler",
    group="api",
    settings=AccountsReconciler,
    timeout=55,  # shorter than its schedule's minute, so that two runs do not overlap
    trigger=Schedule(),
    access=Access(
        tables={
            "Jobs": (GET, UPDATE, DELETE),
            "Uploads": (GET, UPDATE, DELETE),
            "PaymentEvents": (UPDATE,),
            **END,
            "Requests": (GET, QUERY, UPDATE, DELETE),
            "People": (GET, GET_MANY, UPDATE),
            "Usage": (QUERY, UPDATE, DELETE),
            "Payments": (GET, UPDATE),
            "Orders": (GET, UPDATE),
            "OrderDocuments": (QUERY, DELETE),
            "Quotes": (QUERY, DELETE),
            "Audit": (PUT,),
            "Documents": (GET, UPDATE, DELETE),
            "Photos": (QUERY, DELETE),
        },
        indexes={
            "Jobs": ("byOwner",),
            "Uploads": ("byOwner",),
            "Documents": ("byOwner",),
            "People": ("unsettled",),
            "Payments": ("byOwner",),
            "Orders": ("byCustomer",),
            "PaymentEvents": ("byPayment",),
        },
        objects={
            **dict.fromkeys(
                ("incoming", "uploads", "quarantine", "results", "resized", "signed", "inference/input"), (ERASE,)
            ),
            **dict.fromkeys(("documents", "avatars"), (FIND, ERASE)),
        },
        changes={"Jobs": attributes.LEAVE, "People": attributes.SYNC_COGNITO},
    ),
    users=(*SYNC_USER, "AdminDeleteUser"),
)
