"""Images as the text that JSON takes them as."""

import base64
import binascii

from workers.outcome import UNUSABLE, FinalError


def encoded(image: bytes) -> str:
    return base64.b64encode(image).decode("ascii")


def decoded(text: object) -> bytes:
    """Return an answer's image.

    Raises
    ------
    FinalError
        It is no Base64 text.
    """
    try:
        return base64.b64decode(text if isinstance(text, str) else "%", validate=True)
    except binascii.Error as error:
        raise FinalError(UNUSABLE) from error
