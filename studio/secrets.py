"""Secrets: read once from Secrets Manager and again after a minute, so that a rotation needs no deploy."""

import json
import time
from collections.abc import Callable, Mapping
from threading import Lock
from typing import TYPE_CHECKING, Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from studio.alarms import Alarm, raise_alarm

if TYPE_CHECKING:
    from types_boto3_secretsmanager import SecretsManagerClient

KEEP_SECONDS = 60.0
_CURRENT, _PREVIOUS = "AWSCURRENT", "AWSPREVIOUS"

Values = Mapping[str, str]


class Secret:
    """One secret: a text, which may be a JSON object of strings. Threads may share it.

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
        # A session of its own: making clients from the shared one is not thread-safe.
        self._connect = client or (lambda: boto3.Session().client("secretsmanager"))
        self._clock = clock
        self._client: Any = None
        self._kept: dict[str, tuple[float, str | None]] = {}
        self._lock = Lock()

    def text(self) -> str:
        """Return the value to sign with."""
        text = self._version(_CURRENT)
        assert text is not None
        return text

    def current(self) -> Values:
        """Return the values to sign with."""
        return json.loads(self.text())

    def accepted(self) -> list[Values]:
        """Return the values to check with, newest first: what was signed before a rotation may arrive after it."""
        current = self.current()
        return [current, *self._previous(current)]

    def _previous(self, current: Values) -> list[Values]:
        """Return the version before, unless it was never one to sign with, such as a placeholder."""
        text = self._version(_PREVIOUS)
        try:
            values = json.loads(text) if text else None
        except ValueError:
            return []
        return [values] if isinstance(values, dict) and values.keys() == current.keys() else []

    def _version(self, stage: str) -> str | None:
        with self._lock:
            kept, now = self._kept.get(stage), self._clock()
            if kept is None or now - kept[0] > KEEP_SECONDS:
                kept = self._kept[stage] = now, self._read(stage, kept)
            return kept[1]

    def _read(self, stage: str, kept: tuple[float, str | None] | None) -> str | None:
        """Ask for a version; while nobody answers, what is known stays good."""
        self._client = self._client or self._connect()
        try:
            return self._client.get_secret_value(SecretId=self._name, VersionStage=stage)["SecretString"]
        except self._client.exceptions.ResourceNotFoundException as error:
            if stage != _CURRENT:
                return None
            self._alarm(error)
            raise
        except (BotoCoreError, ClientError) as error:
            self._alarm(error)
            if kept is None:
                raise
            return kept[1]

    def _alarm(self, error: Exception) -> None:
        raise_alarm(Alarm.SECRET_UNREADABLE, secret=self._name, error=type(error).__name__)
