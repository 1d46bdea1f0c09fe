"""Handing jobs to their workers: grouped, asynchronous, repeatable."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from studio.jobs.model import Job
from studio.sweeping import each

if TYPE_CHECKING:
    from types_boto3_lambda import LambdaClient

# A worker runs its group at once, waiting for the model most of the time; eight full images fit in its memory.
GROUP = 8
# Documents are work from beginning to end, and one of them may fill the function's files.
_GROUPS = {"documents": 1}


@dataclass(frozen=True)
class Dispatch:
    """Invokes workers; `functions` maps a worker's name to its Lambda function."""

    client: "LambdaClient"
    functions: Mapping[str, str]

    def send(self, jobs: Iterable[Job]) -> list[Job]:
        """Invoke each job's worker, and return the jobs whose worker could not be invoked.

        Invoked twice, a worker finds the job claimed and does nothing.
        """
        failed = each(_groups(jobs), self._invoke, what="jobs to hand out", name=_named)
        return [job for group in failed for job in group]

    def _invoke(self, group: list[Job]) -> None:
        self.client.invoke(
            FunctionName=self.functions[group[0].worker],
            InvocationType="Event",
            Payload=json.dumps({"jobs": [job.id for job in group]}).encode(),
        )


def _groups(jobs: Iterable[Job]) -> Iterator[list[Job]]:
    by_worker: defaultdict[str, list[Job]] = defaultdict(list)
    for job in jobs:
        by_worker[job.worker].append(job)
    for worker, group in by_worker.items():
        size = _GROUPS.get(worker, GROUP)
        for start in range(0, len(group), size):
            yield group[start : start + size]


def _named(group: list[Job]) -> str:
    return f"{group[0].worker}: {' '.join(job.id for job in group)}"
