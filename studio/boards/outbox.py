"""Notifying the boards: a queue of their own, so that nothing waits for them."""

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from studio.boards.model import LinkMessage, Source
from studio.jobs.model import Job
from studio.links import Link
from studio.media.model import Upload

if TYPE_CHECKING:
    from types_boto3_sqs import SQSClient


@dataclass(frozen=True)
class Outbox:
    """Where news of linked pictures goes; a picture without a link is none of the boards' business."""

    client: "SQSClient"
    queue: str

    def notify_job(self, job: Job) -> None:
        if job.link:
            self.notify_row(job.id, job.link)

    def notify_row(self, job_id: str, link: Link) -> None:
        """Notify of a job of which no more can be read than where it is linked."""
        self._send(LinkMessage(Source.JOB, job_id, link))

    def notify_upload(self, upload: Upload) -> None:
        if upload.link:
            self.notify_removed_upload(upload.id, upload.link)

    def notify_removed_upload(self, upload_id: str, link: Link) -> None:
        """Notify of an upload of which no more may be known than where it was linked."""
        self._send(LinkMessage(Source.UPLOAD, upload_id, link))

    def _send(self, message: LinkMessage) -> None:
        self.client.send_message(QueueUrl=self.queue, MessageBody=json.dumps(message.message()))
