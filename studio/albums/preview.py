"""Previews of collages that are filled by uploads: asked for when the last picture has come, which nobody waits for."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from studio.albums.model import Document, Rendering
from studio.albums.render import RenderTimes, rendering_job
from studio.albums.specs import document_spec
from studio.albums.table import Documents, Photos, add_renderings
from studio.clock import millis
from studio.documents.spec import DocumentKind, Product
from studio.dynamo import transact
from studio.errors import StudioError, UnreadableError
from studio.jobs.table import Jobs
from studio.optimistic import retry
from studio.people.guard import refuse
from studio.people.model import Caller, Language, Role
from studio.people.table import People


@dataclass(frozen=True)
class SentPreviews:
    """Begins previews, each once until the collage changes. They count as nobody's running jobs: nobody asked."""

    documents: Documents
    photos: Photos
    jobs: Jobs
    people: People
    times: RenderTimes

    def look(self, id_: str, now: datetime) -> None:
        """Have a collage's preview made, if it can be: without one it is as good as before."""

        def attempt() -> None:
            document = self.documents.find(id_)
            if document and _lacks_preview(document):
                self._begin(document, now)

        with suppress(StudioError, UnreadableError):
            retry(attempt)

    def _begin(self, document: Document, now: datetime) -> None:
        person = self.people.find(document.owner)
        if person:
            refuse(person, Caller(document.owner, Role.USER, issued_at=millis(now)))
        language = person.language if person else Language.EN
        spec = document_spec(self.documents, self.photos, document, Product.PREVIEW, language, now)
        job = rendering_job(spec, document.owner, document.id, self.times, now)
        rendering = {Product.PREVIEW: Rendering(job.id, document.version)}
        transact(self.jobs.client, [self.documents.change(add_renderings(document, rendering)), self.jobs.new(job)])


def _lacks_preview(document: Document) -> bool:
    """Tell whether a collage to which pictures were sent has no preview; who places others asks for it there."""
    is_sent = document.kind == DocumentKind.COLLAGE and any(each.sent for each in document.placed)
    return is_sent and Product.PREVIEW not in document.renderings
