"""What a job's result says of itself: that a model made it or had a part in it, which one, and when."""

from collections.abc import Collection

from studio.catalogue.data import title_of
from studio.jobs.model import Job
from workers.imaging import guard
from workers.imaging.mark import DigitalSourceType, Mark, mark_in
from workers.imaging.xmp import has_manifest, with_packet
from workers.memory import memory


def mark_of(job: Job) -> Mark:
    """Return the mark of a job's image, the same in every size of it."""
    source = DigitalSourceType.COMPOSITE if job.shows_photo else DigitalSourceType.TRAINED
    return Mark(source, title_of(job.model), job.created_at)


def mark_of_sizes(job: Job, content: bytes) -> Mark | None:
    """Return the mark of the smaller sizes of what a job has made; a document's file has the word."""
    return found_mark(content) if job.is_document else mark_of(job)


def mark_of_document(job: Job, marks: Collection[Mark]) -> Mark | None:
    """Return the mark of a document that shows pictures with these marks; of photos alone it has none."""
    systems = ", ".join(sorted({mark.system for mark in marks if mark.system}))
    return Mark(DigitalSourceType.COMPOSITE, systems or None, job.created_at) if marks else None


def found_mark(content: bytes) -> Mark | None:
    """Return what an image of ours says of itself; one that its provider signed says no more to us than that."""
    header = guard.look(content, guard.MAX_STORED_BYTES).header
    mark = mark_in(content, header)
    return mark or (Mark(DigitalSourceType.TRAINED) if has_manifest(content, header) else None)


def marked(job: Job, content: bytes) -> bytes:
    """Return a sound image with its job's mark, its pixels untouched; one that its provider signed stays as it is.

    Raises
    ------
    FinalError
        It is too large for this function.
    """
    header = guard.look(content, guard.MAX_STORED_BYTES).header
    if has_manifest(content, header):
        return content
    with memory.reserve(len(content)):
        return with_packet(content, header, mark_of(job).packet)


def with_mark(content: bytes, mark: Mark | None) -> bytes:
    """Return an image that we have made ourselves with a mark, if it gets one."""
    return with_packet(content, guard.look(content, guard.MAX_STORED_BYTES).header, mark.packet) if mark else content
