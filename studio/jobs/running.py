"""How many jobs one person may have under way: a set in their row, cleared of what has ended when it is full."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from studio.dynamo import ConditionFailed, transact
from studio.errors import ErrorType, StudioError
from studio.jobs import states
from studio.jobs.table import Jobs
from studio.people.model import Person
from studio.people.table import People


@dataclass(frozen=True)
class RunningJobs:
    """People's running jobs, of which each may have `most`."""

    jobs: Jobs
    people: People
    most: int

    def make_room(self, person: Person, count: int, now: datetime) -> None:
        """Take what has ended out of a person's running jobs, unless what still runs is too much already.

        What was canceled still runs while its worker may be at it. A job without a row has been deleted, or the
        transaction that makes it is being written: our check waits for it.

        Raises
        ------
        StudioError
            TOO_MANY_RUNNING.
        """
        rows = {row["id"]: row for row in self.jobs.rows([*person.running])}
        gone = person.running - rows.keys()
        ended = {*gone, *(id_ for id_, row in rows.items() if not states.holds_worker(row, now))}
        if len(person.running - ended) + count > self.most:
            message = (
                f"At most {self.most} of your images and renderings can be in the making at once, canceled ones too"
                " until their work has stopped. Please wait for some to end."
            )
            raise StudioError(ErrorType.TOO_MANY_RUNNING, message, max=self.most)
        with suppress(ConditionFailed):  # then the next try looks again
            writes = [self.people.ended(person.id, "running", ended), *(self.jobs.absent(id_) for id_ in gone)]
            transact(self.jobs.client, writes)
