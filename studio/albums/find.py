"""Whose a document is, and how it stands with its pictures and what was rendered of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from studio import ids
from studio.albums.item import document_from_item
from studio.albums.model import AlbumStatus, CollageStatus, Document, Photo, Placed
from studio.albums.table import Documents, Photos
from studio.documents.spec import DocumentKind, Product
from studio.jobs.model import REFUNDED, Job, JobStatus
from studio.jobs.table import Jobs
from studio.lists import Listed, Source, by_id, listed, within_answer
from studio.people.model import Caller

_BY_LIST = ("id", "list", "createdAt")
# A photo takes so many bytes of an answer at the worst, with a caption in four-byte letters, and each of its links with
# what is said of it. The rest of a document is its words, and links to what was made of it.
_PHOTO, _LINK, _REST = 700, 1_000, 10_000


@dataclass(frozen=True)
class DocumentView:
    """A document with what is known of its pictures, by id, and the jobs that render it."""

    document: Document
    placed: Sequence[Placed]
    photos: Mapping[str, Photo]
    jobs: Mapping[Product, Job]
    awaits: bool

    @property
    def image_count(self) -> int:
        return sum(each.id in self.document.arrived for each in self.placed)

    @property
    def album_status(self) -> AlbumStatus:
        rendered = self._rendered(self.latest)
        if rendered:
            return AlbumStatus(rendered)
        return AlbumStatus.UPLOADING if self.awaits or not self.placed else AlbumStatus.READY

    @property
    def collage_status(self) -> CollageStatus:
        return CollageStatus(self._rendered(self.jobs.get(Product.PICTURE)) or CollageStatus.DRAFT)

    @property
    def latest(self) -> Job | None:
        """The rendering that was asked for last."""
        return max(self.jobs.values(), key=lambda job: job.created_at, default=None)

    def _rendered(self, job: Job | None) -> str | None:
        if job is None:
            return None
        if job.status == JobStatus.COMPLETED:
            return "COMPLETED"
        return "FAILED" if job.status in REFUNDED else "PROCESSING"


@dataclass(frozen=True)
class DocumentFinder:
    """One owner's documents. Somebody else's is None, like one that does not exist."""

    documents: Documents
    photos: Photos
    jobs: Jobs

    def own(self, caller: Caller, id_: str, kind: DocumentKind) -> Document | None:
        return own_document(self.documents, caller, id_, kind)

    def view(self, document: Document, now: datetime) -> DocumentView:
        return self._views([document], now, self.photos.of_document)[0]

    def page(
        self,
        caller: Caller,
        kind: DocumentKind,
        limit: int | None,
        token: str | None,
        now: datetime,
        *,
        links: int | None,
    ) -> Listed[DocumentView]:
        """Return the caller's documents of a kind, newest first, with their photos unless `links` is None.

        `links` is how many of each photo will be answered: where they are many, a page may be shorter.
        """
        load = by_id(self.documents.find_many)
        source = Source(lambda n, start: self.documents.of_owner(caller.sub, kind, n, start), _BY_LIST, load)
        fitting = None if links is None else within_answer(partial(_bytes, links=links))
        found, next_token = listed(f"{kind} {caller.sub}", source, limit, token, fitting)
        read: Callable[[str], Mapping[str, Photo]] = (lambda _: {}) if links is None else self.photos.of_document
        return Listed(self._views(found, now, read), next_token)

    def _views(
        self, documents: list[Document], now: datetime, photos: Callable[[str], Mapping[str, Photo]]
    ) -> list[DocumentView]:
        named = [each.job for document in documents for each in document.renderings.values()]
        jobs = {job.id: job for job in self.jobs.find_many(named)} if named else {}
        return [_view(each, now, photos(each.id), jobs) for each in documents]


def own_document(documents: Documents, caller: Caller, id_: str, kind: DocumentKind) -> Document | None:
    """Find the caller's own document. This is the one place that decides whose a document is."""
    row = documents.get({"id": ids.checked(id_)})
    mine = row and row.get("owner") == caller.sub and row.get("kind") == kind and "deletedAt" not in row
    return document_from_item(row) if row and mine else None


def _view(document: Document, now: datetime, photos: Mapping[str, Photo], jobs: Mapping[str, Job]) -> DocumentView:
    found = {product: jobs[each.job] for product, each in document.renderings.items() if each.job in jobs}
    moment = now.timestamp()
    return DocumentView(document, document.photos(moment), photos, found, document.awaits(moment))


def _bytes(document: Document, links: int) -> int:
    """Return what a document takes of an answer with so many links to each photo."""
    return _REST + len(document.placed) * (_PHOTO + links * _LINK)
