"""Who may touch which table, by which action: the one table that every function's role is made from."""

from collections.abc import Mapping
from dataclasses import dataclass, field

GET, GET_MANY, QUERY = "dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query"
PUT, UPDATE, DELETE, CHECK = (
    "dynamodb:PutItem",
    "dynamodb:UpdateItem",
    "dynamodb:DeleteItem",
    "dynamodb:ConditionCheckItem",
)

Actions = tuple[str, ...]


@dataclass(frozen=True)
class Access:
    """One function's rights on the data: actions by table, the indexes it may query, and actions below `results/`."""

    tables: Mapping[str, Actions]
    indexes: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    results: Actions = ()


# A transaction needs the right of each of its parts; a refund is the same transaction wherever it is made.
_REFUND: Mapping[str, Actions] = {"People": (GET, UPDATE), "Ledger": (PUT,), "Usage": (UPDATE,)}

ACCESS: Mapping[str, Access] = {
    "jobs-api": Access(
        tables={
            "Jobs": (GET, GET_MANY, PUT, UPDATE, DELETE),
            "People": (GET, PUT, UPDATE),
            "Ledger": (PUT,),
            "Requests": (GET, PUT),
            "Usage": (GET, UPDATE),
        },
        indexes={"Jobs": ("byOwner", "byStatus")},
        results=("s3:GetObject", "s3:DeleteObject"),
    ),
    "people-api": Access(
        tables={"People": (GET, PUT, UPDATE), "Ledger": (PUT,), "Requests": (PUT,), "Usage": (GET,)},
        indexes={"Ledger": ("byTime",)},
    ),
    "sign-up": Access(tables={"People": (PUT,), "Ledger": (PUT,)}),
    "jobs-stream": Access(tables={"Jobs": (UPDATE,), **_REFUND}),
    "publish": Access(tables={}, results=("s3:GetObject",)),
    "sweeper": Access(tables={"Jobs": (GET_MANY, UPDATE), **_REFUND}, indexes={"Jobs": ("open",)}),
    "vertex": Access(tables={"Jobs": (GET, GET_MANY, UPDATE)}, results=("s3:PutObject", "s3:DeleteObject")),
}
