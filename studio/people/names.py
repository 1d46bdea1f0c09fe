"""What a person may be called."""

from studio import text
from studio.errors import ErrorType, StudioError

MAX_NAME = 100


def checked_name(name: str | None) -> str | None:
    """Trim a name, and compose its letters; None takes it away.

    Raises
    ------
    StudioError
        NAME_MALFORMED.
    """
    if name is None:
        return None
    trimmed = text.composed(name.strip())
    if flaw := text.flaw_of_name(trimmed, MAX_NAME):
        raise StudioError(ErrorType.NAME_MALFORMED, f"A name {flaw}.", **text.limit_of_name(trimmed, MAX_NAME))
    return trimmed


def name_or_none(name: str | None) -> str | None:
    """Return a name that nobody checked, or None for one that would be refused."""
    try:
        return checked_name(name)
    except StudioError:
        return None
