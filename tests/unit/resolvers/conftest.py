"""The Lambda handlers, imported as Lambda imports them: with their environment set."""

import importlib
import json
from collections.abc import Callable, Iterator
from http.server import HTTPServer
from types import ModuleType
from typing import Any, Protocol

import boto3
import pytest

from studio import ids
from tests.unit.resolvers.graphql_api import Api
from tests.unit.serving import serving
from tests.unit.world import World

ENVIRONMENT = {
    "JOBS_TABLE": "Jobs",
    "PEOPLE_TABLE": "People",
    "LEDGER_TABLE": "Ledger",
    "REQUESTS_TABLE": "Requests",
    "USAGE_TABLE": "Usage",
    "UPLOADS_TABLE": "Uploads",
    "DOCUMENTS_TABLE": "Documents",
    "PHOTOS_TABLE": "Photos",
    "ORDERS_TABLE": "Orders",
    "ORDER_DOCUMENTS_TABLE": "OrderDocuments",
    "PRINT_ORDERS_TABLE": "PrintOrders",
    "PRINTER_URL": "http://127.0.0.1:9/v4.0",
    "PRINTER_SECRET": "namo/test/printer",
    "PRINTER_CALLBACK_URL": "https://hooks.namo.example/printer",
    "AUDIT_TABLE": "Audit",
    "PAYMENTS_TABLE": "Payments",
    "PAYMENT_EVENTS_TABLE": "PaymentEvents",
    "QUOTES_TABLE": "Quotes",
    "PAYMENT_SECONDS": "3600",
    "FINGERPRINTS_TABLE": "Fingerprints",
    "CREDENTIALS_CHECK_FUNCTION": "namo-credentials-check",
    "CREDENTIALS_FUNCTION": "namo-credentials",
    "LABEL_DOWNLOADS": "false",
    "ACCOUNTS_RECONCILER": "namo-reconciler",
    "MEDIA_BUCKET": "media",
    "USER_POOL_ID": "ap-southeast-1_pool",
    "SECOND_FACTOR": "false",
    "ADDRESSES_TABLE": "Addresses",
    "ADDRESSES_SECRET": "namo/test/addresses",
    "SIGN_UP_POINTS": "20",
    "FREE_IMAGES_PER_DAY": "3",
    "JOB_TTL_DAYS": "30",
    "RUNNING_JOBS": "24",
    "RATES_TABLE": "Rates",
    "RATES_URL": "http://127.0.0.1:9/v6/latest/USD",
    "LINK_SECONDS": "900",
    "DOWNLOADS_URL": "https://files.namo.example",
    "DOWNLOADS_SECRET": "namo/test/downloads",
    "LEASE_SECONDS": "150",
    "DEADLINE_SECONDS": "840",
    "PATIENT_DEADLINE_SECONDS": "3600",
    "WORKERS": '{"vertex": "namo-vertex"}',
    "RETIREMENTS": "{}",
    "BOARDS_QUEUE": "https://sqs/boards",
    "UNREAD_QUEUE": "https://sqs.ap-southeast-1.amazonaws.com/123456789012/unread",
    "GRAPHQL_URL": "http://127.0.0.1:9/graphql",
    "POWERTOOLS_SERVICE_NAME": "test",
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
}


class Load(Protocol):
    """Imports a handler's module afresh."""

    def __call__(self, name: str, **environment: str) -> ModuleType: ...


@pytest.fixture
def load(world: World, monkeypatch: pytest.MonkeyPatch) -> Load:
    def load_(name: str, **environment: str) -> ModuleType:
        for variable, value in {**ENVIRONMENT, **environment}.items():
            monkeypatch.setenv(variable, value)
        return importlib.reload(importlib.import_module(name))

    return load_


@pytest.fixture
def unread(world: World, monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[Any]]:
    """The dead letters, as they are taken out."""
    assert world
    sqs = boto3.client("sqs")
    queue = sqs.create_queue(QueueName=ids.new())["QueueUrl"]
    monkeypatch.setitem(ENVIRONMENT, "UNREAD_QUEUE", queue)

    def taken() -> list[Any]:
        found = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages", [])
        return [json.loads(message.get("Body", "")) for message in found]

    return taken


@pytest.fixture
def api() -> Iterator[str]:
    Api.published, Api.headers_seen, Api.refuse, Api.views = [], [], set(), []
    with serving(HTTPServer(("127.0.0.1", 0), Api)) as url:
        yield f"{url}/graphql"
