"""The words by which an owner finds a job again."""

from collections.abc import Sequence

from studio import text
from studio.errors import ErrorType, StudioError

MAX_TAGS = 20
MAX_TAG = 50  # characters


def checked_tags(given: Sequence[str]) -> tuple[str, ...]:
    """Return the tags without the spaces around them, each once whatever its case.

    Raises
    ------
    StudioError
        TAG_MALFORMED, TOO_MANY_TAGS.
    """
    tags: dict[str, str] = {}
    for each in given:
        tag = text.composed(each).strip()
        if flaw := text.flaw_of_name(tag, MAX_TAG):
            raise StudioError(ErrorType.TAG_MALFORMED, f"A tag {flaw}.", **text.limit_of_name(tag, MAX_TAG))
        tags.setdefault(text.folded(tag), tag)
    if len(tags) > MAX_TAGS:
        raise StudioError(ErrorType.TOO_MANY_TAGS, f"There may be {MAX_TAGS} tags at most.", max=MAX_TAGS)
    return tuple(tags.values())
