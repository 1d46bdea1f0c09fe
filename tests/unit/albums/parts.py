"""What makes, fills, renders and removes documents, on a world's clients or on some that die."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any

from studio import ids
from studio.albums.content import album_content, collage_content
from studio.albums.create import DocumentEditor
from studio.albums.delete import DocumentDeletions, RenderingRemoval
from studio.albums.find import DocumentFinder, DocumentView
from studio.albums.model import Document
from studio.albums.photos import PhotoCopies
from studio.albums.render import Renderer, RenderLimits, RenderTimes
from studio.albums.table import Documents, Photos
from studio.albums.uploads import DocumentArrivals, DocumentPlace
from studio.documents.spec import DocumentKind, Product
from studio.jobs import states
from studio.jobs.actions import JobActions
from studio.jobs.delete import Deletions
from studio.jobs.inputs import InputFinder
from studio.jobs.model import Failure, Job, JobErrorCode
from studio.jobs.refund import Refunds
from studio.jobs.table import Jobs
from studio.ledger.table import Ledger
from studio.ledger.usage import Usage
from studio.media.create_upload import UploadCreator, upload_request
from studio.media.keys import original_key, pdf_key, resized_key, upload_key
from studio.media.model import StoredFile, StoredImage, StoredPdf, Upload, UploadRejection
from studio.media.store import Media
from studio.media.table import Uploads, ready, reject
from studio.people.find_or_create import PersonFinder
from studio.people.model import Caller
from studio.people.table import People
from studio.requests.table import Requests
from tests.unit.fault_injection import CallBudget, FailingClient
from tests.unit.world import PICTURE, USER, KnownUsers, World, person_creator

SIZES = ("large", "thumbnail")
FAILED = Failure(JobErrorCode.INTERNAL, "It failed.")
LIMITS = RenderLimits(24, RenderTimes(job_ttl_days=30, deadline_seconds=840, pending_seconds=150))

GUESS = Decimal("0.25"), Decimal("0.75")


@dataclass
class Parts:
    """One world's albums and collages."""

    world: World
    budget: CallBudget = field(default_factory=CallBudget)

    @cached_property
    def client(self) -> Any:
        return FailingClient(self.world.client, self.budget)

    @cached_property
    def media(self) -> Media:
        s3: Any = FailingClient(self.world.media.client, self.budget)
        return Media("media", lambda: s3)

    @cached_property
    def documents(self) -> Documents:
        return Documents("Documents", self.client)

    @cached_property
    def photos(self) -> Photos:
        return Photos("Photos", self.client)

    @cached_property
    def jobs(self) -> Jobs:
        return Jobs("Jobs", self.client)

    @cached_property
    def finder(self) -> DocumentFinder:
        return DocumentFinder(self.documents, self.photos, self.jobs)

    @cached_property
    def copies(self) -> PhotoCopies:
        return PhotoCopies(self.documents, self.photos, self.media)

    @cached_property
    def renderer(self) -> Renderer:
        return Renderer(self.finder, People("People", self.client), self.removal, LIMITS)

    @cached_property
    def job_actions(self) -> JobActions:
        people, ledger = People("People", self.client), Ledger("Ledger", self.client)
        refunds = Refunds(self.jobs, people, ledger, Usage("Usage", self.client), Requests("Requests", self.client))
        return JobActions(self.jobs, Deletions(self.jobs, refunds, self.media), documents=True)

    @cached_property
    def editor(self) -> DocumentEditor:
        known: Any = KnownUsers()
        inputs = InputFinder(Uploads("Uploads", self.client), self.jobs)
        person_finder = PersonFinder(person_creator(self.client, 20), known)
        return DocumentEditor(self.finder, self.copies, self.renderer, self.removal, inputs, person_finder)

    @cached_property
    def removal(self) -> RenderingRemoval:
        return RenderingRemoval(self.documents, self.job_actions)

    @cached_property
    def deletions(self) -> DocumentDeletions:
        return DocumentDeletions(self.finder, self.job_actions, self.media)

    @cached_property
    def arrivals(self) -> DocumentArrivals:
        return DocumentArrivals(self.documents, self.copies)

    # ---- what people do

    def album(self, *photos: str, caller: Caller = USER, **given: Any) -> Document:
        asked: Any = {"name": "Đà Lạt", "photos": [{"id": id_} for id_ in photos], **given}
        return self.editor.create(caller, album_content(asked), self.world.time)

    def collage(self, *sources: str, caller: Caller = USER, **given: Any) -> Document:
        asked: Any = {"name": "Tết", "template": "POLAROID", "sources": sources, **given}
        return self.editor.create(caller, collage_content(asked), self.world.time)

    def change(self, document: Document, **given: Any) -> Document:
        checked: Any = album_content if document.kind == "ALBUM" else collage_content
        rest = {} if document.kind == "ALBUM" else {"template": document.design}
        asked = checked({"name": document.name, **rest, **given})
        changed = self.editor.update(USER, document.id, asked, self.world.time)
        assert changed
        return changed

    def picture(self, caller: Caller = USER) -> str:
        """Bring a picture by itself, with its smaller sizes."""
        return self.looked_at(self.world.upload(caller)).id

    def send(self, document: Document, caller: Caller = USER, **given: Any) -> Upload:
        """Begin to send a picture to a document."""
        named = {"purpose": document.kind, f"{document.kind.lower()}Id": document.id}
        asked = upload_request(PICTURE | named | given)
        creator = UploadCreator(Uploads("Uploads", self.client), self.media)
        return creator.create(caller, asked, self.world.time, DocumentPlace(self.documents)).upload

    def looked_at(self, upload: Upload) -> Upload:
        """Take what was sent for good, as the resizer does, but for telling the document."""
        image = StoredImage(upload_key(upload.owner, upload.id), "image/png", 640, 480, 1)
        sizes = {name: StoredImage(resized_key(upload.id, name), "image/webp", 64, 48, 1) for name in SIZES}
        sizes["thumbnail"] = replace(sizes["thumbnail"], focal_x=GUESS[0], focal_y=GUESS[1])
        for each in (image, *sizes.values()):
            self.world.store(each, b"x")
        return self.world.uploads.step(ready(upload, image, sizes, self._next_month()))

    def arrive(self, upload: Upload) -> None:
        self.arrivals.add(self.looked_at(upload), self.world.time)

    def reject(self, upload: Upload) -> None:
        self.arrivals.add(
            self.world.uploads.step(reject(upload, UploadRejection.DAMAGED, "The file is empty.", self._next_month())),
            self.world.time,
        )

    def _next_month(self) -> int:
        return int((self.world.time + timedelta(days=30)).timestamp())

    # ---- what workers do

    def render(self, document: Document, product: Product, caller: Caller = USER) -> Document:
        found = self.renderer.render(caller, document.id, product, self.world.time)
        assert found
        return found

    def rendering(self, document: Document, product: Product) -> Job:
        job = self.world.jobs.find(self.now(document).renderings[product].job)
        assert job
        return job

    def claimed(self, job: Job) -> Job:
        return self.world.jobs.step(states.claim(job, "w", self.world.time, 150))

    def completed(self, job: Job) -> Job:
        """Make a job's file, and settle it."""
        if not job.prefixes:
            job = self.claimed(job)
        file = self.file_of(job)
        self.world.store(file, b"x")
        return self.world.jobs.step(states.complete(job, file, self.world.time))

    def file_of(self, job: Job) -> StoredFile:
        if job.kind == DocumentKind.ALBUM:
            return StoredPdf(pdf_key(job.prefix), 9, "0" * 32, 5)
        return StoredImage(original_key(job.prefix, "image/jpeg"), "image/jpeg", 3000, 2000, 9)

    # ---- how it stands

    def now(self, document: Document) -> Document:
        found = self.world_documents.find(document.id)
        assert found
        return found

    def view(self, document: Document) -> DocumentView:
        return self.finder.view(self.now(document), self.world.time)

    @cached_property
    def world_documents(self) -> Documents:
        return Documents("Documents", self.world.client)

    def files(self, document: Document) -> list[str]:
        """Return what lies below a document, without its owner's and its own name."""
        prefix = f"documents/{document.owner}/{document.id}/"
        return sorted(key.removeprefix(prefix) for key in self.world.media.keys(prefix))

    def rows(self, table: str) -> list[Any]:
        return self.world.client.scan(TableName=table)["Items"]


def copies_of(document: Document, *pictures: str) -> list[str]:
    names = ("original", *(f"{size}.webp" for size in SIZES))
    return sorted(f"{ids.derived(document.id, picture)}/{name}" for picture in pictures for name in names)
