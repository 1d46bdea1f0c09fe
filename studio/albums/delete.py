"""Deleting albums and collages: the mark first, which nobody sees past, then all that is theirs, then the row."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter

from studio.albums.find import DocumentFinder
from studio.albums.item import document_from_item
from studio.albums.model import Document
from studio.albums.table import Documents, mark_deleted, remove_jobs
from studio.documents.spec import DocumentKind
from studio.dynamo import ConditionFailed
from studio.errors import UnreadableError
from studio.jobs.actions import JobActions
from studio.media.keys import document_prefix
from studio.media.store import Media
from studio.people.model import Caller, Role
from studio.sweeping import each, put_off


@dataclass
class SweptDocuments:
    """How many deletions a sweep finished, and could not finish this time."""

    deleted: int = 0
    errors: int = 0


@dataclass(frozen=True)
class RenderingRemoval:
    """Removes the jobs that rendered a document, with what they made; what is not yet made is not made."""

    documents: Documents
    job_actions: JobActions

    def remove(self, document: Document, now: datetime) -> None:
        owner = Caller(document.owner, Role.USER)
        for id_ in document.jobs:
            with suppress(UnreadableError):  # it was completed
                self.job_actions.cancel(owner, id_, now)
            self.job_actions.delete(owner, id_, now)
        if document.jobs:
            with suppress(ConditionFailed):  # the document is being deleted
                self.documents.apply(remove_jobs(document.id, document.jobs))


@dataclass(frozen=True)
class DocumentDeletions:
    """Deletes documents. Cut off anywhere, or done twice at once, it goes on from what is there."""

    finder: DocumentFinder
    job_actions: JobActions
    media: Media

    def delete(self, caller: Caller, id_: str, kind: DocumentKind, now: datetime) -> str | None:
        """Delete the caller's document, and return its id."""
        document = self.finder.own(caller, id_, kind)
        if document is None:
            return None
        marked = self.mark(document, now)
        # What cannot be finished now the sweeper finishes.
        each([marked], lambda found: self.finish(found, now), what="deletion", name=lambda found: found.id)
        return id_

    def mark(self, document: Document, now: datetime) -> Document:
        """Take a document out of every view."""
        with suppress(ConditionFailed):  # somebody else was quicker
            return document_from_item(self.finder.documents.apply(mark_deleted(document, now)))
        return document

    def finish(self, document: Document, now: datetime) -> None:
        """Remove a marked document's renderings, pictures and rows.

        Raises
        ------
        UndeletedError
            Storage kept an object; the mark stays.
        """
        RenderingRemoval(self.finder.documents, self.job_actions).remove(document, now)
        self.remove(document.owner, document.id)

    def remove(self, owner: str, id_: str) -> None:
        """Remove a document's pictures and rows, whatever its own row holds.

        Raises
        ------
        UndeletedError
            Storage kept an object; the row stays.
        """
        self.media.delete_below(document_prefix(owner, id_))
        self.finder.photos.remove_all(id_)
        self.finder.documents.remove(id_)

    def sweep(self, now: datetime) -> SweptDocuments:
        """Finish the deletions that were cut off. One that cannot be is put off, and keeps no other from its turn."""
        done, table = SweptDocuments(), self.finder.documents
        for rows in table.due(now):
            failed = each(
                rows,
                lambda row: self.finish(document_from_item(row), now),
                what="deletion",
                name=itemgetter("id"),
                put_off=lambda row: put_off(table, row, now),
            )
            done.deleted += len(rows) - len(failed)
            done.errors += len(failed)
        return done
