"""A gateway in this process, over a small API, a fake emulator and a fake Lambda."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from aiohttp import ClientSession
from aiohttp.test_utils import TestServer
from botocore.credentials import Credentials
from cryptography.hazmat.primitives.asymmetric import rsa

from local.appsync.api import Api
from local.appsync.aws import Aws
from local.appsync.gateway import Gateway
from local.appsync.http import ExplorerConfig, application
from local.appsync.javascript import JavaScript
from tests.unit.appsync.stage import ACCOUNT, EXAMPLES, TITLE, FakeEmulator, FakeLambda, Stage, small_api


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the tests of this folder in one loop, the one that the Node process belongs to."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents and pytest_asyncio.is_async_test(item):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest.fixture(scope="session")
def key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def javascript() -> AsyncIterator[JavaScript]:
    """One Node process for all tests: starting it is what takes time."""
    node = JavaScript()
    yield node
    await node.close()


@pytest_asyncio.fixture(loop_scope="session")
async def stage(key: rsa.RSAPrivateKey, javascript: JavaScript) -> AsyncIterator[Stage]:
    emulator, function = FakeEmulator(key), FakeLambda()
    async with TestServer(emulator.application()) as emulating, ClientSession() as outgoing, ClientSession() as session:
        aws = Aws(str(emulating.make_url("")).rstrip("/"), "xx-test-1", Credentials("test", "test"), outgoing)
        holder: list[Stage] = []

        async def read() -> Api:
            return holder[0].api if holder else small_api()

        gateway = Gateway(read, aws, function, javascript)
        await gateway.reload()
        async with TestServer(application(gateway, ExplorerConfig(EXAMPLES, [ACCOUNT], TITLE))) as server:
            holder.append(Stage(gateway, server, session, function, emulator, small_api()))
            yield holder[0]
            for socket in holder[0].sockets:
                await socket.close()
