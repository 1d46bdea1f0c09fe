"""Where uploads are kept: the Uploads table."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from operator import itemgetter
from typing import Any

from studio.clock import iso, parse
from studio.dynamo import Item, Page, Table, Update, Write, pack, transact, update
from studio.media.item import image_to_item, origin_to_item, upload_from_item, upload_to_item
from studio.media.model import Origin, StoredImage, Upload, UploadRejection, UploadStatus, Variants
from studio.paging import rows_of
from studio.sweeping import readable

# Three looks of two minutes, and Lambda's pauses between them; a look that is killed leaves no word.
LOOKING = timedelta(minutes=10)
_NOT_SEEN = "This picture could not be looked at. Please save it smaller, or as an ordinary JPEG, and send it again."


class Uploads(Table):
    """The Uploads table. A row goes by itself some time after it has expired."""

    def begin(self, upload: Upload, most: int, beside: Sequence[Write] = ()) -> None:
        """Write a new upload, which becomes one of at most so many of its owner's whose forms are open.

        Raises
        ------
        ConditionFailed
            At position 1 with the row of the open ones, behind it where what is written beside was refused.
        """
        opened = update(
            _open_key(upload.owner),
            condition="attribute_not_exists(#open) OR size(#open) < :most",
            values={"most": most},
            set={"expiresAt": upload.expires_at},
            add={"open": {upload.id}},
        )
        transact(self.client, [self.put(upload_to_item(upload), new="id"), self.change(opened), *beside])

    def close(self, owner: str, over: set[str], gone: set[str]) -> None:
        """Take what is `over` out of somebody's open uploads, once what is `gone` is sure to have no row.

        Raises
        ------
        ConditionFailed
        """
        taken = {
            "TableName": self.name,
            "Key": pack(_open_key(owner)),
            "UpdateExpression": "DELETE #open :over",
            "ExpressionAttributeNames": {"#open": "open"},
            "ExpressionAttributeValues": pack({":over": over}),
        }
        absent = [self.check({"id": id_}, "attribute_not_exists(#id)", {}) for id_ in gone]
        transact(self.client, [{"Update": taken}, *absent])

    def forget_open(self, owner: str) -> None:
        """Remove the row of somebody's open uploads, who has left."""
        self.discard(_open_key(owner))

    def step(self, change: Update) -> Upload:
        """Make one change of state (see `ready` and `reject`) and return the upload as it now stands.

        Raises
        ------
        ConditionFailed
            It was made before.
        """
        return upload_from_item(self.apply(change))

    def find(self, id_: str) -> Upload | None:
        item = self.get({"id": id_})
        return upload_from_item(item) if item else None

    def find_many(self, ids: Sequence[str]) -> list[Upload]:
        """Return the uploads that exist and can be read, each once, in any order."""
        return readable(rows_of(self, ids), upload_from_item, what="upload to read", name=itemgetter("id"))

    def standing(self, ids: Sequence[str], now: datetime) -> list[Upload]:
        """Return the uploads that have neither expired nor been deleted, and can be read, as they stand."""
        return [_as_it_stands(each, now) for each in self.find_many(ids) if _is_there(each, now)]

    def rows(self, ids: Sequence[str]) -> list[Item]:
        """Return the rows of uploads as they are kept."""
        return rows_of(self, ids)

    def of_owner(self, owner: str, limit: int, start: Item | None) -> Page:
        """Return one page of the keys of somebody's uploads."""
        return self.query("#owner = :owner", {"owner": owner}, index="byOwner", limit=limit, start=start)

    def owned(self, owner: str, ids: Sequence[str], now: datetime) -> dict[str, Upload]:
        """Return those of one owner, by id. This is the one place that decides whose an upload is, and until when.

        Raises
        ------
        UnreadableError
            One of them cannot be read.
        """
        found = [upload_from_item(row) for row in rows_of(self, ids) if row.get("owner") == owner]
        return {each.id: _as_it_stands(each, now) for each in found if _is_there(each, now)}


def _is_there(upload: Upload, now: datetime) -> bool:
    """Tell whether it has neither expired nor been deleted."""
    return upload.expires_at > now.timestamp() and upload.status != UploadStatus.WITHDRAWN


def _as_it_stands(upload: Upload, now: datetime) -> Upload:
    """Show what could not be looked at as rejected; if somebody has it looked at again, it may still be READY."""
    waits = upload.status == UploadStatus.UPLOADING and upload.looked_at
    if not waits or now - parse(waits) < LOOKING:
        return upload
    return replace(upload, status=UploadStatus.REJECTED, rejected=_NOT_SEEN, rejection=UploadRejection.TOO_EXPENSIVE)


def is_upload(item: Mapping[str, Any]) -> bool:
    """Tell an upload's row from that of somebody's open ones."""
    return "owner" in item


def _open_key(owner: str) -> dict[str, str]:
    return {"id": f"open#{owner}"}


def ready(
    upload: Upload,
    image: StoredImage,
    variants: Variants,
    expires_at: int,
    *,
    origin: Origin | None = None,
    fingerprint: str | None = None,
) -> Update:
    """Describe UPLOADING → READY: the type is the one that was found, whatever was declared."""
    changed = {
        "image": image_to_item(image),
        "variants": {name: image_to_item(variant) for name, variant in variants.items()},
        "contentType": image.content_type,
        "origin": origin_to_item(origin) if origin else None,
        "fingerprint": fingerprint,
    }
    return _step(upload, UploadStatus.READY, expires_at, changed)


def verification(id_: str, most: int) -> Update:
    """Describe that an upload is verified once more, so many times at most."""
    return update(
        {"id": id_},
        condition="attribute_exists(#owner) AND (attribute_not_exists(#verified) OR #verified < :most)",
        values={"most": most},
        add={"verified": 1},
    )


def look(upload: Upload, now: datetime) -> Update:
    """Describe that looking at it begins, for the first time."""
    return update(
        {"id": upload.id},
        condition="#status = :uploading AND attribute_not_exists(#lookedAt)",
        values={"uploading": UploadStatus.UPLOADING},
        set={"lookedAt": iso(now)},
    )


def withdraw(upload: Upload) -> Update:
    """Describe the end of an upload that is deleted, from any state."""
    return update({"id": upload.id}, condition="attribute_exists(#id)", set={"status": UploadStatus.WITHDRAWN})


def reject(upload: Upload, rejection: UploadRejection, why: str, expires_at: int) -> Update:
    """Describe UPLOADING → REJECTED; `why` is a sentence for a person."""
    return _step(upload, UploadStatus.REJECTED, expires_at, {"rejected": why, "rejection": rejection})


def _step(upload: Upload, status: UploadStatus, expires_at: int, more: Mapping[str, Any]) -> Update:
    return update(
        {"id": upload.id},
        condition="#status = :uploading",
        values={"uploading": UploadStatus.UPLOADING},
        set={"status": status, "expiresAt": expires_at, **more},
    )
