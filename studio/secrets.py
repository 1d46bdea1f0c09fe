"""Secrets: read once from Secrets Manager and again after a minute, so that a rotation needs no deploy."""

import json
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import boto3

if TYPE_CHECKING:
    from types_boto3_secretsmanager import SecretsManagerClient

KEEP_SECONDS = 60.0
_STAGES = ("AWSCURRENT", "AWSPREVIOUS")

Values = Mapping[str, str]


class Secret:
    """One secret that holds a JSON object of strings.

    Parameters
    ----------
    name
        The secret's name, never its value.
    clock
        Seconds, steadily growing.
    """

    def __init__(
        self,
        name: str,
        client: "Callable[[], SecretsManagerClient] | None" = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._name = name
        self._connect = client or (lambda: boto3.client("secretsmanager"))
        self._clock = clock
        self._client: Any = None
        self._read_at = 0.0
        self._versions: list[Values] = []

    def current(self) -> Values:
        """Return the values to sign with."""
        return self.accepted()[0]

    def accepted(self) -> list[Values]:
        """Return the values to check with, newest first: what was signed before a rotation may arrive after it."""
        now = self._clock()
        if not self._versions or now - self._read_at > KEEP_SECONDS:
            self._versions = self._read()
            self._read_at = now
        return self._versions

    def _read(self) -> list[Values]:
        self._client = self._client or self._connect()
        found: list[Values] = []
        for stage in _STAGES:
            try:
                answer = self._client.get_secret_value(SecretId=self._name, VersionStage=stage)
            except self._client.exceptions.ResourceNotFoundException:
                if not found:
                    raise
            else:
                found.append(json.loads(answer["SecretString"]))
        return found
