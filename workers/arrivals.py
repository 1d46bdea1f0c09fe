"""What becomes of an image that has just been stored. Notified of it twice, nothing changes the second time."""

from dataclasses import dataclass

from aws_lambda_powertools.logging import Logger

from studio import ids
from studio.clock import now
from studio.dynamo import ConditionFailed
from studio.jobs import states
from studio.jobs.model import Job
from studio.jobs.table import Jobs
from studio.media.keys import INCOMING, ORIGINAL, RESULTS, sizes_of
from studio.media.model import Upload, Variants
from studio.media.store import Media, MissingError
from studio.optimistic import retry
from studio.provenance.model import Fingerprint
from studio.provenance.table import Fingerprints
from workers.imaging.fingerprint import fingerprint_of
from workers.imaging.guard import MAX_STORED_BYTES
from workers.imaging.resize import Resized, resize
from workers.marking import mark_of_sizes
from workers.sizes import store_sizes
from workers.uploads import ArrivedUploads

log = Logger()


@dataclass(frozen=True)
class Arrivals:
    """Looks at new uploads and results."""

    jobs: Jobs
    media: Media
    uploads: ArrivedUploads
    fingerprints: Fingerprints

    def look_at(self, key: str) -> Upload | None:
        """Look at one object, and return the upload that it is. What belongs to nothing, or is gone, is left alone."""
        match key.split("/"):
            case [_, owner, id_] if key.startswith(INCOMING):
                return self.uploads.look_at(key, owner, id_)
            case [_, *_, id_, name] if key.startswith(RESULTS) and ids.is_id(id_) and name.startswith(ORIGINAL):
                self._result(key)
            case _:
                log.info("not an image of ours", extra={"key": key})
        return None

    def _result(self, key: str) -> None:
        """Resize an image whose job knows it: what the object says of its job is the worker's word alone."""
        try:
            content = self.media.read(key, MAX_STORED_BYTES)
        except MissingError:
            log.warning("a result is gone", extra={"key": key})
            return
        id_ = self.media.job_of(key)
        job = self.jobs.find(id_) if id_ else None
        if job is None or not job.stores(key) or job.variants_of == content.tag:
            return
        place = sizes_of(key.rpartition("/")[0])
        mark = mark_of_sizes(job, content.data)
        found = resize(content.data, MAX_STORED_BYTES, mark.packet if mark else b"")
        variants = store_sizes(self.media, place, found, job.id)
        self._remember(job, found)
        self._set_variants(job, key, variants, content.tag)

    def _remember(self, job: Job, found: Resized) -> None:
        """Keep the look of what models alone made; of what an upload had a part in it might find the upload itself."""
        if job.is_document or job.from_upload:
            return
        if bits := fingerprint_of(found.variants["thumbnail"].content):
            self.fingerprints.add(Fingerprint(job.id, bits, job.expires_at))

    def _set_variants(self, job: Job, key: str, variants: Variants, tag: str) -> None:
        """Set the smaller sizes, however the job goes on meanwhile; of one that came to nothing they are dropped."""

        def attempt() -> None:
            nonlocal job
            try:
                self.jobs.apply(states.resized(job, variants, tag, now()))
            except ConditionFailed:
                current = self.jobs.find(job.id)
                if current is None or not current.stores(key):
                    self.media.delete_resized(sizes_of(key.rpartition("/")[0]))
                elif current.variants_of != tag:
                    job = current
                    raise

        retry(attempt)
