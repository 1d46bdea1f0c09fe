"""Sending by SES."""

from collections.abc import Callable
from functools import cached_property
from typing import Any

import boto3
from botocore.config import Config

from studio.mail.model import MailEvent, Message

# SES knows no request twice, so a call whose answer is lost must not be made again by boto3: the queue tries again.
_ONCE = Config(connect_timeout=2, read_timeout=10, retries={"mode": "standard", "total_max_attempts": 1})
_UTF_8 = "UTF-8"


class RefusedError(Exception):
    """SES takes this message never: its address, or what it says."""


class Ses:
    """SES, as one sender with one configuration set."""

    def __init__(self, sender: str, configuration_set: str, client: Callable[[], Any] | None = None) -> None:
        self._sender = sender
        self._set = configuration_set
        self._make = client or (lambda: boto3.client("sesv2", config=_ONCE))

    @cached_property
    def _client(self) -> Any:
        return self._make()

    def send(self, to: str, message: Message, event: MailEvent) -> str:
        """Hand a message to SES, and return its name of it. Whom it is for goes with it, for what SES says of it later.

        Raises
        ------
        RefusedError
        """
        refusals = self._client.exceptions.MessageRejected, self._client.exceptions.BadRequestException
        try:
            answer = self._client.send_email(
                FromEmailAddress=self._sender,
                Destination={"ToAddresses": [to]},
                ConfigurationSetName=self._set,
                EmailTags=[{"Name": "kind", "Value": event.kind}, {"Name": "person", "Value": event.person}],
                Content={
                    "Simple": {
                        "Subject": {"Data": message.subject, "Charset": _UTF_8},
                        "Body": {
                            "Text": {"Data": message.text, "Charset": _UTF_8},
                            "Html": {"Data": message.html, "Charset": _UTF_8},
                        },
                        "Headers": [{"Name": name, "Value": value} for name, value in message.headers.items()],
                    }
                },
            )
        except refusals as refused:
            # What SES says may hold the address.
            raise RefusedError(type(refused).__name__) from None
        return answer["MessageId"]
