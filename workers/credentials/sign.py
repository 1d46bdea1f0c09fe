"""Makes the signed copy of a job's image for who is about to download it."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from studio.jobs.table import Jobs
from studio.media.store import Media
from studio.secrets import Secret
from studio.settings import media as settings
from studio.settings.environment import read_settings
from workers.credentials.copies import CopyFormat, SignedCopies
from workers.credentials.signer import Signer

config = read_settings(settings.Credentials)


@cache
def copies() -> SignedCopies:
    signer = Signer(Secret(config.credentials_secret).current)
    return SignedCopies(Jobs(config.jobs_table), Media(config.media_bucket), signer)


def handler(event: Mapping[str, Any], _context: Any) -> dict[str, str]:
    """Answer `{"job": id, "labelled": bool, "contentType": …}` with the key of the copy."""
    return {"key": copies().make(event["job"], CopyFormat(event["contentType"], labelled=event["labelled"]))}
