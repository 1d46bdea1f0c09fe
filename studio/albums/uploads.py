"""Pictures that are sent to an album or a collage: awaited from the moment that their form is made."""

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

from studio.albums.content import MAX_PLACED
from studio.albums.item import document_from_item
from studio.albums.model import Document, Placed
from studio.albums.photos import GoneError, PhotoCopies
from studio.albums.table import Documents, add_placed, change, reject_photo
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
        placed = Placed(upload.id, until=int(now.timestamp()) + FORM_SECONDS + _LOOK_SECONDS, sent=True)
        change = add_placed(upload.document or "", upload.owner, kind, placed, MAX_PLACED[kind], now)
        return self.documents.change(change)

    def make_room(self, upload: Upload, row: Item, now: datetime) -> None:
        """Take out of a full document what will never come, or say why it does not take the picture.

        Raises
        ------
        StudioError
            TOO_MANY_PHOTOS, DOCUMENT_UNKNOWN.
        """
        kind = _KINDS[upload.purpose]
        if row.get("owner") != upload.owner or row.get("kind") != kind or "deletedAt" in row:
            raise StudioError(ErrorType.DOCUMENT_UNKNOWN, f"You have no {kind.lower()} with this id.")
        document = document_from_item(row)
        photos = document.photos(now.timestamp())
        if len(photos) >= MAX_PLACED[kind]:
            most = MAX_PLACED[kind]
            raise StudioError(ErrorType.TOO_MANY_PHOTOS, f"There is room for {most} pictures here.", max=most)
        with suppress(ConditionFailed):  # then the next try looks again
            rest = replace(document, placed=tuple(photos), rejected=frozenset(), version=document.version + 1)
            self.documents.apply(change(document, rest))


@dataclass(frozen=True)
class DocumentArrivals:
    """What a document does when a picture that was sent to it has been looked at. Told twice, nothing changes."""

    documents: Documents
    copies: PhotoCopies

    def add(self, upload: Upload, now: datetime) -> None:
        """Copy a picture that is ready into its document, or have the document await one no longer that is not."""
        if upload.document is None:
            return
        document = self.documents.find(upload.document)
        if document is None:
            # An earlier look may have been cut off before it found out.
            self.copies.drop(upload.owner, upload.document, [upload.id])
        elif document.holds(upload.id) and upload.id not in document.arrived:
            with suppress(ConditionFailed, GoneError):  # it was deleted meanwhile
                self._add(document, upload, now)

    def _add(self, document: Document, upload: Upload, now: datetime) -> None:
        if upload.status == UploadStatus.REJECTED:
            self.documents.apply(reject_photo(document.id, upload.id))
        elif upload.image:
            late = all(each.id != upload.id for each in document.photos(now.timestamp()))
            self.copies.take(document, {upload.id: (upload.image, upload.variants)}, late=late)
