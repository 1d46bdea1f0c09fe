"""Whole numbers in text from outside. Python reads more as one: signs, spaces, `_`, other scripts' digits."""

import re

_WHOLE = re.compile(r"0|[1-9][0-9]{0,17}")


def whole(text: str) -> int | None:
    """Return the number that a text writes in ASCII digits as programs do, of 18 digits at most; None for all else."""
    return int(text) if _WHOLE.fullmatch(text) else None
