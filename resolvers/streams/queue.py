"""What the handlers of our own queues share: a message that no further try can help with, and the batch's answer."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import boto3
from aws_lambda_powertools.logging import Logger

if TYPE_CHECKING:
    from types_boto3_sqs import SQSClient

Message = Mapping[str, Any]

log = Logger()


@dataclass(frozen=True)
class LostMessages:
    """The dead-letter queue of a queue, by its address: what is of no use is there at once, with its cause."""

    queue: str

    @cached_property
    def _client(self) -> "SQSClient":
        return boto3.Session().client("sqs")  # of a session of its own: threads come here

    def give_up(self, message: Message, cause: str) -> bool:
        """Put a message there, and tell whether it is; what it holds is somebody's and is not logged."""
        details = {"message_id": message["messageId"], "cause": cause}
        log.error("a message is given up", extra=details)
        try:
            self._client.send_message(
                QueueUrl=self.queue,
                MessageBody=message["body"],
                MessageAttributes={"cause": {"DataType": "String", "StringValue": cause}},
            )
        except Exception:
            log.exception("a message could not be given up", extra=details)
            return False
        return True


def failures(messages: Iterable[Message]) -> dict[str, Any]:
    """Return Lambda's partial batch response: these come again, alone."""
    return {"batchItemFailures": [{"itemIdentifier": message["messageId"]} for message in messages]}
