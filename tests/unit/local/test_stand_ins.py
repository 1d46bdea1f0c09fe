import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from local import stand_ins
from local.stand_ins import chromium, configure_endpoints, missing
from tests.unit.local.test_outputs import FACTS

Put = tuple[str, Any]


@pytest.fixture
def puts() -> Iterator[tuple[str, list[Put]]]:
    """A models server that takes endpoints' configurations: its address, and what it was told."""
    told: list[Put] = []

    class Taking(BaseHTTPRequestHandler):
        def do_PUT(self) -> None:
            told.append((self.path, json.loads(self.rfile.read(int(self.headers["content-length"])))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
            pass

    with HTTPServer(("127.0.0.1", 0), Taking) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", told
        server.shutdown()


def test_every_endpoint_is_told_where_it_writes_and_whom_it_tells(puts: tuple[str, list[Put]]) -> None:
    url, told = puts
    configure_endpoints(url, FACTS)
    ((path, configuration),) = told
    assert path == "/_endpoints/namo-local-sdxl"
    assert configuration.pop("coldSeconds") > 0
    assert configuration == {
        "outputPath": "s3://media/inference/output/",
        "successTopic": "arn:success",
        "errorTopic": "arn:error",
    }


def test_a_chromium_by_any_of_its_names_will_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    browser = tmp_path / "google-chrome"
    browser.write_text("#!/bin/sh\n")
    browser.chmod(0o755)
    assert chromium() == str(browser)
    assert missing() == []


def test_what_is_missing_is_said_with_what_it_means(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(stand_ins, "node_folder", lambda: str(tmp_path))
    no_chromium, no_node = missing()
    assert chromium() == ""
    assert no_chromium.startswith("No Chromium")
    assert no_node.startswith("No Node")
    assert all("nanobanana-basic" in gap for gap in (no_chromium, no_node))
