"""People's own copies of the picture that they show: the upload may be deleted, or expire, before they change it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from studio import ids
from studio.errors import ErrorType, StudioError
from studio.media.keys import ORIGINAL_SIZE, avatar_key
from studio.media.model import StoredImage, Upload, UploadPurpose, UploadStatus
from studio.media.store import Media, MissingError
from studio.media.table import Uploads
from studio.people.model import Avatar, AvatarFile

_UNKNOWN = "There is no image with this id, or it has expired."


@dataclass(frozen=True)
class Avatars:
    """Copies uploads for their owners to be known by."""

    uploads: Uploads
    media: Media

    def take(self, owner: str, upload_id: str, now: datetime) -> Avatar:
        """Copy one of somebody's own uploads, in all its sizes.

        Raises
        ------
        StudioError
            ID_MALFORMED, UPLOAD_UNKNOWN, PURPOSE_MISMATCH, UPLOAD_NOT_READY, UPLOAD_REJECTED.
        """
        stored = _files(self._upload(owner, upload_id, now))
        files = {name: AvatarFile(f.content_type, f.width, f.height, f.byte_size) for name, f in stored.items()}
        avatar = Avatar(ids.new(), upload_id, files)
        try:
            for name, file in stored.items():
                self.media.copy(file.key, avatar_key(owner, avatar.id, name))
        except MissingError:  # it was deleted meanwhile
            self.drop(owner, avatar)
            raise StudioError(ErrorType.UPLOAD_UNKNOWN, _UNKNOWN) from None
        return avatar

    def drop(self, owner: str, avatar: Avatar) -> None:
        """Delete copies that nobody is known by any more.

        Raises
        ------
        UndeletedError
        """
        self.media.delete_avatar(owner, avatar.id)

    def _upload(self, owner: str, upload_id: str, now: datetime) -> Upload:
        upload = self.uploads.owned(owner, [ids.checked(upload_id)], now).get(upload_id)
        if upload is None:
            raise StudioError(ErrorType.UPLOAD_UNKNOWN, _UNKNOWN)
        if upload.purpose != UploadPurpose.AVATAR:
            raise StudioError(
                ErrorType.PURPOSE_MISMATCH,
                "An avatar is a picture whose purpose is to be one; this was uploaded for another.",
            )
        if upload.status == UploadStatus.REJECTED:
            raise StudioError(ErrorType.UPLOAD_REJECTED, "This picture was rejected. Please upload another.")
        return upload


def _files(upload: Upload) -> Mapping[str, StoredImage]:
    if upload.image is None:
        raise StudioError(ErrorType.UPLOAD_NOT_READY, "This picture has not arrived yet.")
    return {ORIGINAL_SIZE: upload.image, **upload.variants}
