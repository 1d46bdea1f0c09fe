"""Serve one deployed API: ``python -m local.appsync --help``."""

import argparse
import asyncio
import json
import signal
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import aiohttp
import boto3
from aiohttp import web
from botocore.credentials import Credentials
from botocore.exceptions import BotoCoreError, ClientError
from graphql import GraphQLError

from local.loopback import HOST, runner

from .api import Api, read_api
from .aws import Aws
from .gateway import Gateway
from .http import ExplorerConfig, application
from .invoke import LambdaInvoker
from .javascript import JavaScript
from .tls import server_context

# As many may connect at once as a page full of clients does; beyond it the system tries again after a second.
_BACKLOG = 1024


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m local.appsync", description=__doc__)
    parser.add_argument("--aws-endpoint", required=True, help="URL of the emulator")
    parser.add_argument("--region", required=True)
    parser.add_argument("--api-id", required=True)
    parser.add_argument("--port", type=int, default=0, help="plain HTTP; 0 takes a free one")
    parser.add_argument("--tls-port", type=int, default=0, help="HTTPS; 0 takes a free one")
    parser.add_argument("--cert-dir", type=Path, required=True, help="where the local CA is kept (ca.pem)")
    parser.add_argument("--examples", type=_json, default=[], help="a JSON file of operations for the explorer's tabs")
    parser.add_argument("--accounts", type=_json, default={}, help="a JSON file of who may sign in there by a click")
    parser.add_argument("--descriptions", type=Path, help="an SDL file whose descriptions introspection shows")
    parser.add_argument("--title", default=ExplorerConfig.title, help="the explorer's")
    return parser.parse_args()


def _json(path: str) -> Any:
    return json.loads(Path(path).read_text(encoding="utf-8"))


def _credentials() -> Credentials:
    found = boto3.Session().get_credentials()
    if found is None:
        raise SystemExit("No AWS credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.")
    frozen = found.get_frozen_credentials()
    return Credentials(str(frozen.access_key), str(frozen.secret_key), frozen.token)


def _reader(options: argparse.Namespace) -> Callable[[], Awaitable[Api]]:
    client = boto3.client("appsync", endpoint_url=options.aws_endpoint, region_name=options.region)

    async def read() -> Api:
        described = options.descriptions.read_text(encoding="utf-8") if options.descriptions else ""
        return await asyncio.to_thread(read_api, client, options.api_id, described)

    return read


async def _first(gateway: Gateway, options: argparse.Namespace) -> None:
    try:
        await gateway.reload()
    except (BotoCoreError, ClientError, GraphQLError, OSError) as error:
        raise SystemExit(f"Cannot serve API {options.api_id} of {options.aws_endpoint}: {error}") from error


async def _listen(running: web.AppRunner, options: argparse.Namespace) -> None:
    context = server_context(options.cert_dir)
    await web.TCPSite(running, HOST, options.port, backlog=_BACKLOG).start()
    await web.TCPSite(running, HOST, options.tls_port, ssl_context=context, backlog=_BACKLOG).start()


async def _serve(options: argparse.Namespace) -> None:
    # No limit of connections: a request in flight holds one, and functions call back.
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        aws = Aws(options.aws_endpoint.rstrip("/"), options.region, _credentials(), session)
        javascript = JavaScript()
        gateway = Gateway(_reader(options), aws, LambdaInvoker(aws), javascript)
        await asyncio.gather(_first(gateway, options), javascript.start())
        explorer = ExplorerConfig(options.examples, list(options.accounts.values()), options.title)
        running = runner(application(gateway, explorer), shutdown_timeout=1.0)
        await running.setup()
        try:
            await _listen(running, options)
            stopped = _heed_signals(gateway)
            _announce(running, options)
            await stopped.wait()
        finally:
            await running.cleanup()
            await javascript.close()


def _announce(running: web.AppRunner, options: argparse.Namespace) -> None:
    port, tls_port = (address[1] for address in running.addresses)
    ready = {
        "ready": True,
        "graphqlUrl": f"http://localhost:{port}/graphql",
        "graphqlTlsUrl": f"https://localhost:{tls_port}/graphql",
        "caFile": str((options.cert_dir / "ca.pem").resolve()),
        "apiId": options.api_id,
    }
    print(json.dumps(ready), flush=True)


def _heed_signals(gateway: Gateway) -> asyncio.Event:
    """Read the API anew on SIGHUP; return what is set on SIGINT and SIGTERM."""
    loop, stopped = asyncio.get_running_loop(), asyncio.Event()
    reloads: set[asyncio.Task[None]] = set()

    def reload() -> None:
        task = loop.create_task(_reload(gateway))
        reloads.add(task)
        task.add_done_callback(reloads.discard)

    for each in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(each, stopped.set)
    loop.add_signal_handler(signal.SIGHUP, reload)
    return stopped


async def _reload(gateway: Gateway) -> None:
    try:
        await gateway.reload()
    except Exception as error:  # noqa: BLE001 - what was read before goes on being served
        print(json.dumps({"reloaded": False, "reason": str(error)}), flush=True)
    else:
        print(json.dumps({"reloaded": True}), flush=True)


if __name__ == "__main__":
    asyncio.run(_serve(_arguments()))
