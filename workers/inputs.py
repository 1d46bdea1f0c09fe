"""The images that a job works on."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from studio.jobs.model import Job
from studio.media.store import Media, MissingError
from workers.imaging.guard import MAX_STORED_BYTES
from workers.outcome import GONE, FinalError
from workers.provider import Pictures


@dataclass(frozen=True)
class _Stored(Pictures):
    """A job's images, read at each use: while a model works, those of a whole group would only take memory."""

    media: Media
    places: Mapping[str, str]

    def __getitem__(self, role: str) -> bytes:
        try:
            return self.media.read(self.places[role], MAX_STORED_BYTES).data
        except MissingError as error:
            raise FinalError(GONE) from error

    def __contains__(self, role: object) -> bool:
        return role in self.places

    def __iter__(self) -> Iterator[str]:
        return iter(self.places)

    def __len__(self) -> int:
        return len(self.places)


def inputs_of(job: Job, media: Media) -> Pictures:
    """Return the images that a job works on, by role.

    Raises
    ------
    FinalError
        One is gone.
    """
    keys = {role: image.key for role, image in job.image_spec.inputs.items()}
    if not all(media.exists(key) for key in keys.values()):
        raise FinalError(GONE)
    return _Stored(media, keys)
