"""Where in somebody's boards a picture belongs."""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from studio import rows
from studio.errors import ErrorType, StudioError

if TYPE_CHECKING:
    from studio.inputs import BoardLinkInput

Link = Mapping[str, str]

_FIELDS = ("projectId", "boardId", "workflowId")
# One path segment of a Firestore document; Firestore keeps those with two _ at either end for itself.
_ID = re.compile(r"(?!__.*__$)[A-Za-z0-9_-]{1,128}")


def link_of(item: Any) -> Link:
    """Read a link as rows keep it."""
    row = rows.row(item)
    return {name: value for name in _FIELDS if (value := row.find(name, rows.text)) is not None}


def checked(given: "BoardLinkInput | None") -> Link | None:
    """Keep the ids that are set.

    Raises
    ------
    StudioError
        LINK_MALFORMED.
    """
    link = {name: value for name in _FIELDS if given and (value := given.get(name)) is not None}
    if not all(_ID.fullmatch(value) for value in link.values()):
        raise StudioError(
            ErrorType.LINK_MALFORMED,
            "An id of a link has 1 to 128 letters, digits, - and _, and not two _ at either end.",
        )
    return link or None
