"""Who may touch which table, by which action: the one table that every function's role is made from."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from infra import attributes
from infra.attributes import Attributes

GET, GET_MANY, QUERY = "dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query"
PUT, UPDATE, DELETE, CHECK = (
    "dynamodb:PutItem",
    "dynamodb:UpdateItem",
    "dynamodb:DeleteItem",
    "dynamodb:ConditionCheckItem",
)

READ, WRITE, ERASE = "s3:GetObject", "s3:PutObject", "s3:DeleteObject"
# With it S3 says that an object is not there; without it, that reading is forbidden, as where a right got lost.
FIND = "s3:ListBucket"

Actions = tuple[str, ...]


@dataclass(frozen=True)
class Access:
    """One function's rights: actions by table, the indexes it may query, actions by prefix of the bucket.

    `changes` holds updates of a table to these attributes of its rows.
    """

    tables: Mapping[str, Actions]
    indexes: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    objects: Mapping[str, Actions] = field(default_factory=dict[str, Actions])
    changes: Mapping[str, Attributes] = field(default_factory=dict[str, Attributes])


# A transaction needs the right of each of its parts; a refund is the same transaction wherever it is made.
_REFUND: Mapping[str, Actions] = {
    "People": (GET, UPDATE),
    "Ledger": (PUT, CHECK),
    "Usage": (UPDATE,),
    "Requests": (UPDATE,),
}

# Where a job's own row cannot be read, what it took is in the ledger's line, or its request.
_END: Mapping[str, Actions] = {**_REFUND, "Ledger": (GET, PUT, CHECK), "Requests": (GET, UPDATE)}

# Whoever comes for the first time gets a row, wherever they come first; others may have had their address before.
_NEWCOMER: Mapping[str, Actions] = {
    "People": (GET, PUT, UPDATE),
    "Ledger": (PUT,),
    "Usage": (GET_MANY, PUT),
    "Addresses": (GET_MANY, PUT, UPDATE),
}

# What an event of a payment's provider changes, all in one transaction, and the audit record of it.
_SETTLE: Mapping[str, Actions] = {
    "Payments": (GET, UPDATE),
    "People": (GET, UPDATE),
    "Ledger": (PUT,),
    "Audit": (PUT,),
}


# What a worker stores, and drops with its smaller sizes where it came too late, lies below its own name.
def _own_results(worker: str) -> dict[str, Actions]:
    return {f"results/{worker}": (READ, FIND, WRITE, ERASE), f"resized/{worker}": (ERASE,)}


def _worker(name: str, *, objects: Mapping[str, Actions]) -> Access:
    return Access(
        tables={"Jobs": (GET, GET_MANY, UPDATE)},
        objects={**_own_results(name), **objects},
        changes={"Jobs": attributes.MAKE},
    )


# The images that a job works on.
_INPUTS: Mapping[str, Actions] = dict.fromkeys(("uploads", "results", "resized"), (READ, FIND))

ACCESS: Mapping[str, Access] = {
    "jobs-api": Access(
        tables={
            **_NEWCOMER,
            "Jobs": (GET, GET_MANY, PUT, UPDATE, DELETE, CHECK),
            "Ledger": (GET, PUT, CHECK),
            "Requests": (GET, PUT, UPDATE),
            "Usage": (GET_MANY, PUT, UPDATE),
            "Uploads": (GET_MANY,),
        },
        indexes={"Jobs": ("byOwner", "byStatus")},
        objects={"results": (READ, ERASE), "resized": (READ, ERASE), "inference/input": (ERASE,)},
    ),
    "people-api": Access(
        tables={
            **_NEWCOMER,
            "People": (GET, GET_MANY, PUT, UPDATE, CHECK),
            "Requests": (PUT,),
            "Usage": (GET_MANY, PUT, CHECK),
            "Audit": (GET_MANY, QUERY, PUT),
        },
        indexes={"Ledger": ("byTime",), "People": ("EmailIndex", "everybody"), "Audit": ("bySubject",)},
    ),
    # A form and a link hold the rights of who signed them.
    "media-api": Access(
        tables={"Uploads": (GET_MANY, PUT, UPDATE, CHECK), "People": (GET,)},
        objects={"incoming": (WRITE,), "uploads": (READ,), "resized": (READ,)},
    ),
    "sign-up": Access(tables=_NEWCOMER),
    "jobs-stream": Access(
        tables={"Jobs": (UPDATE,), **_REFUND},
        changes={"Jobs": attributes.REFUND, "People": attributes.CREDIT},
    ),
    "publish": Access(tables={}, objects={"results": (READ,), "resized": (READ,)}),
    "archive": Access(tables={}),
    "sweeper": Access(
        tables={"Jobs": (GET, GET_MANY, UPDATE, DELETE), **_END},
        indexes={"Jobs": ("open",)},
        objects=dict.fromkeys(("results", "resized", "inference/input"), (ERASE,)),
        changes={"Jobs": attributes.SWEEP, "People": attributes.CREDIT},
    ),
    "accounts-reconciler": Access(
        tables={
            "Jobs": (GET, UPDATE, DELETE),
            "Uploads": (GET, UPDATE, DELETE),
            "PaymentEvents": (UPDATE,),
            **_END,
            "Requests": (GET, QUERY, UPDATE, DELETE),
            "People": (GET, GET_MANY, UPDATE),
            "Usage": (QUERY, UPDATE, DELETE),
        },
        indexes={
            "Jobs": ("byOwner",),
            "Uploads": ("byOwner",),
            "People": ("unsettled",),
            "Payments": ("byOwner",),
            "PaymentEvents": ("byPayment",),
        },
        objects=dict.fromkeys(("incoming", "uploads", "quarantine", "results", "resized", "inference/input"), (ERASE,)),
        changes={"Jobs": attributes.LEAVE, "People": attributes.FOLLOW},
    ),
    "payments-api": Access(
        tables={
            **_NEWCOMER,
            **_SETTLE,
            "Payments": (GET, GET_MANY, PUT, UPDATE),
            "PaymentEvents": (GET_MANY,),
            "People": (GET, PUT, UPDATE, CHECK),
            "Requests": (GET, PUT),
            "Rates": (GET, UPDATE),
        },
        indexes={"Payments": ("byOwner", "byStatus"), "PaymentEvents": ("byPayment", "open")},
    ),
    "webhooks": Access(
        tables={**_SETTLE, "PaymentEvents": (PUT, UPDATE)},
        indexes={"Payments": ("byReference",)},
        changes={"People": attributes.SETTLE},
    ),
    "payments-reconciler": Access(
        tables={**_SETTLE, "Payments": (GET, GET_MANY, UPDATE), "PaymentEvents": (GET_MANY, PUT, UPDATE)},
        indexes={"Payments": ("byReference", "open"), "PaymentEvents": ("open",)},
        changes={"People": attributes.SETTLE},
    ),
    "rates": Access(tables={"Rates": (GET, UPDATE)}),
    "vertex": _worker("vertex", objects=_INPUTS),
    "bedrock": _worker("bedrock", objects=_INPUTS),
    # Their models look at no images.
    "sagemaker": Access(
        tables={"Jobs": (GET, GET_MANY, UPDATE)},
        objects={"inference/input": (WRITE,)},
        changes={"Jobs": attributes.SUBMIT},
    ),
    "sagemaker-done": Access(
        tables={"Jobs": (GET, UPDATE)},
        objects={**_own_results("sagemaker"), "inference/output": (READ, FIND, ERASE)},
        changes={"Jobs": attributes.HEAR},
    ),
    "browser": _worker("browser", objects={}),
    "resizer": Access(
        tables={"Jobs": (GET, UPDATE), "Uploads": (GET, UPDATE)},
        objects={
            "incoming": (READ, FIND, ERASE),
            "uploads": (READ, FIND, WRITE, ERASE),
            "results": (READ, FIND),
            "resized": (WRITE, ERASE),
            "quarantine": (WRITE,),
        },
        changes={"Jobs": attributes.RESIZE},
    ),
    "boards": Access(tables={"Jobs": (GET,), "Uploads": (GET,)}),
}
