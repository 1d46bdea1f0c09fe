"""Looking at what a provider sent before anybody pays for it."""

import io
from threading import Lock

from PIL import Image, UnidentifiedImageError

from studio.jobs.model import StoredImage
from studio.media.store import original_key
from workers.outcome import UNUSABLE, FinalError

# A decoded 4K image takes up to 67 MB: one at a time leaves room for the other seven of a group.
_decoding = Lock()
_FORMATS = ("PNG", "JPEG", "WEBP")
_MAX_PIXELS = 50_000_000  # three times a 4K square; decoded that is 200 MB


def inspect(job_id: str, content: bytes) -> StoredImage:
    """Decode an image whole, so that a truncated one is found now, and say what it is.

    Raises
    ------
    FinalError
        The bytes are no image we keep.
    """
    try:
        with _decoding, Image.open(io.BytesIO(content), formats=_FORMATS) as image:
            if image.width * image.height > _MAX_PIXELS:
                raise FinalError(UNUSABLE)
            image.load()
            type_ = f"image/{(image.format or '').lower()}"
            return StoredImage(original_key(job_id, type_), type_, image.width, image.height, len(content))
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        raise FinalError(UNUSABLE) from None
