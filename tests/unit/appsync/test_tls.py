"""The local authority, and the same application behind it."""

import ssl
from pathlib import Path

import pytest
from aiohttp import ClientConnectorCertificateError
from aiohttp.test_utils import TestServer

from local.appsync.http import application
from local.appsync.tls import server_context
from tests.unit.appsync.stage import Stage


@pytest.mark.system_date
async def test_clients_that_trust_the_authority_get_through(stage: Stage, tmp_path: Path) -> None:
    context = server_context(tmp_path)
    trusting = ssl.create_default_context(cafile=str(tmp_path / "ca.pem"))
    secure = TestServer(application(stage.gateway), scheme="https")
    await secure.start_server(ssl=context)
    try:
        for host in ("localhost", "127.0.0.1"):
            url = secure.make_url("/graphql").with_host(host)
            answer = await stage.session.post(
                url, json={"query": "{ open }"}, headers={"x-api-key": "da2-good"}, ssl=trusting
            )
            assert answer.status == 200
            headers = {"x-api-key": "da2-good"}
            socket = await stage.connect(url=url / "realtime", headers=headers, ssl=trusting)
            assert (await socket.receive_json())["type"] == "connection_ack"
        with pytest.raises(ClientConnectorCertificateError):
            await stage.session.get(secure.make_url("/healthz"), ssl=True)
    finally:
        await secure.close()


def test_the_authority_is_kept_and_its_key_is_private(tmp_path: Path) -> None:
    server_context(tmp_path)
    before = {name: (tmp_path / name).read_bytes() for name in ("ca.pem", "ca.key", "server.pem")}
    server_context(tmp_path)
    assert {name: (tmp_path / name).read_bytes() for name in before} == before
    assert (tmp_path / "ca.key").stat().st_mode & 0o077 == 0


def test_a_lost_leaf_is_made_again_by_the_same_authority(tmp_path: Path) -> None:
    server_context(tmp_path)
    authority, leaf = (tmp_path / "ca.pem").read_bytes(), (tmp_path / "server.pem").read_bytes()
    (tmp_path / "server.pem").unlink()
    server_context(tmp_path)
    assert (tmp_path / "ca.pem").read_bytes() == authority
    assert (tmp_path / "server.pem").read_bytes() != leaf
