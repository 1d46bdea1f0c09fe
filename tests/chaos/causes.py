"""Which of the faults explains why a job failed: an error type that none does is a fault of ours, and no promise."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from studio.jobs.states import MAX_CLAIMS
from tests.chaos.plan import Request
from tests.stack.books import Row

_AWAY, _REJECTED = frozenset({"PROVIDER_UNAVAILABLE"}), frozenset({"PROVIDER_REJECTED"})
# What each trouble at the provider may come to. Where others of a request took fewer of its faults, one may meet more.
OF_TROUBLE: Mapping[str, frozenset[str]] = {
    "fine": frozenset(),
    "slow": frozenset(),
    **dict.fromkeys(("bad moment", "429 for ever", "5xx for ever", "late once", "cut off"), _AWAY),
    **dict.fromkeys(("garbage", "refused"), _REJECTED),
    "blocked": frozenset({"SAFETY_BLOCKED"}),
}


@dataclass(frozen=True)
class Causes:
    """What went wrong: at the provider, how many workers were killed, and of which objects S3 refused a call."""

    requests: Sequence[Request]
    workers_killed: int
    refused: frozenset[str]

    def explain(self, job: Row) -> bool:
        match job["errorCode"]:
            case "TIMED_OUT":
                return True  # something is always away, and holds jobs up
            case "INTERNAL":
                return self._was_lost(job) or self._could_not_be_stored(job)
            case code:
                return code in OF_TROUBLE[self._trouble(job)]

    def _was_lost(self, job: Row) -> bool:
        return self.workers_killed > 0 and int(job["claims"]) >= MAX_CLAIMS

    def _could_not_be_stored(self, job: Row) -> bool:
        return any(prefix in path for prefix in job.get("prefixes", ()) for path in self.refused)

    def _trouble(self, job: Row) -> str:
        return next(each.trouble for each in self.requests if each.mark in job["spec"]["prompt"])
