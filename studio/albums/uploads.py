"""Pictures that are sent to an album or a collage: awaited from the moment that their form is made."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import NoReturn

from studio.albums.content import MAX_PLACED
from studio.albums.model import Placed
from studio.albums.photos import GoneError, PhotoCopies
from studio.albums.table import Documents, awaited, rejected
from studio.documents.spec import DocumentKind
from studio.dynamo import ConditionFailed, Item, Write
from studio.errors import ErrorType, StudioError
from studio.media.create_upload import FORM_SECONDS
from studio.media.model import Upload, UploadPurpose, UploadStatus

# A form that was used in its last second: what arrived is looked at for so long.
_LOOK_SECONDS = 600
_KINDS = {UploadPurpose.ALBUM: DocumentKind.ALBUM, UploadPurpose.COLLAGE: DocumentKind.COLLAGE}


@dataclass(frozen=True)
class DocumentPlace:
    """The document that an upload names, which has to be its owner's."""

    documents: Documents

    def awaiting(self, upload: Upload, now: datetime) -> Write:
        """Describe that the document awaits the picture, at its end."""
        kind = _KINDS[upload.purpose]
        placed = Placed(upload.id, until=int(now.timestamp()) + FORM_SECONDS + _LOOK_SECONDS)
        change = awaited(upload.document or "", upload.owner, kind, placed, MAX_PLACED[kind], now)
        return self.documents.change(change)

    def refuse(self, upload: Upload, row: Item) -> NoReturn:
        """Say why the document does not take the picture.

        Raises
        ------
        StudioError
            TOO_MANY_PHOTOS, DOCUMENT_UNKNOWN.
        """
        kind = _KINDS[upload.purpose]
        if row.get("owner") == upload.owner and row.get("kind") == kind and "deletedAt" not in row:
            message = f"There is room for {MAX_PLACED[kind]} pictures here."
            raise StudioError(ErrorType.TOO_MANY_PHOTOS, message)
        raise StudioError(ErrorType.DOCUMENT_UNKNOWN, f"You have no {kind.lower()} with this id.")


@dataclass(frozen=True)
class DocumentArrivals:
    """What a document does when a picture that was sent to it has been looked at. Told twice, nothing changes."""

    documents: Documents
    copies: PhotoCopies

    def add(self, upload: Upload) -> None:
        """Copy a picture that is ready into its document, or have the document await one no longer that is not."""
        if upload.document is None:
            return
        with suppress(ConditionFailed, GoneError):  # the document was deleted meanwhile
            if upload.status == UploadStatus.REJECTED:
                self.documents.apply(rejected(upload.document, upload.id))
            elif upload.image and (document := self.documents.find(upload.document)):
                self.copies.take(document, {upload.id: (upload.image, upload.variants)})
