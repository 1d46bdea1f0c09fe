"""What every image model is to its worker."""

from collections.abc import Mapping
from typing import Protocol

from studio.images.model import JobKind
from studio.jobs.model import Job

# The images that a job works on, by role, each as an encoded file.
Pictures = Mapping[str, bytes]


class Provider(Protocol):
    """A model behind one kind of job: it answers the bytes of one image, or raises TransientError or FinalError.

    None means that the model has taken the job in and reports later how it went, until the job's deadline.
    """

    def make(self, job: Job, inputs: Pictures) -> bytes | None: ...


# Which provider makes a model's images of a kind.
Providers = Mapping[tuple[str, JobKind], Provider]
