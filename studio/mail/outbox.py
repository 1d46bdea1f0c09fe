"""The mail queue: what people are to be written of."""

from typing import TYPE_CHECKING

from studio.mail.item import event_to_message
from studio.mail.model import MailEvent

if TYPE_CHECKING:
    from types_boto3_sqs import SQSClient


class MailOutbox:
    """The queue of mails: `mail` sends them, each once, however often it is queued."""

    def __init__(self, client: "SQSClient", queue: str) -> None:
        self._client = client
        self._queue = queue

    def send(self, event: MailEvent) -> None:
        self._client.send_message(QueueUrl=self._queue, MessageBody=event_to_message(event))
