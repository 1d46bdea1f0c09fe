"""What a board shows of a picture, and where; see docs/boards.md."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from studio.clock import parse
from studio.errors import UnreadableError
from studio.jobs.model import Job, JobStatus
from studio.links import Link
from studio.media.model import StoredImage, Upload, UploadStatus, Variants

# The collection of each field of a link, and of what lies below its documents.
_PLACES: Mapping[str, tuple[str, str]] = {
    "projectId": ("projects", "images"),
    "boardId": ("boards", "items"),
    "workflowId": ("workflows", "results"),
}


class Source(StrEnum):
    """Where a picture comes from."""

    JOB = "job"
    UPLOAD = "upload"


@dataclass(frozen=True)
class LinkMessage:
    """Something may have changed about this picture: here it is, or was, linked."""

    source: Source
    id: str
    link: Link

    def message(self) -> dict[str, Any]:
        return {self.source.value: self.id, "link": dict(self.link)}

    @classmethod
    def from_message(cls, message: Mapping[str, Any]) -> "LinkMessage":
        source = Source.JOB if Source.JOB in message else Source.UPLOAD
        return cls(source, message[source], message["link"])

    @classmethod
    def read(cls, body: str) -> "LinkMessage":
        """Read a message of the queue.

        Raises
        ------
        UnreadableError
        """
        try:
            return cls.from_message(json.loads(body))
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise UnreadableError from error

    @property
    def documents(self) -> Iterator[str]:
        """The paths of the documents that show the picture."""
        for field, (collection, below) in _PLACES.items():
            if field in self.link:
                yield f"{collection}/{self.link[field]}/{below}/{self.id}"


def of_job(job: Job) -> dict[str, Any] | None:
    """Return what boards show of a job; None before it is completed."""
    if job.status != JobStatus.COMPLETED or job.image is None or job.link is None:
        return None
    more = {"kind": job.kind.value, "model": job.model}
    return more | _shown(Source.JOB, job, job.image, job.variants, job.link)


def of_upload(upload: Upload) -> dict[str, Any] | None:
    """Return what boards show of an upload; None before it was looked at, and of one that was rejected."""
    if upload.status != UploadStatus.READY or upload.image is None or upload.link is None:
        return None
    more = {"purpose": upload.purpose.value}
    return more | _shown(Source.UPLOAD, upload, upload.image, upload.variants, upload.link)


def _shown(source: Source, row: Job | Upload, image: StoredImage, variants: Variants, link: Link) -> dict[str, Any]:
    return {
        "id": row.id,
        "source": source.name,
        "owner": row.owner,
        **link,
        "image": {name: _image(each) for name, each in {"original": image, **variants}.items()},
        "createdAt": parse(row.created_at),
        "expiresAt": datetime.fromtimestamp(row.expires_at, UTC),
    }


def _image(image: StoredImage) -> dict[str, Any]:
    """Name the file, not a link to it: links are signed when they are asked for."""
    kept = asdict(image)
    return {
        "key": kept["key"],
        "contentType": kept["content_type"],
        "width": kept["width"],
        "height": kept["height"],
        "byteSize": kept["byte_size"],
    }
