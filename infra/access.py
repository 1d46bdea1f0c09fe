"""Rights, as data: on tables by action, on images by prefix, and those that several functions have in common."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

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
# Whose an object is stands in a tag, which who stores it gives it.
TAG, READ_TAGS = "s3:PutObjectTagging", "s3:GetObjectTagging"
# With it S3 says that an object is not there; without it, that reading is forbidden, as where a right got lost.
FIND = "s3:ListBucket"

# What links are signed for; nothing else of the bucket can be read through CloudFront.
READABLE = ("results", "resized", "signed", "uploads", "documents", "avatars")

Actions = tuple[str, ...]


@dataclass(frozen=True)
class Right:
    """A statement of an IAM policy: actions allowed on resources; `why` explains the wildcards among the resources."""

    actions: Sequence[str]
    resources: Sequence[str]
    why: str | None = None
    conditions: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Access:
    """One function's rights: actions by table, the indexes it may query, actions by prefix of the bucket.

    `changes` holds updates of a table to these attributes of its rows.
    """

    tables: Mapping[str, Actions] = field(default_factory=dict[str, Actions])
    indexes: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    objects: Mapping[str, Actions] = field(default_factory=dict[str, Actions])
    changes: Mapping[str, Attributes] = field(default_factory=dict[str, Attributes])


# A transaction needs the right of each of its parts; a refund is the same transaction wherever it is made.
REFUND: Mapping[str, Actions] = {
    "People": (GET, UPDATE),
    "Ledger": (PUT, CHECK),
    "Usage": (UPDATE,),
    "Requests": (UPDATE,),
}

# Where a job's own row cannot be read, what it took is in the ledger's line, or its request.
END: Mapping[str, Actions] = {**REFUND, "Ledger": (GET, PUT, CHECK), "Requests": (GET, UPDATE)}

# Whoever comes for the first time gets a row, wherever they come first; others may have had their address before.
CREATE_PERSON: Mapping[str, Actions] = {
    "People": (GET, PUT, UPDATE),
    "Ledger": (PUT,),
    "Usage": (GET_MANY, PUT),
    "Addresses": (GET_MANY, PUT, UPDATE, CHECK),
}

# What an event of a payment's provider changes, all in one transaction, and the audit record of it.
SETTLE: Mapping[str, Actions] = {
    "Payments": (GET, UPDATE),
    "People": (GET, UPDATE),
    "Ledger": (PUT,),
    "Orders": (GET, UPDATE),
    "Audit": (PUT,),
}

# What it takes to bring an order on, by one step or to its end: neither what was made nor the printer.
FULFIL: Mapping[str, Actions] = {
    "Orders": (GET, UPDATE),
    "OrderDocuments": (QUERY, DELETE),
    "Jobs": (GET_MANY, PUT),
    "PrintOrders": (GET, PUT),
    "Payments": (GET, UPDATE),
    "Audit": (PUT,),
}


def own_results(worker: str) -> dict[str, Actions]:
    """Return the rights on what a worker stores, and drops with its smaller sizes where it came too late."""
    return {f"results/{worker}": (READ, FIND, WRITE, TAG, ERASE), f"resized/{worker}": (ERASE,)}


def worker(name: str, *, objects: Mapping[str, Actions]) -> Access:
    """Return the rights of a worker that stores what it makes; `objects` are those that it reads."""
    return Access(
        tables={"Jobs": (GET, GET_MANY, UPDATE)},
        objects={**own_results(name), **objects},
        changes={"Jobs": attributes.MAKE},
    )


# The images that a job works on.
INPUTS: Mapping[str, Actions] = dict.fromkeys(("uploads", "results", "resized"), (READ, FIND))
