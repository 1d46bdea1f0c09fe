"""Functions, invoked over Lambda's own API."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer
from botocore.credentials import Credentials

from local.appsync.aws import Aws
from local.appsync.invoke import LambdaError, LambdaInvoker

FUNCTION = "arn:aws:lambda:xx-test-1:123456789012:function:hello"


class FakeLambdaApi:
    def __init__(self) -> None:
        self.answer = web.Response(text="null")
        self.asked: list[tuple[web.Request, str]] = []

    async def invoke(self, request: web.Request) -> web.Response:
        self.asked.append((request, await request.text()))
        return self.answer


@pytest.fixture
def api() -> FakeLambdaApi:
    return FakeLambdaApi()


@pytest_asyncio.fixture(loop_scope="session")
async def invoker(api: FakeLambdaApi) -> AsyncIterator[LambdaInvoker]:
    app = web.Application()
    app.router.add_post("/{path:.*}", api.invoke)
    async with TestServer(app) as server, ClientSession() as session:
        endpoint = str(server.make_url("")).rstrip("/")
        yield LambdaInvoker(Aws(endpoint, "xx-test-1", Credentials("AKIA", "secret"), session))


async def test_a_signed_invocation(invoker: LambdaInvoker, api: FakeLambdaApi) -> None:
    api.answer = web.Response(text='{"a": 1}')
    assert await invoker.invoke(FUNCTION, {"b": [2]}) == {"a": 1}
    request, body = api.asked[0]
    assert request.raw_path == f"/2015-03-31/functions/{FUNCTION.replace(':', '%3A')}/invocations"
    assert request.headers["X-Amz-Invocation-Type"] == "RequestResponse"
    assert "Credential=AKIA/" in request.headers["Authorization"]
    assert "/xx-test-1/lambda/" in request.headers["Authorization"]
    assert body == '{"b": [2]}'


async def test_an_invocation_nobody_waits_for(invoker: LambdaInvoker, api: FakeLambdaApi) -> None:
    api.answer = web.Response(status=202)
    await invoker.send(FUNCTION, 1)
    assert api.asked[0][0].headers["X-Amz-Invocation-Type"] == "Event"


async def test_an_empty_answer_is_null(invoker: LambdaInvoker, api: FakeLambdaApi) -> None:
    api.answer = web.Response(text="")
    assert await invoker.invoke(FUNCTION, {}) is None


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ('{"errorMessage": "no", "errorType": "ValueError", "stackTrace": []}', "no"),
        ("{}", "The function failed."),
        ("3", "The function failed."),
    ],
)
async def test_a_function_that_raised(invoker: LambdaInvoker, api: FakeLambdaApi, body: str, message: str) -> None:
    api.answer = web.Response(text=body, headers={"X-Amz-Function-Error": "Unhandled"})
    with pytest.raises(LambdaError) as raised:
        await invoker.invoke(FUNCTION, {})
    assert (raised.value.message, raised.value.type) == (message, "Lambda:Unhandled")


@pytest.mark.parametrize(
    ("answer", "message", "kind"),
    [
        (
            web.Response(
                status=404, text='{"Message": "gone"}', headers={"x-amzn-ErrorType": "ResourceNotFoundException:x"}
            ),
            "gone",
            "Lambda:ResourceNotFoundException",
        ),
        (web.Response(status=429, text='{"__type": "TooManyRequestsException"}'), "TooManyRequestsException", None),
        (web.Response(status=500, text="<html>"), "ServiceException", None),
    ],
)
async def test_a_function_that_could_not_be_called(
    invoker: LambdaInvoker, api: FakeLambdaApi, answer: web.Response, message: str, kind: str | None
) -> None:
    api.answer = answer
    with pytest.raises(LambdaError) as raised:
        await invoker.invoke(FUNCTION, {})
    assert (raised.value.message, raised.value.type) == (message, kind or f"Lambda:{message}")


async def test_a_send_that_was_refused(invoker: LambdaInvoker, api: FakeLambdaApi) -> None:
    api.answer = web.Response(status=403, text='{"message": "not you"}')
    with pytest.raises(LambdaError, match="not you"):
        await invoker.send(FUNCTION, {})


async def test_lambda_out_of_reach() -> None:
    async with ClientSession() as session:
        invoker = LambdaInvoker(Aws("http://127.0.0.1:1", "xx-test-1", Credentials("a", "b"), session))
        with pytest.raises(LambdaError) as raised:
            await invoker.invoke(FUNCTION, {})
    assert raised.value.type == "Lambda:ServiceException"
