"""The errors a client can see: a type for programs, a sentence for a person."""

from enum import StrEnum


class ErrorType(StrEnum):
    """The `errorType` of a GraphQL error that the studio itself raises."""

    COUNT_OUT_OF_RANGE = "COUNT_OUT_OF_RANGE"
    PROMPT_EMPTY = "PROMPT_EMPTY"
    PROMPT_TOO_LONG = "PROMPT_TOO_LONG"
    SIZE_NOT_SUPPORTED = "SIZE_NOT_SUPPORTED"
    KIND_NOT_SUPPORTED = "KIND_NOT_SUPPORTED"
    SEED_OUT_OF_RANGE = "SEED_OUT_OF_RANGE"
    WAIT_OUT_OF_RANGE = "WAIT_OUT_OF_RANGE"
    TEXT_MALFORMED = "TEXT_MALFORMED"
    LIMIT_OUT_OF_RANGE = "LIMIT_OUT_OF_RANGE"
    LINK_MALFORMED = "LINK_MALFORMED"
    DAY_MALFORMED = "DAY_MALFORMED"
    ID_MALFORMED = "ID_MALFORMED"
    PAGE_TOKEN_INVALID = "PAGE_TOKEN_INVALID"  # noqa: S105 - a name, not a secret
    REQUEST_ID_MALFORMED = "REQUEST_ID_MALFORMED"
    REQUEST_ID_REUSED = "REQUEST_ID_REUSED"
    REQUEST_DELETED = "REQUEST_DELETED"
    MASK_MISSING = "MASK_MISSING"
    EDIT_MODE_MISMATCH = "EDIT_MODE_MISMATCH"
    OUTPAINT_OUT_OF_RANGE = "OUTPAINT_OUT_OF_RANGE"
    CAMERA_OUT_OF_RANGE = "CAMERA_OUT_OF_RANGE"
    TOO_MANY_REFERENCES = "TOO_MANY_REFERENCES"
    FILE_NAME_MALFORMED = "FILE_NAME_MALFORMED"
    FILE_TYPE_NOT_SUPPORTED = "FILE_TYPE_NOT_SUPPORTED"
    FILE_EMPTY = "FILE_EMPTY"
    FILE_TOO_LARGE = "FILE_TOO_LARGE"
    TOO_MANY_UPLOADS = "TOO_MANY_UPLOADS"
    UPLOAD_UNKNOWN = "UPLOAD_UNKNOWN"
    UPLOAD_NOT_READY = "UPLOAD_NOT_READY"
    UPLOAD_REJECTED = "UPLOAD_REJECTED"
    MODEL_UNKNOWN = "MODEL_UNKNOWN"
    MODEL_RETIRED = "MODEL_RETIRED"
    MODEL_ADMIN_ONLY = "MODEL_ADMIN_ONLY"
    POINTS_NOT_ENOUGH = "POINTS_NOT_ENOUGH"
    POINTS_OUT_OF_RANGE = "POINTS_OUT_OF_RANGE"
    NOTE_MALFORMED = "NOTE_MALFORMED"
    USER_UNKNOWN = "USER_UNKNOWN"
    USER_DISABLED = "USER_DISABLED"
    GENERATION_CLOSED = "GENERATION_CLOSED"
    JOB_UNKNOWN = "JOB_UNKNOWN"
    JOB_NOT_COMPLETED = "JOB_NOT_COMPLETED"
    JOB_NOT_FINISHED = "JOB_NOT_FINISHED"
    JOB_NOT_FAILED = "JOB_NOT_FAILED"
    NAME_MALFORMED = "NAME_MALFORMED"
    USER_NOT_NAMED = "USER_NOT_NAMED"
    USER_IS_SELF = "USER_IS_SELF"
    SECOND_FACTOR_MISSING = "SECOND_FACTOR_MISSING"
    TOO_MANY_RUNNING = "TOO_MANY_RUNNING"
    PACKAGE_UNKNOWN = "PACKAGE_UNKNOWN"
    ORDER_UNKNOWN = "ORDER_UNKNOWN"
    GOODS_AMBIGUOUS = "GOODS_AMBIGUOUS"
    CURRENCY_NOT_SUPPORTED = "CURRENCY_NOT_SUPPORTED"
    RETURN_URL_NOT_ALLOWED = "RETURN_URL_NOT_ALLOWED"
    TOO_MANY_PAYMENTS = "TOO_MANY_PAYMENTS"
    PROVIDER_UNAVAILABLE = "PROVIDER_UNAVAILABLE"
    PAYMENT_NOT_IN_REVIEW = "PAYMENT_NOT_IN_REVIEW"
    RATE_UNKNOWN = "RATE_UNKNOWN"
    RATE_OUT_OF_RANGE = "RATE_OUT_OF_RANGE"
    UNAUTHORIZED = "UNAUTHORIZED"
    BUSY = "BUSY"
    UNREADABLE = "UNREADABLE"
    INTERNAL = "INTERNAL"


class ContendedError(Exception):
    """Others changed the same rows at every try, and nothing was written; clients are answered BUSY."""


class UnreadableError(Exception):
    """What is kept, or was received, can be neither answered nor acted on; the message names the attribute.

    Reading it again does not help: it is put aside, and clients who ask for it are answered UNREADABLE.
    """


class StudioError(Exception):
    """A refusal the client may read: nothing was charged and nothing was written.

    Parameters
    ----------
    type_
        What programs switch on.
    message
        One sentence for a person; no internals, no prompt.
    """

    def __init__(self, type_: ErrorType, message: str) -> None:
        super().__init__(message)
        self.type = type_
        self.message = message
