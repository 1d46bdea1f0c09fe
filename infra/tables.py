"""The tables, as data. A key is its attribute's name and type (S or N)."""

from collections.abc import Sequence
from dataclasses import dataclass

Key = tuple[str, str]


@dataclass(frozen=True)
class Index:
    """A secondary index; it holds the keys alone, and what `include` names."""

    name: str
    partition: Key
    sort: Key | None = None
    include: tuple[str, ...] = ()


@dataclass(frozen=True)
class TableSpec:
    """A table.

    `by_time` adds a local index of each partition's whole rows by their `at`: unlike the other indexes, it can be read
    consistently. `expires` names the attribute (epoch seconds) after which a row is removed. A
    table that is `append_only` streams its lines to the archive, and lets nobody update or delete them.
    """

    name: str
    partition: Key
    sort: Key | None = None
    indexes: tuple[Index, ...] = ()
    by_time: bool = False
    stream: bool = False
    append_only: bool = False
    expires: str | None = None


_BY_OWNER = Index("byOwner", ("owner", "S"), ("createdAt", "S"))
# What a client missed while it was away.
_BY_CHANGE = Index("byChange", ("owner", "S"), ("updatedAt", "S"))
# One person's albums, or their collages: what is being deleted has left it.
_BY_LIST = Index("byOwner", ("list", "S"), ("createdAt", "S"))
_BY_STATUS = Index("byStatus", ("status", "S"), ("createdAt", "S"))
# Sparse: only what is unfinished carries `open`, so who sweeps reads what is due and nothing else.
_OPEN = Index("open", ("open", "S"), ("due", "N"), include=("status",))
_DUE = Index("open", ("open", "S"), ("due", "N"))
_BY_EMAIL = Index("EmailIndex", ("email", "S"))
# Everybody who has not left, newest first.
_EVERYBODY = Index("everybody", ("listed", "S"), ("createdAt", "S"))
# Sparse: those whose row has run ahead of Cognito, or who are leaving.
_UNSETTLED = Index("unsettled", ("unsettled", "S"), ("since", "S"))
_BY_PAYMENT = Index("byPayment", ("paymentId", "S"), ("at", "S"))
_BY_PRINTER_ID = Index("byPrinterId", ("printerId", "S"))
_BY_SUBJECT = Index("bySubject", ("subject", "S"), ("record", "S"))
_BY_CUSTOMER = Index("byCustomer", ("customer", "S"), ("createdAt", "S"))
# One customer's orders in one status.
_BY_CUSTOMER_STATUS = Index("byCustomerStatus", ("list", "S"), ("createdAt", "S"))

TABLES: Sequence[TableSpec] = (
    TableSpec(
        "Jobs", ("id", "S"), indexes=(_BY_OWNER, _BY_CHANGE, _BY_STATUS, _OPEN), stream=True, expires="expiresAt"
    ),
    TableSpec("People", ("id", "S"), indexes=(_BY_EMAIL, _EVERYBODY, _UNSETTLED), stream=True),
    # What is remembered of addresses, by a keyed hash; never expires, as a grant is given once.
    TableSpec("Addresses", ("address", "S")),
    TableSpec("Ledger", ("owner", "S"), ("entry", "S"), by_time=True, stream=True, append_only=True),
    # A request's mark never expires: asking again with its id is safe for ever.
    TableSpec("Requests", ("owner", "S"), ("request", "S")),
    TableSpec("Uploads", ("id", "S"), indexes=(_BY_OWNER,), stream=True, expires="expiresAt"),
    # Albums and collages, and what they hold: a document's pictures are one partition.
    TableSpec("Documents", ("id", "S"), indexes=(_BY_LIST, _DUE), stream=True),
    TableSpec("Photos", ("document", "S"), ("id", "S")),
    # What models made here, by the look of it; each row goes with its job's.
    TableSpec("Fingerprints", ("bucket", "S"), ("job", "S"), expires="expiresAt"),
    TableSpec("Usage", ("owner", "S"), ("day", "S"), expires="expiresAt"),
    # And which payment each transaction at a provider paid.
    TableSpec("Payments", ("id", "S"), indexes=(_BY_OWNER, _BY_STATUS, _OPEN), stream=True),
    # What providers sent us, kept before it is acted on.
    TableSpec("PaymentEvents", ("id", "S"), indexes=(_BY_PAYMENT, _OPEN), expires="expiresAt"),
    # Orders of documents; what was never paid expires, the others are the books.
    TableSpec(
        "Orders",
        ("id", "S"),
        indexes=(_BY_CUSTOMER, _BY_CUSTOMER_STATUS, _BY_STATUS, _DUE),
        stream=True,
        expires="expiresAt",
    ),
    # What is rendered for an order: its documents as they were when it was made.
    TableSpec("OrderDocuments", ("order", "S"), ("id", "S")),
    # Orders at the printer, until they are over; each holds whom it goes to as long as the printer does not.
    TableSpec("PrintOrders", ("id", "S"), indexes=(_BY_PRINTER_ID, _DUE), stream=True),
    # What was said that orders would cost: a partition for each person.
    TableSpec("Quotes", ("owner", "S"), ("id", "S"), expires="expiresAt"),
    TableSpec("Rates", ("pair", "S")),
    # Which events were mailed of; never expires, as a message may come back from the dead letters at any time.
    TableSpec("Mails", ("mail", "S")),
    TableSpec("Audit", ("day", "S"), ("record", "S"), indexes=(_BY_SUBJECT,), stream=True, append_only=True),
)
APPEND_ONLY = tuple(spec.name for spec in TABLES if spec.append_only)
