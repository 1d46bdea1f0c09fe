"""Whose a document is, and how it stands with its pictures and what was rendered of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from studio import ids
from studio.albums.content import MAX_PLACED
from studio.albums.item import document_from_item
from studio.albums.model import AlbumStatus, CollageStatus, Document, Photo, Placed
from studio.albums.table import Documents, Photos
from studio.documents.spec import DocumentKind, Product
from studio.jobs.model import REFUNDED, Job, JobStatus
from studio.jobs.table import Jobs
from studio.pages import checked_limit, decode, encode
from studio.people.model import Caller

# An answer of Lambda's to AppSync has 5 MB at most (docs.aws.amazon.com/general/latest/gr/appsync.html). A photo takes
# so many bytes of it at the worst, with a caption in four-byte letters, and each of its links with what is said of it.
_ANSWER, _PHOTO, _LINK = 4_500_000, 700, 1_000


def _fitting(kind: DocumentKind, links: int) -> int:
    """Return how many full documents an answer has room for."""
    return _ANSWER // (MAX_PLACED[kind] * (_PHOTO + links * _LINK))


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
class DocumentPage:
    """One page of documents, and the token of the next."""

    documents: list[DocumentView]
    next_token: str | None


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
    ) -> DocumentPage:
        """Return the caller's documents of a kind, newest first, with their photos unless `links` is None.

        `links` is how many of each photo will be answered: the more, the shorter is the page.
        """
        name = f"{kind} {caller.sub}"
        most = checked_limit(limit) if links is None else min(checked_limit(limit), _fitting(kind, links))
        page = self.documents.of_owner(caller.sub, kind, most, decode(name, token))
        found = self.documents.find_many([row["id"] for row in page.rows])
        read: Callable[[str], Mapping[str, Photo]] = (lambda _: {}) if links is None else self.photos.of_document
        return DocumentPage(self._views(found, now, read), encode(name, page.last))

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
