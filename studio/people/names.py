"""What a person may be called."""

from studio.errors import ErrorType, StudioError

MAX_NAME = 100


def checked_name(name: str | None) -> str | None:
    """Trim a name; None takes it away.

    Raises
    ------
    StudioError
        NAME_MALFORMED.
    """
    if name is None:
        return None
    trimmed = name.strip()
    if not 0 < len(trimmed) <= MAX_NAME or not trimmed.isprintable():
        raise StudioError(ErrorType.NAME_MALFORMED, f"A name has 1 to {MAX_NAME} printable characters.")
    return trimmed


def name_or_none(name: str | None) -> str | None:
    """Return a name that nobody checked, or None for one that would be refused."""
    try:
        return checked_name(name)
    except StudioError:
        return None
