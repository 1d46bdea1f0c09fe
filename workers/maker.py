"""Who makes what a job asks for: images by their models; documents make themselves."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from tenacity import Retrying

from studio.images.model import JobKind
from studio.jobs.model import Job
from studio.media.store import Media
from workers.finish import result_of
from workers.inputs import inputs_of
from workers.provider import Providers
from workers.result import Result


@dataclass(frozen=True)
class Attempts:
    """How a job is tried: `retrying` what may do better in a moment, and `keep` its lease while work takes long."""

    retrying: Retrying
    keep: Callable[[], None]


class Maker(Protocol):
    """Makes a job's file, or raises TransientError or FinalError.

    None means that the model has taken the job in and tells later how it went, until the job's deadline.
    """

    def make(self, job: Job, attempts: Attempts) -> Result | None: ...


@dataclass(frozen=True)
class ImageMaker:
    """Has images made by the provider of their model and kind."""

    media: Media
    providers: Providers

    def make(self, job: Job, attempts: Attempts) -> Result | None:
        inputs = inputs_of(job, self.media)
        content = attempts.retrying(self.providers[job.model, JobKind(job.kind)].make, job, inputs)
        if content is None:
            return None
        if inputs:
            attempts.keep()  # putting a large image together takes seconds of its own
        return result_of(job, inputs, content)
