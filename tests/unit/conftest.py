"""The studio on an in-memory DynamoDB and S3."""

import json
import ssl
from collections.abc import Iterator
from functools import cache, partial
from threading import RLock
from typing import Any

import boto3
import pytest
import time_machine
from botocore.hooks import EVENT_ALIASES, EventAliaser
from botocore.loaders import JSONFileLoader, Loader
from botocore.useragent import UserAgentString
from moto import mock_aws

from studio import dynamo
from studio.clock import now
from studio.errors import StudioError
from tests.unit.memory_aws.direct_moto import connect
from tests.unit.memory_aws.quick_moto import quicken
from tests.unit.raised import Raised
from tests.unit.sentences import checking
from tests.unit.world import ADDRESS_KEYS, NOON, World


@pytest.fixture(scope="session", autouse=True)
def _read_once() -> Iterator[None]:
    """Read once what is always the same.

    Every HTTP client reads all the authorities that there are, every session of AWS the services that it has, and every
    call of AWS says anew which program makes it.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ssl, "create_default_context", cache(ssl.create_default_context))
        patch.setattr(UserAgentString, "to_string", cache(UserAgentString.to_string))
        patch.setattr(JSONFileLoader, "load_file", _kept(JSONFileLoader.load_file))
        patch.setattr(Loader, "list_available_services", _listed(Loader.list_available_services))
        patch.setattr(EventAliaser, "__init__", _aliasing(EventAliaser.__init__))
        yield


def _kept(load: Any) -> Any:
    read = cache(partial(load, JSONFileLoader()))
    return lambda _loader, path: read(path)


def _listed(find: Any) -> Any:
    """Each client looks through all folders of services, which are the same for all."""
    found: dict[Any, Any] = {}

    def listed(loader: Loader, type_name: str) -> Any:
        key = (*loader.search_paths, type_name)
        if key not in found:
            found[key] = find(loader, type_name)
        return found[key]

    return listed


def _aliasing(make: Any) -> Any:
    """Each client asks of each of its events whether it has another name."""
    names: dict[str, str] = {}

    def init(aliaser: Any, emitter: Any, aliases: Any = None) -> None:
        make(aliaser, emitter, aliases)
        if aliases is None or aliases == EVENT_ALIASES:
            aliaser._alias_name_cache = names

    return init


@pytest.fixture(scope="session", autouse=True)
def _in_words() -> Iterator[None]:
    """Every refusal of every unit test is in words."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(StudioError, "__init__", checking)
        yield


@pytest.fixture(scope="session")
def _memory() -> Iterator[World]:
    with pytest.MonkeyPatch.context() as patch, mock_aws():
        patch.setenv("AWS_DEFAULT_REGION", "ap-southeast-1")
        quicken(patch)
        client = connect(_one_at_a_time(boto3.client("dynamodb")))
        world = World.create(client, _one_at_a_time(boto3.client("s3")))
        patch.setattr(dynamo, "_shared", [world.client])
        secrets = boto3.client("secretsmanager")
        secrets.create_secret(Name="namo/test/addresses", SecretString=json.dumps(ADDRESS_KEYS))
        secrets.create_secret(Name="namo/test/downloads", SecretString="k" * 64)
        yield world


def _one_at_a_time(client: Any) -> Any:
    """AWS does each call as one; what is in memory has to be told so, or of two threads both meet a condition.

    A test may have something happen in the midst of a call: in the same thread, hence by calls of its own.
    """
    call, lock = client._make_api_call, RLock()

    def alone(operation: str, request: Any) -> Any:
        with lock:
            return call(operation, request)

    client._make_api_call = alone
    return client


@pytest.fixture
def world(_memory: World, request: pytest.FixtureRequest) -> Iterator[World]:
    """An empty studio at noon, whatever the date outside. Clients are made once: that is what takes time."""
    elsewhere = request.node.get_closest_marker("system_date")
    noon = now().replace(microsecond=0) if elsewhere else NOON
    with time_machine.travel(noon, tick=False) as clock:
        yield _memory.begin(clock, noon)


@pytest.fixture
def raised(capsys: pytest.CaptureFixture[str]) -> Raised:
    """The alarms that are raised meanwhile."""
    return Raised(capsys)
