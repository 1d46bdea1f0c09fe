"""The files of somebody's avatar: which lie where."""

from collections.abc import Mapping

from studio.media.keys import avatar_key
from studio.media.model import StoredImage
from studio.people.model import Avatar


def avatar_images(owner: str, avatar: Avatar) -> Mapping[str, StoredImage]:
    """Return the files of somebody's avatar, by size."""
    return {
        name: StoredImage(avatar_key(owner, avatar.id, name), f.content_type, f.width, f.height, f.byte_size)
        for name, f in avatar.files.items()
    }
