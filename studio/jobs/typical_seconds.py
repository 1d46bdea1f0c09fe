"""How long a model's images take, counted from those that were made last."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from studio.clock import parse
from studio.jobs.model import Job, JobStatus
from studio.jobs.table import Jobs

_LATEST = 100  # jobs: what the index and the table answer in a call each
_KEPT = timedelta(minutes=5)


@dataclass
class TypicalSeconds:
    """Looks at the latest images at most every five minutes, and in between says what it found then."""

    jobs: Jobs
    _found: Mapping[str, int] = field(default_factory=dict[str, int])
    _until: datetime | None = None

    def by_model(self, now: datetime) -> Mapping[str, int]:
        """Return the median of what people waited, by model; one that made none of the latest images is not there."""
        if self._until is None or not now < self._until <= now + _KEPT:
            self._found, self._until = self._counted(), now + _KEPT
        return self._found

    def _counted(self) -> Mapping[str, int]:
        keys = self.jobs.of_status(JobStatus.COMPLETED, _LATEST, None).rows
        waited: dict[str, list[float]] = {}
        for job in self.jobs.find_many([key["id"] for key in keys]):
            if not job.is_document:
                waited.setdefault(job.model, []).append(_seconds(job))
        return {model: _median(each) for model, each in waited.items()}


def _seconds(job: Job) -> float:
    """Return how long it took from the request to the image."""
    return (parse(job.ended_at or job.updated_at) - parse(job.created_at)).total_seconds()


def _median(seconds: list[float]) -> int:
    return max(1, round(sorted(seconds)[len(seconds) // 2]))
