import json
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from google import genai
from google.auth.transport.requests import Request
from google.genai import types
from google.oauth2 import service_account

from local.models.oauth import ServiceAccount
from local.models.painters import Painters
from tests.unit.workers.endpoints import models

ROOT = Path(__file__).resolve().parents[3]
SCOPE = "https://www.googleapis.com/auth/cloud-platform"


def new_key() -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()


def account_info(key: str, token_uri: str) -> dict[str, str]:
    return {
        "type": "service_account",
        "project_id": "namo-local",
        "private_key_id": "local",
        "private_key": key,
        "client_email": "worker@namo-local.iam.gserviceaccount.com",
        "token_uri": token_uri,
    }


@dataclass
class Server:
    url: str
    info: dict[str, str]

    def credentials(self) -> service_account.Credentials:
        return service_account.Credentials.from_service_account_info(self.info, scopes=[SCOPE])

    def token(self) -> str:
        credentials = self.credentials()
        credentials.refresh(Request())
        return str(credentials.token)

    def client(self, timeout_ms: int = 10_000, headers: dict[str, str] | None = None) -> genai.Client:
        options = types.HttpOptions(base_url=self.url, timeout=timeout_ms, headers=headers)
        return genai.Client(
            vertexai=True,
            project="namo-local",
            location="global",
            credentials=self.credentials(),
            http_options=options,
        )

    def faults(self, *faults: str, **rule: Any) -> None:
        httpx.post(f"{self.url}/_faults", json={"faults": faults, **rule}).raise_for_status()

    def calls(self) -> dict[str, Any]:
        return httpx.get(f"{self.url}/_calls").json()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    info = account_info(new_key(), f"{url}/token")
    file = tmp_path_factory.mktemp("models") / "account.json"
    file.write_text(json.dumps(info))
    with models(Painters(), ServiceAccount.read(file), port):
        yield Server(url, info)
