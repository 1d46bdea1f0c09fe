"""The rows of the Fingerprints table, and back."""

from collections.abc import Mapping
from typing import Any

from studio import rows
from studio.provenance.model import Fingerprint
from studio.rows import small_row


def fingerprint_to_item(fingerprint: Fingerprint) -> dict[str, Any]:
    return {
        "bucket": fingerprint.bucket,
        "job": fingerprint.job,
        "bits": fingerprint.bits,
        "expiresAt": fingerprint.expires_at,
    }


def fingerprint_from_item(item: Mapping[str, Any]) -> Fingerprint:
    """Read a row.

    Raises
    ------
    UnreadableError
    """
    row = small_row(item)
    return Fingerprint(row.get("job", rows.text), row.get("bits", rows.text), row.get("expiresAt", rows.seconds))
