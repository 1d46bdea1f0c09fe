"""Storing the smaller sizes of an image."""

from dataclasses import replace

from studio.media.keys import resized_key
from studio.media.model import StoredImage, Variants
from studio.media.store import Media
from workers.imaging.focal import focal_point
from workers.imaging.resize import CONTENT_TYPE, Resized, Variant


def store_sizes(media: Media, id_: str, found: Resized, job: str | None = None) -> Variants:
    """Store each size once, though it may have several names; those of a `job`'s image are tagged with it.

    With the thumbnail comes a guess of the focal point.
    """
    files = {each.name: each for each in found.variants.values()}
    for each in files.values():
        media.put(_image(id_, each), each.content, job)
    stored = {name: _image(id_, each) for name, each in found.variants.items()}
    across, down = focal_point(found.variants["thumbnail"].content)
    return {**stored, "thumbnail": replace(stored["thumbnail"], focal_x=across, focal_y=down)}


def _image(id_: str, variant: Variant) -> StoredImage:
    key = resized_key(id_, variant.name)
    return StoredImage(key, CONTENT_TYPE, variant.width, variant.height, len(variant.content))
