"""Syncing boards with rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from studio.boards.board import Board
from studio.boards.model import LinkMessage, Source, of_job, of_upload
from studio.dynamo import ConditionFailed
from studio.jobs.table import Jobs
from studio.media.table import Uploads
from studio.optimistic import retry


@dataclass(frozen=True)
class BoardSync:
    """Makes linked boards show the rows of jobs and uploads."""

    jobs: Jobs
    uploads: Uploads
    board: Board

    def sync(self, message: LinkMessage) -> None:
        """Link a picture as its row now is, or unlink it where the row is gone or has no picture.

        A message only says where to look, so that old, repeated and reordered ones do no harm; and the row is read
        again afterwards, because another message of it may be handled at the same time.
        """

        def attempt() -> None:
            shown = self._shown(message)
            for path in message.documents:
                self._write(path, shown)
            if self._shown(message) != shown:
                raise ConditionFailed({})

        retry(attempt)

    def _shown(self, message: LinkMessage) -> Mapping[str, Any] | None:
        if message.source == Source.JOB:
            job = self.jobs.find(message.id)
            return of_job(job) if job else None
        upload = self.uploads.find(message.id)
        return of_upload(upload) if upload else None

    def _write(self, path: str, shown: Mapping[str, Any] | None) -> None:
        if shown is None:
            self.board.remove(path)
        else:
            self.board.merge(path, shown)
