"""What an owner does with several jobs at once: cancel all of a request, delete those that they chose."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from studio import ids
from studio.errors import ErrorType, StudioError, UnreadableError
from studio.jobs.actions import JobActions
from studio.jobs.model import Job
from studio.people.model import Caller
from studio.requests.table import Requests

R = TypeVar("R")

MAX_DELETED = 25  # each takes some calls, and a resolver has 30 s


@dataclass(frozen=True)
class JobBatches:
    """One owner's jobs, each acted on alone: one that fails keeps none of the others, and asking again goes on."""

    actions: JobActions
    requests: Requests

    def cancel_request(self, caller: Caller, request_id: str, now: datetime) -> list[Job]:
        """Cancel what a request made and has not ended; return all of its jobs that are there, by their index."""

        def cancel(id_: str) -> Job | None:
            with suppress(UnreadableError):  # it is left out, as in every list
                return self.actions.cancel(caller, id_, now)
            return None

        return _each(self.requests.made(caller.sub, request_id), cancel)

    def delete(self, caller: Caller, named: Sequence[str], now: datetime) -> list[str]:
        """Delete the caller's jobs that have ended, and return their ids: others are left as they are, and left out.

        Raises
        ------
        StudioError
            TOO_MANY_IDS, ID_MALFORMED: nothing was deleted.
        """
        if len(named) > MAX_DELETED:
            raise StudioError(
                ErrorType.TOO_MANY_IDS, f"At most {MAX_DELETED} jobs can be deleted at once.", max=MAX_DELETED
            )

        def delete(id_: str) -> str | None:
            try:
                return self.actions.delete(caller, id_, now)
            except StudioError as error:
                if error.type == ErrorType.JOB_NOT_FINISHED:
                    return None
                raise

        return _each([ids.checked(id_) for id_ in dict.fromkeys(named)], delete)


def _each(named: Sequence[str], act: Callable[[str], R | None]) -> list[R]:
    """Act on each; what failed is raised once all had their turn."""
    done, failures = list[R](), list[Exception]()
    for id_ in named:
        try:
            result = act(id_)
        except Exception as error:  # noqa: BLE001 - raised below
            failures.append(error)
        else:
            done += [] if result is None else [result]
    if failures:
        raise failures[0]
    return done
