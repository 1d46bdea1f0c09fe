"""A document's own copies of pictures: what they were made from may expire, or be deleted, before the document is."""

from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from decimal import Decimal

from studio.albums.model import Document, Photo
from studio.albums.table import Documents, Photos, mark_arrived
from studio.dynamo import ConditionFailed
from studio.media.keys import photo_key, photo_prefix
from studio.media.model import StoredImage, Variants
from studio.media.store import Media, MissingError

# What waits for S3 at a time; an album of 200 pictures takes 800 copies.
_THREADS = 16
CENTRE = Decimal("0.5")

Picture = tuple[StoredImage, Variants]
FocalPoint = tuple[Decimal, Decimal]


class GoneError(Exception):
    """The document was deleted meanwhile."""


@dataclass(frozen=True)
class PhotoCopies:
    """Copies pictures into documents. Cut off anywhere, or done twice, it goes on from what is there."""

    documents: Documents
    photos: Photos
    media: Media

    def take(
        self,
        document: Document,
        pictures: Mapping[str, Picture],
        *,
        late: bool = False,
    ) -> Document:
        """Copy pictures, by the ids that the document knows them by, and return it as it now stands.

        One that was deleted meanwhile stays away, and keeps no other. `late` are those that were awaited no longer.

        Raises
        ------
        GoneError
        """
        found = [_photo(document, id_, picture) for id_, picture in pictures.items()]
        with ThreadPoolExecutor(_THREADS) as threads:
            missing = {id_ for id_ in threads.map(self._copy, _copies(found, pictures)) if id_}
            there = [photo for photo in found if photo.id not in missing]
            list(threads.map(self.photos.add, there))
        self.drop(document.owner, document.id, missing)
        return self._arrived(document, {photo.id for photo in there}, late=late) if there else document

    def _copy(self, copy: tuple[str, str, str]) -> str | None:
        """Copy one file, or return the id of the picture that has gone."""
        id_, source, target = copy
        try:
            self.media.copy(source, target)
        except MissingError:
            return id_
        return None

    def _arrived(self, document: Document, ids: set[str], *, late: bool) -> Document:
        try:
            row = self.documents.apply(mark_arrived(document.id, ids, late=late))
        except ConditionFailed:
            self.drop(document.owner, document.id, ids)  # the deletion may have looked before they came
            raise GoneError from None
        return replace(document, arrived=frozenset(row["arrived"]))

    def drop(self, owner: str, document: str, ids: Iterable[str]) -> None:
        """Remove copies that a document holds no longer."""
        for id_ in ids:
            self.media.delete_below(photo_prefix(owner, document, id_))
            self.photos.discard({"document": document, "id": id_})


def _photo(document: Document, id_: str, picture: Picture) -> Photo:
    image, variants = picture

    def copied(original: StoredImage, size: str | None = None) -> StoredImage:
        return replace(original, key=photo_key(document.owner, document.id, id_, size))

    sizes = {size: copied(variant, size) for size, variant in variants.items()}
    return Photo(document.id, id_, copied(image), sizes, *_focal_point(variants))


def _focal_point(variants: Variants) -> FocalPoint:
    """Return the guess of a picture's focal point; without one it is the middle."""
    guess = variants.get("thumbnail")
    if guess is None or guess.focal_x is None or guess.focal_y is None:
        return CENTRE, CENTRE
    return guess.focal_x, guess.focal_y


def _copies(photos: list[Photo], pictures: Mapping[str, Picture]) -> Iterator[tuple[str, str, str]]:
    """Yield whose each file is, where it is and where it goes; several sizes may be one file."""
    for photo in photos:
        image, variants = pictures[photo.id]
        pairs = {photo.image.key: image.key} | {photo.variants[name].key: each.key for name, each in variants.items()}
        yield from ((photo.id, source, target) for target, source in pairs.items())
