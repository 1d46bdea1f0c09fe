"""Deleting uploads: the mark first, which nobody sees past, then the objects, then the row. Asked again, it goes on."""

from contextlib import suppress
from dataclasses import dataclass

from studio import ids
from studio.dynamo import ConditionFailed, Item
from studio.errors import UnreadableError
from studio.media.item import upload_from_item
from studio.media.store import Media
from studio.media.table import Uploads, withdraw
from studio.people.model import Caller


@dataclass(frozen=True)
class UploadDeletions:
    """Deletes uploads. Documents have copies of their own, which stay."""

    uploads: Uploads
    media: Media

    def delete(self, caller: Caller, id_: str) -> str | None:
        """Delete the caller's own upload; somebody else's is None, like one that is gone.

        Raises
        ------
        StudioError
            ID_MALFORMED.
        UndeletedError
            Storage kept an object; the mark stays.
        """
        for row in self.uploads.rows([ids.checked(id_)]):
            if row.get("owner") == caller.sub:
                self.remove(row)
                return id_
        return None

    def remove(self, row: Item) -> None:
        """Remove an upload; whoever looks at it just now, or at what its form still sends, finds the mark or no row.

        Raises
        ------
        UndeletedError
        """
        with suppress(UnreadableError, ConditionFailed):  # nobody sees what cannot be read; or it has gone meanwhile
            self.uploads.step(withdraw(upload_from_item(row)))
        self.media.delete_upload(row["owner"], row["id"])
        self.uploads.discard({"id": row["id"]})
