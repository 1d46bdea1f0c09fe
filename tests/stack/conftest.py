"""One running stack for all tests of a session. NAMO_STACK=<path of a stack.json> takes one that already runs."""

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from local.stack import Stack
from tests.stack.client import StackClient


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[str, Any]]:
    """What stack.json holds."""
    if running := os.environ.get("NAMO_STACK"):
        yield json.loads(Path(running).read_text())
        return
    with Stack(tmp_path_factory.mktemp("stack"), done=lambda _: None, say=lambda _: None) as started:
        yield started.start()


@pytest.fixture(scope="session")
def client(stack: Mapping[str, Any]) -> StackClient:
    return StackClient(stack)
