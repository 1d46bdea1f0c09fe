"""Why an administrator did something, in their words."""

from studio import text
from studio.errors import ErrorType, StudioError

MAX_NOTE = 500


def checked_note(note: str) -> str:
    """Trim a note.

    Raises
    ------
    StudioError
        NOTE_MALFORMED.
    """
    trimmed = note.strip()
    if text.is_blank(trimmed) or len(trimmed) > MAX_NOTE:
        raise StudioError(
            ErrorType.NOTE_MALFORMED, f"A note of 1 to {MAX_NOTE} characters is needed.", min=1, max=MAX_NOTE
        )
    if flaw := text.flaw_beside(trimmed):
        raise StudioError(ErrorType.NOTE_MALFORMED, f"A note {flaw}.")
    return trimmed
