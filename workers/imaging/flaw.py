"""Why a picture cannot be used: a type for programs, a sentence for a person."""

from collections.abc import Generator
from contextlib import contextmanager
from enum import StrEnum


class Flaw(StrEnum):
    """What is wrong with a file."""

    EMPTY = "EMPTY"
    TOO_MANY_BYTES = "TOO_MANY_BYTES"
    NOT_A_PICTURE = "NOT_A_PICTURE"
    OTHER_TYPE = "OTHER_TYPE"
    TOO_MANY_PIXELS = "TOO_MANY_PIXELS"
    TOO_COSTLY = "TOO_COSTLY"
    ANIMATED = "ANIMATED"
    UNSUPPORTED = "UNSUPPORTED"
    DAMAGED = "DAMAGED"
    MASK_EMPTY = "MASK_EMPTY"


class UnfitError(Exception):
    """A file that cannot be used.

    Parameters
    ----------
    flaw
        What programs switch on.
    message
        One sentence for a person.
    """

    def __init__(self, flaw: Flaw, message: str) -> None:
        super().__init__(message)
        self.flaw = flaw
        self.message = message


@contextmanager
def judging() -> Generator[None]:
    """Whatever fails in here is the file's fault: a decoder may raise anything at bytes that it did not expect."""
    try:
        yield
    except UnfitError:
        raise
    except MemoryError as error:
        raise too_costly() from error
    except Exception as error:
        raise damaged() from error


def damaged() -> UnfitError:
    return UnfitError(Flaw.DAMAGED, "The picture is damaged or incomplete; save it again.")


def too_costly() -> UnfitError:
    return UnfitError(
        Flaw.TOO_COSTLY,
        "The picture is stored in a way that costs too much to open; save it smaller, or as an ordinary JPEG.",
    )


def too_many_pixels(most: int) -> UnfitError:
    return UnfitError(
        Flaw.TOO_MANY_PIXELS, f"The picture has more than {most // 1_000_000} megapixels; save it smaller."
    )


def animated() -> UnfitError:
    return UnfitError(Flaw.ANIMATED, "Moving pictures cannot be used; please send a single picture.")


def unsupported(kind: str) -> UnfitError:
    return UnfitError(Flaw.UNSUPPORTED, f"This kind of {kind} file cannot be opened; save it as an ordinary {kind}.")
