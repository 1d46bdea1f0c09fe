"""Images, each behind a link that is signed when it is asked for."""

from collections.abc import Callable, Collection, Mapping

from resolvers.shapes.base import Shape, graphql_int
from studio.clock import iso
from studio.media.links import Link
from studio.media.model import SIZES, StoredFile, StoredImage

Sign = Callable[[StoredFile], Link]

# The files of an ImageSet.
FILES = ("original", *SIZES)


def image_set(original: StoredImage, variants: Mapping[str, StoredImage], sign: Sign, files: Collection[str]) -> Shape:
    stored = {"original": original, **variants}
    return {file: image(stored[file], sign) if file in stored else None for file in files}


def image(image: StoredImage, sign: Sign) -> Shape:
    link = sign(image)
    return {
        "url": link.url,
        "contentType": image.content_type,
        "width": image.width,
        "height": image.height,
        "byteSize": graphql_int(image.byte_size),
        "expiresAt": iso(link.expires_at),
    }


def download(link: Link) -> Shape:
    return {"url": link.url, "expiresAt": iso(link.expires_at)}
