"""The boards themselves: Firestore, written with merges and deletes of single documents only."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from google.cloud.firestore import Client

_SECONDS = 5.0  # for one write: what Firestore does not take by then comes again from the queue


@dataclass(frozen=True)
class Board:
    """Documents by their path. Every write can be repeated; one that fails raises what Firestore's client raises."""

    client: "Client"

    def merge(self, path: str, fields: Mapping[str, Any]) -> None:
        self.client.document(path).set(dict(fields), merge=True, retry=None, timeout=_SECONDS)

    def remove(self, path: str) -> None:
        self.client.document(path).delete(retry=None, timeout=_SECONDS)
