"""Our ids: random UUIDs, which hold 122 random bits, so that nobody can guess one."""

import re
import uuid

from studio.errors import ErrorType, StudioError

_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")


def new() -> str:
    return str(uuid.uuid4())


def derived(*ids: str) -> str:
    """Return what always comes of these ids, and tells nobody who lacks one of them which it is."""
    return str(uuid.uuid5(uuid.NAMESPACE_OID, "/".join(ids)))


def is_id(text: str) -> bool:
    """Tell whether a text could be an id of ours."""
    return _ID.fullmatch(text) is not None


def checked(id_: str) -> str:
    """Refuse what cannot be an id of ours.

    Raises
    ------
    StudioError
        ID_MALFORMED.
    """
    if not is_id(id_):
        raise StudioError(ErrorType.ID_MALFORMED, "This is not an id that the studio gave.")
    return id_
