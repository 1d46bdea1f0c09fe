"""Renders the documents of jobs, from their own copies of pictures."""

import hashlib
import io
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from time import monotonic
from typing import BinaryIO, Final

from studio.clock import parse
from studio.documents.album import PdfProduct, Photo
from studio.documents.collage import PREVIEW_SIDE, PRINT_SIDE
from studio.documents.contents import album_of, collage_of
from studio.documents.spec import DocumentKind, DocumentSpec, Product
from studio.jobs.model import Job
from studio.media.keys import original_key, pdf_key, photo_key
from studio.media.model import StoredImage, StoredPdf
from studio.media.store import Media, MissingError
from workers.documents.album import write_album
from workers.documents.collage import CONTENT_TYPE, draw
from workers.imaging.flaw import UnfitError
from workers.imaging.guard import MAX_STORED_BYTES
from workers.imaging.mark import Mark
from workers.maker import Attempts
from workers.marking import found_mark, mark_of_document, with_mark
from workers.memory import memory
from workers.outcome import GONE, FinalError, invalid
from workers.result import Result

# What one document takes at its peak, measured with the largest pictures that are let in.
_BYTES: Final = 400_000_000
_KEEP_SECONDS: Final = 5.0  # a third of the shortest lease
_SIDES: Final = {Product.PREVIEW: PREVIEW_SIDE, Product.PICTURE: PRINT_SIDE}


@dataclass(frozen=True)
class DocumentMaker:
    """Makes a document's file, with the lease kept for each of its pictures."""

    media: Media

    def make(self, job: Job, attempts: Attempts) -> Result:
        """Render what the job asks for.

        Raises
        ------
        FinalError
            A picture is gone, or cannot be used.
        """
        spec, sources = job.document_spec, _Sources(job, self.media, attempts.keep)
        try:
            with memory.reserve(_BYTES):
                return _collage(job, spec, sources) if job.kind == DocumentKind.COLLAGE else _album(job, spec, sources)
        except UnfitError as error:
            raise invalid(error) from error


@dataclass
class _Sources:
    """A document's pictures, each read when its turn comes; the lease is kept now and then."""

    job: Job
    media: Media
    keep: Callable[[], None]
    kept: float = field(default_factory=monotonic)
    marks: set[Mark] = field(default_factory=set[Mark])

    @property
    def mark(self) -> Mark | None:
        """The document's mark, once all of its pictures have been read."""
        return mark_of_document(self.job, self.marks)

    def read(self, id_: str) -> bytes:
        if monotonic() - self.kept > _KEEP_SECONDS:
            self.keep()
            self.kept = monotonic()
        key = photo_key(self.job.owner, self.job.document_spec.document, id_)
        try:
            content = self.media.read(key, MAX_STORED_BYTES).data
        except MissingError as error:
            raise FinalError(GONE) from error
        if mark := found_mark(content):
            self.marks.add(mark)
        return content


def _collage(job: Job, spec: DocumentSpec, sources: _Sources) -> Result:
    opened = [_opener(sources, photo.id) for photo in spec.photos]
    drawn = draw(collage_of(spec), opened, _SIDES[spec.product])
    key, content = original_key(job.prefix, CONTENT_TYPE), with_mark(drawn.content, sources.mark)
    md5 = hashlib.md5(content, usedforsecurity=False).hexdigest()  # what printers ask for
    return Result(StoredImage(key, CONTENT_TYPE, drawn.width, drawn.height, len(content), md5), content)


def _opener(sources: _Sources, id_: str) -> Callable[[], bytes]:
    return lambda: sources.read(id_)


def _album(job: Job, spec: DocumentSpec, sources: _Sources) -> Result:
    """Write the PDF to a file, from which it is sent: it may be larger than the function's memory."""
    album = album_of(spec)

    def open_photo(photo: Photo) -> BinaryIO:
        return io.BytesIO(sources.read(photo.id))

    with ExitStack() as stack:
        file = stack.enter_context(tempfile.TemporaryFile())
        product, made = PdfProduct(spec.product), parse(job.created_at)
        written = write_album(album, product, open_photo, file, made, lambda: sources.mark)
        file.seek(0)
        sources.keep()
        stack.pop_all()  # it goes with the result
    return Result(StoredPdf(pdf_key(job.prefix), written.bytes, written.md5, written.pages), file)
