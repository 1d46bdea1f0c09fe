"""The function behind the boards' queue, with its own credential and a real Firestore."""

import importlib
import json
from collections.abc import Collection, Iterator
from typing import Any

import boto3
import firebase_admin
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from studio.boards.model import News, Source
from tests.unit.boards.conftest import fields
from tests.unit.resolvers.conftest import ENVIRONMENT
from tests.unit.world import World

pytestmark = pytest.mark.system_date  # a call of gRPC ends at a time of the system's clock

LINK = {"boardId": "handled"}


def account() -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    about = {"client_email": "boards@namo.test", "token_uri": "http://127.0.0.1:9/token", "project_id": "namo-test"}
    return json.dumps({"type": "service_account", "private_key": pem.decode(), "private_key_id": "1", **about})


@pytest.fixture
def handler(world: World, firestore_host: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    more = {"FIREBASE_PROJECT": "namo-test", "FIREBASE_SECRET": "firebase", "FIRESTORE_EMULATOR_HOST": firestore_host}
    for name, value in {**ENVIRONMENT, **more}.items():
        monkeypatch.setenv(name, value)
    before = {*apps()}
    put(account())
    yield importlib.reload(importlib.import_module("resolvers.boards"))
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


def record(id_: str, body: str) -> dict[str, str]:
    return {"messageId": id_, "body": body}


def test_a_batch_is_followed_and_only_what_failed_comes_again(handler: Any, world: World, database: Any) -> None:
    world.joined()
    uploads = [world.uploaded(link=LINK) for _ in range(3)]
    good = [record(id_, json.dumps(News(Source.UPLOAD, id_, LINK).message())) for id_ in uploads]
    bad = [record("no-json", "{"), record("no-news", "[]"), record("no-link", '{"job": "1"}')]
    answer = handler.handler({"Records": [*good, *bad]}, None)
    assert answer == {"batchItemFailures": [{"itemIdentifier": id_} for id_ in ("no-json", "no-news", "no-link")]}
    for id_ in uploads:
        assert (fields(database, f"boards/handled/items/{id_}") or {})["owner"] == "user-1"


def test_while_firestore_is_away_every_message_comes_again(handler: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    class Away:
        def follow(self, _: News) -> None:
            raise ConnectionError

    monkeypatch.setattr(handler, "follower", lambda _: Away())
    records = [record(str(i), json.dumps(News(Source.JOB, "1", LINK).message())) for i in range(12)]
    assert len(handler.handler({"Records": records}, None)["batchItemFailures"]) == 12


def test_a_credential_that_is_replaced_is_used_without_a_new_start(handler: Any, world: World) -> None:
    before = handler.follower(handler._secret.text())
    put(account())
    assert handler.follower(handler._secret.text()) is before
    handler._secret._kept.clear()  # a minute later
    assert handler.follower(handler._secret.text()) is not before
