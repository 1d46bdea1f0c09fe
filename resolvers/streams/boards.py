"""Keeps the boards in Firestore up to date, from a queue of its own: while Firestore is away, messages wait there."""

import json
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache, partial
from typing import Any

import firebase_admin
from aws_lambda_powertools.logging import Logger
from firebase_admin import credentials, firestore
from google.api_core.exceptions import InvalidArgument, OutOfRange
from google.auth import load_credentials_from_dict
from google.auth.credentials import Credentials

from resolvers.streams.queue import LostMessages, Message, failures
from studio import ids
from studio.boards.board import Board
from studio.boards.model import LinkMessage
from studio.boards.sync import BoardSync
from studio.errors import UnreadableError
from studio.jobs.table import Jobs
from studio.media.table import Uploads
from studio.secrets import Secret
from studio.settings import jobs as settings
from studio.settings.environment import read_settings

_SCOPES = ("https://www.googleapis.com/auth/datastore",)
_THREADS = 10  # a batch
# What is wrong with the write itself: its path, its fields, its size. All else may pass, a lost right or a database
# that is not there among it: an operator mends it, and it concerns every message alike.
_FOR_GOOD = (InvalidArgument, OutOfRange)

log = Logger()
config = read_settings(settings.Boards)
_secret = Secret(config.firebase_secret)
_lost = LostMessages(config.boards_lost)


class _SecretCredential(credentials.Base):
    """Whatever Google credential the secret holds: on AWS best a workload identity, which is no key."""

    def __init__(self, credential: Credentials) -> None:
        super().__init__()
        self._credential = credential

    def get_credential(self) -> Credentials:
        return self._credential


@lru_cache(maxsize=1)
def board_sync(secret: str) -> BoardSync:
    """Return what syncs with this credential; a new one makes an app of its own, for apps cannot change theirs."""
    credential, _ = load_credentials_from_dict(json.loads(secret), scopes=_SCOPES)
    app = firebase_admin.initialize_app(
        _SecretCredential(credential), {"projectId": config.firebase_project}, ids.new()
    )
    return BoardSync(Jobs(config.jobs_table), Uploads(config.uploads_table), Board(firestore.client(app)))


def handler(event: Mapping[str, Any], _context: Any) -> dict[str, Any]:
    """Handle a batch of messages; those that could not be handled come again, alone, unless that is of no use."""
    records: Sequence[Message] = event["Records"]
    one = partial(_synced, board_sync(_secret.text()))  # made once, before there are threads
    with ThreadPoolExecutor(_THREADS) as threads:
        done = list(threads.map(one, records))
    return failures(record for record, handled in zip(records, done, strict=True) if not handled)


def _synced(by: BoardSync, record: Message) -> bool:
    try:
        by.sync(LinkMessage.read(record["body"]))
    except (*_FOR_GOOD, UnreadableError) as error:
        return _lost.give_up(record, type(error.__cause__ or error).__name__)
    except Exception:
        log.exception("boards could not be brought up to date", extra={"message_id": record["messageId"]})
        return False
    return True
