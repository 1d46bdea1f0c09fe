"""Handing jobs to their workers: grouped, asynchronous, repeatable."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from studio.jobs.model import Job

if TYPE_CHECKING:
    from types_boto3_lambda import LambdaClient

# A worker runs its group at once, waiting for the model most of the time; eight full images fit in its memory.
GROUP = 8


@dataclass(frozen=True)
class Dispatch:
    """Invokes workers; `functions` maps a worker's name to its Lambda function."""

    client: "LambdaClient"
    functions: Mapping[str, str]

    def send(self, jobs: Iterable[Job]) -> None:
        """Tell each job's worker. Told twice, a worker finds the job claimed and does nothing."""
        for worker, ids in _groups(jobs):
            self.client.invoke(
                FunctionName=self.functions[worker],
                InvocationType="Event",
                Payload=json.dumps({"jobs": ids}).encode(),
            )


def _groups(jobs: Iterable[Job]) -> Iterator[tuple[str, list[str]]]:
    by_worker: defaultdict[str, list[str]] = defaultdict(list)
    for job in jobs:
        by_worker[job.worker].append(job.id)
    for worker, ids in by_worker.items():
        for start in range(0, len(ids), GROUP):
            yield worker, ids[start : start + GROUP]
