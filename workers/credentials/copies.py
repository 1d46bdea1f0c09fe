"""The copies of results that are downloaded: marked, labelled if that is wanted, and signed; made once."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, Final

from studio.images.model import Input
from studio.jobs.model import Job, JobStatus
from studio.jobs.table import Jobs
from studio.media.keys import signed_key
from studio.media.model import StoredObject
from studio.media.store import ExistsError, Media, MissingError
from workers.credentials.label import drawn
from workers.credentials.manifest import INPUT, PARENT, Ingredient, made, manifest, relationships
from workers.credentials.signer import Signer
from workers.imaging import guard
from workers.imaging.guard import MAX_STORED_BYTES
from workers.imaging.xmp import has_manifest, with_packet
from workers.marking import mark_of

# Of a picture that was changed again and again: what lies further back is in those copies' own manifests, if at all.
_DEPTH: Final = 5
_LABELLED: Final = {"action": "c2pa.edited", "description": "A visible label was laid into the picture."}
_TRANSCODED: Final = {"action": "c2pa.transcoded"}


class NoImageError(RuntimeError):
    """The job has no image to sign."""


@dataclass(frozen=True)
class CopyFormat:
    """What a copy is to be: of which type, and whether with a visible label."""

    content_type: str
    labelled: bool = False


@dataclass(frozen=True)
class SignedCopies:
    """Makes signed copies of what jobs made."""

    jobs: Jobs
    media: Media
    signer: Signer

    def make(self, job_id: str, format_: CopyFormat) -> str:
        """Return the key of a job's signed copy, which is made if it is not there.

        Raises
        ------
        NoImageError
        """
        job = self.jobs.find(job_id)
        if job is None:
            raise NoImageError
        return self._copy(job, format_, _DEPTH)

    def _copy(self, job: Job, format_: CopyFormat, depth: int) -> str:
        if job.image is None or job.status != JobStatus.COMPLETED:
            raise NoImageError
        key = signed_key(job.image.key, labelled=format_.labelled, content_type=format_.content_type)
        if not self.media.exists(key):
            content = self._signed(job, self.media.read(job.image.key, MAX_STORED_BYTES).data, format_, depth)
            with suppress(ExistsError):
                self.media.put_new(StoredObject(key, format_.content_type), content, job.id)
            if self.jobs.find(job.id) is None:  # who deleted it may have looked before the copy came
                self.media.delete_object(key)
                raise NoImageError
        return key

    def _signed(self, job: Job, content: bytes, format_: CopyFormat, depth: int) -> bytes:
        header, mark = guard.look(content, MAX_STORED_BYTES).header, mark_of(job)
        ingredients, actions = self._ingredients(job, depth), list[dict[str, Any]]()
        if has_manifest(content, header):  # its provider says more of how it was made than we could
            ingredients = [Ingredient(PARENT, header.content_type, content), *(_inputs(ingredients))]
        elif ingredients and ingredients[0].relationship == PARENT:
            actions.append(made(mark, "c2pa.edited"))
        if format_ != CopyFormat(header.content_type):
            content = drawn(content, format_.content_type, labelled=format_.labelled)
            actions += [_LABELLED] if format_.labelled else []
            actions += [_TRANSCODED] if format_.content_type != header.content_type else []
        marked = with_packet(content, guard.look(content, MAX_STORED_BYTES).header, mark.packet)
        return self.signer.sign(marked, format_.content_type, manifest(mark, ingredients, actions), ingredients)

    def _ingredients(self, job: Job, depth: int) -> list[Ingredient]:
        """Return the pictures that a job works on, what it changed first, and those that are gone."""
        inputs = job.image_spec.inputs
        found = [self._ingredient(inputs[role], rel, depth) for role, rel in relationships(job).items()]
        return sorted(found, key=lambda each: each.relationship != PARENT)

    def _ingredient(self, image: Input, relationship: str, depth: int) -> Ingredient:
        try:
            return Ingredient(relationship, *self._file(image, depth))
        except (MissingError, NoImageError):
            return Ingredient(relationship, image.content_type, None)

    def _file(self, image: Input, depth: int) -> tuple[str, bytes]:
        """Return a picture's type and bytes: of one that was made here the signed copy, with all that it says."""
        source = self.jobs.find(image.id) if depth else None
        if source and source.image and source.status == JobStatus.COMPLETED:
            key = self._copy(source, CopyFormat(source.image.content_type), depth - 1)
            return source.image.content_type, self.media.read(key, MAX_STORED_BYTES).data
        return image.content_type, self.media.read(image.key, MAX_STORED_BYTES).data


def _inputs(ingredients: list[Ingredient]) -> Iterator[Ingredient]:
    return (replace(each, relationship=INPUT) for each in ingredients)
