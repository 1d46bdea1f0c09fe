"""Calling another function of the studio and waiting for its answer."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config

if TYPE_CHECKING:
    from types_boto3_lambda import LambdaClient


class FunctionFailedError(RuntimeError):
    """The function raised, or ran out of time; its own log says why."""


@dataclass(frozen=True)
class Function:
    """A function by its deployed name; it is called once, and given up after so many seconds."""

    name: str
    seconds: float
    connect: "Callable[[Config], LambdaClient]" = lambda config: boto3.client("lambda", config=config)

    def call(self, payload: Mapping[str, Any]) -> Any:
        """Return what it answers.

        Raises
        ------
        FunctionFailedError
        """
        client = self.connect(Config(read_timeout=self.seconds, retries={"total_max_attempts": 1}))
        answer = client.invoke(FunctionName=self.name, Payload=json.dumps(payload).encode())
        if answer.get("FunctionError"):
            raise FunctionFailedError(self.name)
        return json.loads(answer["Payload"].read())
