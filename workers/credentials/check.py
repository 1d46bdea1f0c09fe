"""Says what the content credentials of an upload are worth, before they are taken out of it."""

from collections.abc import Mapping
from typing import Any

from studio.media.item import origin_to_item
from studio.media.store import Media
from studio.secrets import Secret
from studio.settings import media as settings
from studio.settings.environment import read_settings
from workers.credentials.reading import origin_of
from workers.imaging.guard import MAX_BYTES

config = read_settings(settings.CredentialsCheck)
_media, _anchors = Media(config.media_bucket), Secret(config.credentials_anchors_secret)


def handler(event: Mapping[str, Any], _context: Any) -> dict[str, Any]:
    """Answer `{"key": …, "contentType": …}` with the picture's origin, empty where its credentials say nothing."""
    content = _media.read(event["key"], MAX_BYTES).data
    origin = origin_of(content, event["contentType"], _anchors.text())
    return origin_to_item(origin) if origin else {}
