"""Where albums and collages are kept: the Documents table, and the Photos table with what they hold."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from operator import itemgetter
from typing import Any

from studio.albums.item import (
    content_to_item,
    document_from_item,
    document_to_item,
    list_of,
    photo_from_item,
    photo_to_item,
    placed_to_item,
    renderings_to_item,
)
from studio.albums.model import Document, Photo, Placed, Rendering
from studio.clock import after, iso, millis
from studio.documents.spec import DocumentKind, Product
from studio.dynamo import ConditionFailed, Item, Page, Table, Update, update
from studio.paging import due, pages, rows_of
from studio.sweeping import readable

OPEN = "open"
# How long who deletes has to finish, before the sweeper does it.
GRACE_SECONDS = 30
_THERE = "attribute_exists(#id) AND attribute_not_exists(#deletedAt)"
_BATCH = 100


class Documents(Table):
    """The Documents table."""

    def new(self, document: Document) -> None:
        self.insert(document_to_item(document), new="id")

    def find(self, id_: str) -> Document | None:
        """Return a document that has not been deleted.

        Raises
        ------
        UnreadableError
        """
        document = self.find_even_deleted(id_)
        return None if document is None or document.deleted_at else document

    def find_even_deleted(self, id_: str) -> Document | None:
        row = self.get({"id": id_})
        return document_from_item(row) if row else None

    def find_many(self, ids: Sequence[str]) -> list[Document]:
        """Return the documents that there are and can be read, in the order of their ids."""
        found = readable(rows_of(self, ids), document_from_item, what="document to read", name=itemgetter("id"))
        return [each for each in found if not each.deleted_at]

    def of_owner(self, owner: str, kind: DocumentKind, limit: int, start: Item | None) -> Page:
        return self.query("#list = :list", {"list": list_of(owner, kind)}, index="byOwner", limit=limit, start=start)

    def due(self, now: datetime) -> Iterator[list[Item]]:
        """Yield the rows whose deletion was not finished."""
        return due(self, OPEN, now)

    def remove(self, id_: str) -> None:
        self.discard({"id": id_})


class Photos(Table):
    """The Photos table: a partition for each document."""

    def add(self, photo: Photo) -> None:
        """Keep what is known of a picture; that it is known already is fine."""
        with suppress(ConditionFailed):
            self.insert(photo_to_item(photo), new="id")

    def of_document(self, document: str) -> dict[str, Photo]:
        """Return a document's pictures by their ids, without those that cannot be read."""
        found = readable(self._rows(document), photo_from_item, what="photo to read", name=itemgetter("id"))
        return {each.id: each for each in found}

    def remove_all(self, document: str) -> None:
        for row in self._rows(document):
            self.discard({"document": document, "id": row["id"]})

    def _rows(self, document: str) -> list[Item]:
        def read(start: Item | None) -> Page:
            return self.query("#document = :document", {"document": document}, limit=_BATCH, start=start)

        return [row for rows_ in pages(read) for row in rows_]


# ---- changes, each conditional on what was read


def change(before: Document, after_: Document) -> Update:
    """Describe a change of what the owner says of a document: whatever was rendered before goes with it."""
    content = {
        **content_to_item(after_),
        "arrived": set(after_.arrived) or None,
        "rejected": set(after_.rejected) or None,
    }
    sets = {"arrived": before.arrived, "rejected": before.rejected}  # they grow without a new version
    same = [f"#{name} = :{name}" if seen else f"attribute_not_exists(#{name})" for name, seen in sets.items()]
    return update(
        {"id": before.id},
        condition=" AND ".join(["#version = :seen", "attribute_not_exists(#deletedAt)", *same]),
        values={"seen": before.version, **{name: set(seen) for name, seen in sets.items() if seen}},
        set=content,
        remove=[name for name, value in content.items() if value is None],
    )


def add_renderings(document: Document, products: Mapping[Product, Rendering]) -> Update:
    """Describe that jobs render a document as it is now."""
    return update(
        {"id": document.id},
        condition="#version = :seen AND #renderings = :before AND attribute_not_exists(#deletedAt)",
        values={"seen": document.version, "before": renderings_to_item(document.renderings)},
        set={"renderings": renderings_to_item({**document.renderings, **products})},
        add={"jobs": {each.job for each in products.values()}},
    )


def add_placed(id_: str, owner: str, kind: DocumentKind, placed: Placed, most: int, now: datetime) -> Update:
    """Describe that a picture will come to a document, which may hold so many."""
    return update(
        {"id": id_},
        condition="#owner = :owner AND #kind = :kind AND attribute_not_exists(#deletedAt) AND size(#placed) < :most",
        values={"owner": owner, "kind": kind, "most": most},
        set={"updatedAt": iso(now), "renderings": {}},
        append={"placed": placed_to_item(placed)},
        add={"version": 1},
    )


def mark_arrived(id_: str, photos: Collection[str], *, late: bool = False) -> Update:
    """Describe that pictures have come; what was rendered when they were awaited no longer is without them."""
    anew: tuple[dict[str, Any], dict[str, Any]] = ({"renderings": {}}, {"version": 1}) if late else ({}, {})
    return update({"id": id_}, condition=_THERE, set=anew[0], add={"arrived": {*photos}, **anew[1]})


def unmark_arrived(id_: str, photos: Collection[str]) -> Update:
    """Describe that the copies of pictures are gone."""
    return update({"id": id_}, condition=_THERE, delete={"arrived": {*photos}})


def remove_jobs(id_: str, jobs: Collection[str]) -> Update:
    """Describe that jobs that rendered the document are gone."""
    return update({"id": id_}, condition=_THERE, delete={"jobs": {*jobs}})


def reject_photo(id_: str, photo: str) -> Update:
    """Describe that a picture will not come, because it cannot be used."""
    return update({"id": id_}, condition=_THERE, add={"rejected": {photo}})


def mark_deleted(document: Document, now: datetime) -> Update:
    """Mark a document as deleted, and have the sweeper look whether the rest was done."""
    return update(
        {"id": document.id},
        condition=_THERE,
        set={"deletedAt": iso(now), "open": OPEN, "due": millis(after(now, GRACE_SECONDS))},
        remove=("list",),
    )
