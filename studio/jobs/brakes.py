"""What closes a person's generation for an hour: too many images that came to nothing after a model was paid for."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from studio.clock import millis
from studio.jobs.model import Job, JobErrorCode, JobStatus
from studio.people.model import Person

WINDOW = timedelta(hours=1)


@dataclass(frozen=True)
class Brake:
    """How many of its kind there may be within an hour; `name` is the attribute that keeps their times."""

    name: str
    most: int
    sentence: str

    def counted(self, person: Person, now: datetime) -> tuple[list[int], bool]:
        """Count one more, and tell whether it is one too many."""
        times = [at for at in person.counted[self.name] if at > millis(now - WINDOW)] + [millis(now)]
        return times[-self.most :], len(times) > self.most


BLOCKS = Brake("blocks", 10, "Too many of your images were blocked by the safety filter. Please try again in an hour.")
# As many as may be in the making at once.
CANCELS = Brake(
    "cancels", 24, "Too many of your images were canceled while they were being made. Please try again in an hour."
)


def brake_of(job: Job) -> Brake | None:
    """Return what a job without an image counts towards; one that was canceled before work began cost nothing."""
    if job.failure and job.failure.code == JobErrorCode.SAFETY_BLOCKED:
        return BLOCKS
    return CANCELS if job.status == JobStatus.CANCELED and job.claims else None


def sentence_of(person: Person) -> str:
    """Return why a person's generation is closed."""
    return CANCELS.sentence if person.closed_by == CANCELS.name else BLOCKS.sentence
