"""Which attributes of a row a role may name in an update, where it has no business with the others.

Each set is what one step of `studio` writes and asks for; `tests/unit/test_attributes.py` holds the two together. A
role that may put whole rows would be held to nothing by this, and has none.
"""

Attributes = frozenset[str]


def _of(*names: str) -> Attributes:
    return frozenset(names)


# ---- Jobs: the steps of studio/jobs/states.py, and the pause of studio/sweeping.py

_UNSEEN = _of("id", "status", "version")
_STEP = _UNSEEN | _of("updatedAt", "history")
_CLAIM = _STEP | _of("lease", "claims", "prefixes", "due", "leaseEnd", "variants", "variantsOf")
_LEASE = _UNSEEN | _of("due", "leaseEnd")
_RELEASE = _of("id", "status", "lease", "leaseEnd")
_COMPLETE = _STEP | _of("image", "open", "due", "leaseEnd")
_FAIL = _STEP | _of("errorCode", "errorMessage", "due", "leaseEnd")
_REFUND = _STEP | _of("refundedAt", "open", "due", "doubt")
_WAIT = _UNSEEN | _of("due")
_PUT_OFF = _of("id", "due", "tries")
_DAMAGED = _FAIL | _of("open", "doubt", "claims", "prefixes", "lease", "image", "pdf", "variants", "variantsOf")

SUBMIT = _CLAIM | _LEASE | _RELEASE | _FAIL
MAKE = SUBMIT | _COMPLETE
RENDER = MAKE | _of("pdf")
RECEIVE_INFERENCE = _COMPLETE | _FAIL | _of("id", "status", "leaseEnd")
RESIZE = _STEP | _of("claims", "variants", "variantsOf")
REFUND = _REFUND
SWEEP = _REFUND | _WAIT | _PUT_OFF | _DAMAGED | _of("deletedAt")
LEAVE = _REFUND | _WAIT | _DAMAGED | _of("deletedAt")

# ---- Documents: what a picture that has come, or never will, changes; and that a preview is begun

ARRIVE = _of("id", "deletedAt", "arrived", "rejected", "renderings", "version")
PREVIEW = _of("id", "deletedAt", "renderings", "version", "jobs")

# ---- Orders: that there is something new for one

LOOK_AGAIN = _of("id", "status", "due", "open")

# ---- PrintOrders: what becomes of an order at the printer, and that it is to be asked for

_BECOMES = _of("id", "version", "recipient", "updatedAt", "printerId", "submittedAt", "state", "refusal", "trouble")
RECEIVE_CALLBACK = _of("id", "version", "printerId", "askedAt", "open", "due")
WITHDRAW_PRINT = _of("id", "version", "withdrawn", "open", "due")
PRINT = _BECOMES | _PUT_OFF | _of("askedAt", "unanswered", "open")

# ---- People: what moves points, and what Cognito has been brought in step with

CREDIT = _of("id", "points", "moves", "blocks", "cancels", "closedUntil", "closedBy")
SETTLE = _of("id", "points", "moves", "leftAt")
MAILING = _of("id", "mailing", "leftAt", "rev")
ORDER = _of("id", "ordering", "leftAt")
UNREACHABLE = _of("id", "unreachable", "leftAt")
SYNC_COGNITO = CREDIT | _of("rev", "signedOutAt", "unsettled", "since", "ahead", "tries", "leftAt")
