import base64
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from google import genai
from google.auth.transport.requests import Request
from google.genai import types
from google.oauth2 import service_account
from PIL import Image

from local.models.oauth import ServiceAccount
from local.models.painters import Painters
from local.processes import free_ports
from tests.unit.service_accounts import account_info, new_key
from tests.unit.workers.endpoints import clear_faults, models

ROOT = Path(__file__).resolve().parents[3]
SCOPE = "https://www.googleapis.com/auth/cloud-platform"


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

    def client(
        self, timeout_ms: int = 10_000, headers: dict[str, str] | None = None, location: str = "global"
    ) -> genai.Client:
        options = types.HttpOptions(base_url=self.url, timeout=timeout_ms, headers=headers)
        return genai.Client(
            vertexai=True,
            project="namo-local",
            location=location,
            credentials=self.credentials(),
            http_options=options,
        )

    def faults(self, *faults: str, **rule: Any) -> None:
        httpx.post(f"{self.url}/_faults", json={"faults": faults, **rule}).raise_for_status()

    def calls(self) -> dict[str, Any]:
        return httpx.get(f"{self.url}/_calls").json()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    (port,) = free_ports([None])
    url = f"http://127.0.0.1:{port}"
    info = account_info(new_key(), f"{url}/token")
    file = tmp_path_factory.mktemp("models") / "account.json"
    file.write_text(json.dumps(info))
    with models(Painters(), ServiceAccount.read(file), port):
        yield Server(url, info)


@pytest.fixture
def clean(server: Server) -> Iterator[Server]:
    """The server, which forgets afterwards what it was to do wrong."""
    yield server
    clear_faults(server.url)


def png(
    colour: str,
    size: tuple[int, int] = (96, 64),
    other: str = "black",
    box: tuple[int, int, int, int] | None = None,
) -> str:
    """Draw a picture of one colour, or with a box of another, as the endpoints take it."""
    image = Image.new("RGB", size, colour)
    if box:
        image.paste(other, box)
    out = io.BytesIO()
    image.save(out, "PNG")
    return base64.b64encode(out.getvalue()).decode()
