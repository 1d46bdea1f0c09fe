"""Looking at what a provider sent before anybody pays for it."""

from threading import Lock

from studio.media.model import StoredImage
from studio.media.store import original_key
from workers.imaging import guard
from workers.imaging.flaw import UnfitError
from workers.outcome import UNUSABLE, FinalError

# Decoded, a large image takes 67 MB to 200 MB: one at a time leaves room for the other seven of a group.
decoding = Lock()


def inspect(job_id: str, content: bytes) -> StoredImage:
    """Decode an image whole, so that a truncated one is found now, and say what it is.

    Raises
    ------
    FinalError
        The bytes are no image we keep.
    """
    try:
        candidate = guard.look(content, max_bytes=guard.MAX_STORED_BYTES)
        with decoding:
            guard.decode(candidate)
    except UnfitError as error:
        raise FinalError(UNUSABLE) from error
    return described(job_id, candidate)


def described(job_id: str, candidate: guard.Candidate) -> StoredImage:
    """Say what a picture is that need not be decoded to be believed."""
    type_, (width, height) = candidate.header.content_type, candidate.size
    return StoredImage(original_key(job_id, type_), type_, width, height, len(candidate.content))
