"""Making albums and collages, and changing them: the row first, and then copies of the pictures that are new in it."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

from studio import ids
from studio.albums.content import Content
from studio.albums.delete import RenderingRemoval
from studio.albums.find import DocumentFinder
from studio.albums.model import Document, Placed
from studio.albums.photos import GoneError, PhotoCopies, Picture
from studio.albums.render import Renderer
from studio.albums.table import change, unmark_arrived
from studio.clock import iso
from studio.documents.spec import DocumentKind, Product
from studio.dynamo import ConditionFailed
from studio.errors import ContendedError, ErrorType, StudioError, UnreadableError
from studio.jobs.inputs import InputFinder
from studio.optimistic import retry
from studio.people.find_or_create import PersonFinder
from studio.people.model import Caller
from studio.sweeping import each as act_on_each

# Of one person's albums, and of their collages: their pictures are kept as long as they are.
MAX_DOCUMENTS = 200
# How long, in seconds, a picture that was named may take to be copied, before it counts as one that never came.
_COPY_SECONDS = 300


@dataclass(frozen=True)
class DocumentEditor:
    """Makes and changes one owner's documents."""

    finder: DocumentFinder
    copies: PhotoCopies
    renderer: Renderer
    removal: RenderingRemoval
    input_finder: InputFinder
    person_finder: PersonFinder

    def create(self, caller: Caller, content: Content, now: datetime) -> Document:
        """Make a document, with a preview where it is a collage that is complete.

        Raises
        ------
        StudioError
            TOO_MANY_DOCUMENTS, UPLOAD_UNKNOWN, UPLOAD_NOT_READY, UPLOAD_REJECTED, JOB_NOT_COMPLETED.
        """
        self.person_finder.caller(caller, now)
        self._check_room(caller, content.kind)
        placed = [replace(each, until=_until(now)) for each in content.placed or ()]
        pictures = self._found(caller, [each.id for each in placed], now)
        document = Document(
            id=ids.new(),
            owner=caller.sub,
            kind=content.kind,
            name=content.name,
            design=content.design,
            version=1,
            created_at=iso(now),
            updated_at=iso(now),
            description=content.description,
            caption=content.caption,
            background=content.background,
            placed=tuple(placed),
        )
        self.finder.documents.new(document)
        return self._previewed(caller, self._filled(document, pictures), now)

    def update(self, caller: Caller, id_: str, content: Content, now: datetime) -> Document | None:
        """Change a document; what was rendered of it before is no longer its own.

        Raises
        ------
        StudioError
            As `create`, but for TOO_MANY_DOCUMENTS.
        """

        def attempt() -> tuple[Document, Document, Mapping[str, Picture]] | None:
            before = self.finder.own(caller, id_, content.kind)
            if before is None:
                return None
            placed = before.placed if content.placed is None else _merged(before, content.placed, now)
            pictures = self._found(caller, _new(before, content.placed or (), now), now)
            after = _changed(before, content, placed, now)
            self.finder.documents.apply(change(before, after))
            return before, after, pictures

        changed = retry(attempt)
        if changed is None:
            return None
        before, after, pictures = changed
        filled = self._filled(after, pictures)
        self._drop(caller, after, before.arrived - after.arrived, now)
        # What cannot be removed now goes with the next change, or the document.
        act_on_each(
            [before], lambda found: self.removal.remove(found, now), what="rendering", name=lambda found: found.id
        )
        return self._previewed(caller, filled, now)

    def _check_room(self, caller: Caller, kind: DocumentKind) -> None:
        page = self.finder.documents.of_owner(caller.sub, kind, MAX_DOCUMENTS, None)
        if len(page.rows) >= MAX_DOCUMENTS:
            message = f"You have {MAX_DOCUMENTS} of these already. Please delete one first."
            raise StudioError(ErrorType.TOO_MANY_DOCUMENTS, message, max=MAX_DOCUMENTS)

    def _found(self, caller: Caller, ids_: Sequence[str], now: datetime) -> Mapping[str, Picture]:
        return self.input_finder.pictures(caller.sub, ids_, now) if ids_ else {}

    def _filled(self, document: Document, pictures: Mapping[str, Picture]) -> Document:
        """Copy pictures into a document; where it, or a picture, is deleted meanwhile, what is left of it stands."""
        with suppress(GoneError):
            return self.copies.take(document, pictures)
        return document

    def _drop(self, caller: Caller, document: Document, ids_: frozenset[str], now: datetime) -> None:
        """Remove copies that a document holds no longer, but for those that were put back at the same time."""
        self.copies.drop(document.owner, document.id, ids_)
        current = self.finder.documents.find(document.id) if ids_ else None
        back = [id_ for id_ in ids_ if current and current.holds(id_)]
        if current and back:
            with suppress(ConditionFailed, StudioError):
                self.finder.documents.apply(unmark_arrived(document.id, back))
                self._filled(current, self._found(caller, back, now))

    def _previewed(self, caller: Caller, document: Document, now: datetime) -> Document:
        """Have a collage's preview made, if it can be: without one it is as good as before."""
        if document.kind != DocumentKind.COLLAGE:
            return document
        with suppress(StudioError, ContendedError, UnreadableError):
            return self.renderer.render(caller, document.id, Product.PREVIEW, now) or document
        return document


def _until(now: datetime) -> int:
    return int(now.timestamp()) + _COPY_SECONDS


def _new(before: Document, placed: Sequence[Placed], now: datetime) -> list[str]:
    """Return the ids of pictures that are neither there nor sent by a form: an earlier copy may have been cut off."""
    sent = {each.id for each in before.photos(now.timestamp()) if each.sent}
    return [each.id for each in placed if each.id not in before.arrived | sent]


def _merged(before: Document, placed: Sequence[Placed], now: datetime) -> tuple[Placed, ...]:
    """Return the pictures with until when those are awaited that have not come."""
    awaited = {each.id: each for each in before.photos(now.timestamp()) if each.id not in before.arrived and each.sent}

    def waiting(placed: Placed) -> Placed:
        seen = awaited.get(placed.id)
        return replace(placed, until=seen.until, sent=True) if seen else replace(placed, until=_until(now))

    return tuple(each if each.id in before.arrived else waiting(each) for each in placed)


def _changed(before: Document, content: Content, placed: tuple[Placed, ...], now: datetime) -> Document:
    return replace(
        before,
        name=content.name,
        design=content.design,
        description=content.description,
        caption=content.caption,
        background=content.background,
        placed=placed,
        arrived=before.arrived & {each.id for each in placed},
        rejected=before.rejected & {each.id for each in placed},
        renderings={},
        jobs=frozenset(),
        version=before.version + 1,
        updated_at=iso(now),
    )
