"""Finding what belongs to nothing: objects that no row knows, and rows whose objects are gone."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter

from studio.dynamo import Item, Table, unpack
from studio.jobs.item import job_from_item
from studio.jobs.model import Job, JobStatus
from studio.jobs.table import Jobs
from studio.media.avatar_files import avatar_images
from studio.media.keys import (
    AVATARS,
    INCOMING,
    INFERENCE_INPUT,
    QUARANTINE,
    RESIZED,
    RESULTS,
    SIGNED,
    UPLOADS,
    result_keys,
    signed_keys,
    upload_key,
)
from studio.media.model import StoredFile, Upload, UploadStatus
from studio.media.store import Media
from studio.media.table import Uploads, is_upload, upload_from_item
from studio.people.item import person_from_item
from studio.people.model import Person
from studio.people.table import People
from studio.sweeping import readable

_BATCH = 100


@dataclass(frozen=True)
class Loss:
    """A row, and the key under which its object should be."""

    id: str
    key: str


@dataclass(frozen=True)
class Orphans:
    """Looks at everything, tables by scan: it is run by an operator, never for a request.

    What seems to be wrong is looked at once more, because people go on working meanwhile.
    """

    jobs: Jobs
    uploads: Uploads
    people: People
    media: Media

    def objects(self) -> Iterator[str]:
        """Yield the keys of objects that belong to no row."""
        for prefix in (RESULTS, INCOMING, UPLOADS, RESIZED, SIGNED, QUARANTINE, INFERENCE_INPUT):
            for keys in _batches(self.media.keys(prefix)):
                yield from (key for key in self._strange(keys) if self.media.exists(key))
        for keys in _batches(self.media.keys(AVATARS)):
            yield from (key for key in self._unshown(keys) if self.media.exists(key))

    def rows(self, now: datetime) -> Iterator[Loss]:
        """Yield the rows whose objects are gone. One that has expired goes by itself, like its objects."""
        for item in _rows(self.jobs):
            for job in readable([item], job_from_item, what="job to read", name=itemgetter("id")):
                yield from self._lost(_job_files(job), item, now, self.jobs)
        for item in filter(is_upload, _rows(self.uploads)):
            for upload in readable([item], upload_from_item, what="upload to read", name=itemgetter("id")):
                yield from self._lost(_upload_images(upload), item, now, self.uploads)
        for item in _rows(self.people):
            for person in readable([item], person_from_item, what="person to read", name=itemgetter("id")):
                yield from (Loss(person.id, key) for key in _avatar_keys(person) if self._is_lost(person, key))

    def _is_lost(self, person: Person, key: str) -> bool:
        if self.media.exists(key):
            return False
        now = self.people.find(person.id)
        return now is not None and now.avatar == person.avatar

    def _unshown(self, keys: Sequence[str]) -> list[str]:
        """Return those of these copies by which nobody is known."""
        owners = {key.removeprefix(AVATARS).partition("/")[0] for key in keys}
        shown = {key for person in self.people.find_many([*owners]) for key in _avatar_keys(person)}
        return [key for key in keys if key not in shown]

    def _strange(self, keys: Sequence[str]) -> list[str]:
        ids = [self._id(key) for key in keys]
        jobs = {job.id: job for job in self.jobs.find_many(ids)}
        uploads = {upload.id: upload for upload in self.uploads.find_many(ids)}
        return [key for key, id_ in zip(keys, ids, strict=True) if not _known(key, jobs.get(id_), uploads.get(id_))]

    def _id(self, key: str) -> str:
        """Return the id of the job or upload that an object was stored for: its own word, or the id in its key."""
        parts = key.removesuffix(".json").split("/")
        at = 2 if key.startswith((INCOMING, UPLOADS, QUARANTINE, INFERENCE_INPUT)) else 1
        said = self.media.job_of(key) if key.startswith((RESULTS, RESIZED, SIGNED)) else None
        return said or (parts[at] if len(parts) > at and parts[at] else "none")

    def _lost(self, images: Sequence[StoredFile], item: Item, now: datetime, table: Table) -> Iterator[Loss]:
        if item["expiresAt"] <= now.timestamp():
            return
        for image in images:
            if not self.media.exists(image.key) and table.get({"id": item["id"]}):
                yield Loss(item["id"], image.key)


def _known(key: str, job: Job | None, upload: Upload | None) -> bool:
    if upload:
        return _of_upload(key, upload)
    return job is not None and _of_job(key, job)


def _of_upload(key: str, upload: Upload) -> bool:
    if upload.status == UploadStatus.REJECTED:
        return key.startswith(QUARANTINE)
    if upload.image is None:
        kept = upload_key(upload.owner, upload.id)
        return key in {upload.key, kept} or key.startswith(RESIZED)  # being looked at
    return key in {image.key for image in _upload_images(upload)}


def _of_job(key: str, job: Job) -> bool:
    if key.startswith(INFERENCE_INPUT):
        return True  # it goes with the job
    if job.status == JobStatus.PROCESSING:
        return key in result_keys(job.prefix)
    if key.startswith(SIGNED):
        return job.image is not None and key in signed_keys(job.image.key.rpartition("/")[0])
    waits = key.startswith(RESIZED) and not job.variants and key in result_keys(job.prefix)
    return job.status == JobStatus.COMPLETED and (waits or key in {image.key for image in _job_files(job)})


def _upload_images(upload: Upload) -> list[StoredFile]:
    return [upload.image, *upload.variants.values()] if upload.image else []


def _avatar_keys(person: Person) -> list[str]:
    return [image.key for image in avatar_images(person.id, person.avatar).values()] if person.avatar else []


def _job_files(job: Job) -> list[StoredFile]:
    if job.status != JobStatus.COMPLETED or job.deleted_at:
        return []
    made: list[StoredFile | None] = [job.image, job.pdf]
    return [file for file in made if file] + list(job.variants.values())


def _rows(table: Table) -> Iterator[Item]:
    for page in table.client.get_paginator("scan").paginate(TableName=table.name):
        yield from (unpack(item) for item in page["Items"])


def _batches(keys: Iterator[str]) -> Iterator[list[str]]:
    batch: list[str] = []
    for key in keys:
        batch.append(key)
        if len(batch) == _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
