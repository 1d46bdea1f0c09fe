"""Looking at what a provider sent before anybody pays for it."""

from studio.media.keys import original_key
from studio.media.model import StoredImage
from workers import memory_needs
from workers.imaging import guard
from workers.imaging.flaw import UnfitError
from workers.memory import memory
from workers.outcome import UNUSABLE, FinalError


def inspect(prefix: str, content: bytes) -> StoredImage:
    """Decode an image whole, so that a truncated one is found now, and say what it is: an image below `prefix`.

    Raises
    ------
    FinalError
        The bytes are no image we keep.
    """
    try:
        candidate = guard.look(content, max_bytes=guard.MAX_STORED_BYTES)
        with memory.reserve(memory_needs.decoding(candidate.size)):
            guard.decode(candidate)
    except UnfitError as error:
        raise FinalError(UNUSABLE) from error
    return _described(prefix, candidate)


def describe(prefix: str, content: bytes) -> StoredImage:
    """Say what an image is that we have just made ourselves, and need not decode to believe it."""
    return _described(prefix, guard.look(content, max_bytes=guard.MAX_STORED_BYTES))


def _described(prefix: str, candidate: guard.Candidate) -> StoredImage:
    type_, (width, height) = candidate.header.content_type, candidate.size
    return StoredImage(original_key(prefix, type_), type_, width, height, len(candidate.content))
