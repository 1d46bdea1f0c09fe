"""The function behind the boards' queue, with its own credential and a real Firestore."""

import importlib
import json
from collections.abc import Callable, Collection, Iterator
from functools import cache
from typing import Any

import boto3
import firebase_admin
import pytest
from google.api_core.exceptions import (
    Aborted,
    DeadlineExceeded,
    InternalServerError,
    InvalidArgument,
    NotFound,
    OutOfRange,
    PermissionDenied,
    ResourceExhausted,
    ServiceUnavailable,
    Unauthenticated,
)

from resolvers.streams.queue import LostMessages
from studio.boards.board import Board
from studio.boards.model import LinkMessage, Source
from studio.boards.sync import BoardSync
from tests.unit.boards.conftest import fields
from tests.unit.resolvers.conftest import ENVIRONMENT
from tests.unit.service_accounts import account_info, new_key
from tests.unit.world import World

pytestmark = pytest.mark.system_date  # a call of gRPC ends at a time of the system's clock

LINK = {"boardId": "handled"}


@cache
def account(project: str = "namo-test") -> str:
    return json.dumps(account_info(new_key(), "http://127.0.0.1:9/token", project))


@pytest.fixture
def dead_letters(world: World) -> Iterator[str]:
    queue: Any = boto3.client("sqs")
    url = queue.create_queue(QueueName="boards-lost")["QueueUrl"]
    yield url
    queue.delete_queue(QueueUrl=url)


@pytest.fixture
def handler(world: World, firestore_host: str, dead_letters: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    more = {"FIREBASE_PROJECT": "namo-test", "FIREBASE_SECRET": "firebase", "FIRESTORE_EMULATOR_HOST": firestore_host}
    for name, value in {**ENVIRONMENT, **more, "BOARDS_LOST": dead_letters}.items():
        monkeypatch.setenv(name, value)
    before = {*apps()}
    put(account())
    yield importlib.reload(importlib.import_module("resolvers.streams.boards"))
    for app in {*apps()} - before:
        firebase_admin.delete_app(app)


def apps() -> Collection[Any]:
    return firebase_admin._apps.values()  # pyright: ignore[reportPrivateUsage, reportAttributeAccessIssue]


def put(secret: str) -> None:
    manager = boto3.client("secretsmanager")
    try:
        manager.put_secret_value(SecretId="firebase", SecretString=secret)
    except manager.exceptions.ResourceNotFoundException:
        manager.create_secret(Name="firebase", SecretString=secret)


Lost = Callable[[], list[tuple[str, str]]]


@pytest.fixture
def lost(dead_letters: str) -> Lost:
    """Take what lies in the dead letters, with the cause."""
    queue: Any = boto3.client("sqs")

    def taken() -> list[tuple[str, str]]:
        asked = {"MaxNumberOfMessages": 10, "MessageAttributeNames": ["cause"]}
        received = queue.receive_message(QueueUrl=dead_letters, **asked).get("Messages", [])
        return [(each["Body"], each["MessageAttributes"]["cause"]["StringValue"]) for each in received]

    return taken


def record(id_: str, body: str) -> dict[str, str]:
    return {"messageId": id_, "body": body}


def test_a_batch_is_handled_and_what_is_no_message_is_given_up(
    handler: Any, world: World, database: Any, lost: Lost
) -> None:
    world.joined()
    uploads = [world.uploaded(link=LINK) for _ in range(3)]
    good = [record(id_, json.dumps(LinkMessage(Source.UPLOAD, id_, LINK).message())) for id_ in uploads]
    bad = ["{", "[]", '{"job": "1"}', "[" * 9_000]
    answer = handler.handler({"Records": [*good, *(record(body[:9], body) for body in bad)]}, None)
    assert answer == {"batchItemFailures": []}
    assert sorted(lost()) == sorted(
        zip(bad, ["JSONDecodeError", "TypeError", "KeyError", "RecursionError"], strict=True)
    )
    for id_ in uploads:
        assert (fields(database, f"boards/handled/items/{id_}") or {})["owner"] == "user-1"


class Firestore:
    """Answers every write with an error."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def document(self, _: str) -> Any:
        return self

    def _refuse(self, *_: Any, **__: Any) -> None:
        raise self.error

    set = delete = _refuse


def tried(handler: Any, world: World, error: Exception, link: dict[str, str] = LINK) -> list[Any]:
    board = Board(Firestore(error))  # pyright: ignore[reportArgumentType]
    handler.board_sync = lambda _: BoardSync(world.jobs, world.uploads, board)
    body = json.dumps(LinkMessage(Source.JOB, "1", link).message())
    return handler.handler({"Records": [record("m", body)]}, None)["batchItemFailures"]


@pytest.mark.parametrize("error", [InvalidArgument("__x__ is reserved"), OutOfRange("no")])
def test_what_firestore_refuses_for_good_goes_to_the_dead_letters_at_once(
    handler: Any, world: World, lost: Lost, error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    link = {"boardId": "__somebodys_secret__"}
    assert tried(handler, world, error, link) == []
    assert lost() == [(json.dumps(LinkMessage(Source.JOB, "1", link).message()), type(error).__name__)]
    (said,) = (str(record.__dict__) for record in caplog.records)
    assert type(error).__name__ in said
    assert "secret" not in said
    assert "reserved" not in said


@pytest.mark.parametrize(
    "error",
    [
        ServiceUnavailable("later"),
        DeadlineExceeded("later"),
        ResourceExhausted("later"),
        Aborted("later"),
        InternalServerError("later"),
        PermissionDenied("an operator gives it back"),
        Unauthenticated("an operator mends it"),
        NotFound("the database is not there yet"),
    ],
)
def test_what_may_pass_comes_again(handler: Any, world: World, lost: Lost, error: Exception) -> None:
    assert tried(handler, world, error) == [{"itemIdentifier": "m"}]
    assert lost() == []


def test_what_cannot_be_given_up_comes_again(handler: Any, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handler, "_lost", LostMessages("https://sqs.ap-southeast-1.amazonaws.com/1/none"))
    assert tried(handler, world, InvalidArgument("no")) == [{"itemIdentifier": "m"}]


def test_while_firestore_is_away_every_message_comes_again(handler: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    class Away:
        def sync(self, _: LinkMessage) -> None:
            raise ConnectionError

    monkeypatch.setattr(handler, "board_sync", lambda _: Away())
    records = [record(str(i), json.dumps(LinkMessage(Source.JOB, "1", LINK).message())) for i in range(12)]
    assert len(handler.handler({"Records": records}, None)["batchItemFailures"]) == 12


def test_a_credential_that_is_replaced_is_used_without_a_new_start(handler: Any, world: World) -> None:
    before = handler.board_sync(handler._secret.text())
    put(account("another"))
    assert handler.board_sync(handler._secret.text()) is before
    handler._secret._kept.clear()  # a minute later
    assert handler.board_sync(handler._secret.text()) is not before
