"""What a person brought, in pages."""

from dataclasses import dataclass
from datetime import datetime

from studio.lists import Listed, Source, by_id, listed
from studio.media.model import Upload, UploadPurpose
from studio.media.table import Uploads
from studio.people.model import Caller

_BY_OWNER = ("id", "owner", "createdAt")


@dataclass(frozen=True)
class UploadLists:
    """The lists of the Uploads table."""

    uploads: Uploads

    def own(
        self, caller: Caller, purpose: UploadPurpose | None, limit: int | None, token: str | None, now: datetime
    ) -> Listed[Upload]:
        """Return the caller's uploads that have not expired, newest first: those brought for a purpose, or all.

        Raises
        ------
        StudioError
            LIMIT_OUT_OF_RANGE, PAGE_TOKEN_INVALID.
        """
        load = by_id(lambda ids: self.uploads.standing(ids, now), lambda upload: purpose in (None, upload.purpose))
        source = Source(lambda n, start: self.uploads.of_owner(caller.sub, n, start), _BY_OWNER, load)
        return listed(f"uploads {caller.sub}", source, limit, token)
