"""A model that has a day to be retired at, and the one that does its jobs from then on."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from studio.clock import now
from studio.jobs.model import Job
from workers.outcome import RETIRED, FinalError
from workers.provider import Pictures, Provider


@dataclass(frozen=True)
class RetiringProvider:
    """Asks `first` until the day it retires (UTC), and `then` from that day on, or as soon as `first` is gone."""

    first: Provider
    retires_on: date
    then: Provider

    def make(self, job: Job, inputs: Pictures) -> bytes | None:
        """Ask whoever's turn it is; raises what that one raises."""
        if now().date() >= self.retires_on:
            return self.then.make(job, inputs)
        try:
            return self.first.make(job, inputs)
        except FinalError as error:
            if error.failure != RETIRED:
                raise
        return self.then.make(job, inputs)


@dataclass(frozen=True)
class LazyProvider:
    """A provider that is made with its first job."""

    build: Callable[[], Provider]

    @cached_property
    def _provider(self) -> Provider:
        return self.build()

    def make(self, job: Job, inputs: Pictures) -> bytes | None:
        return self._provider.make(job, inputs)
