"""Exchange rates from their source to whoever asks, while it answers and while it does not."""

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from tests.stack.asking import ask, get
from tests.stack.behind import Behind
from tests.stack.client import StackClient

PAIR = {"base": "USD", "quote": "SGD"}


@pytest.fixture(autouse=True)
async def _anew(client: StackClient) -> AsyncIterator[None]:
    """Begin without a rate, and leave none that is held."""
    forget(client)
    yield
    forget(client)
    await source(client)


def forget(client: StackClient) -> None:
    key = {"pair": {"S": "USD/SGD"}}
    client.boto("dynamodb").delete_item(TableName=client.outputs["tables"]["Rates"], Key=key)


async def source(client: StackClient, **change: float) -> None:
    """Tell the source what to say from now on; `fail` is an HTTP status."""
    url = f"{client.outputs['bankUrl']}/_bank/rates"
    async with aiohttp.ClientSession() as session, session.put(url, json=change) as answer:
        assert answer.status == 200


async def rate(client: StackClient) -> dict[str, Any]:
    return await get(client, "api_key", "exchangeRate", **PAIR)


async def test_a_rate_is_kept_while_its_source_is_away(client: StackClient) -> None:
    assert (await ask(client, "api_key", "exchangeRate", **PAIR)).error_types == ["RATE_UNKNOWN"]
    await source(client, SGD=1.3125)
    assert "USD/SGD" in Behind(client).invoke("rates", {})["stored"]
    current = await rate(client)
    assert (current["rate"], current["source"]) == (1.3125, "PROVIDER")
    await source(client, fail=503)
    with pytest.raises(AssertionError, match="HTTP 503"):
        Behind(client).invoke("rates", {})
    kept = await rate(client)
    assert (kept["rate"], kept["asOf"]) == (current["rate"], current["asOf"])


async def test_an_administrator_s_rate_stands_and_is_recorded(client: StackClient) -> None:
    assert (await ask(client, "admin", "setExchangeRate", **PAIR, rate=1e-12)).error_types == ["RATE_OUT_OF_RANGE"]
    made = await get(client, "admin", "setExchangeRate", **PAIR, rate=1.5)
    assert (made["rate"], made["source"]) == (1.5, "ADMIN")
    await source(client, SGD=1.3)
    assert "USD/SGD" not in Behind(client).invoke("rates", {})["stored"]
    assert (await rate(client))["rate"] == 1.5
    (record,) = (await get(client, "admin", "auditTrail", subject="USD/SGD", limit=1))["items"]
    assert (record["act"], record["actor"]) == ("RATE_SET", client.person("admin").sub)
    assert record["sourceIp"]
