"""Code that changes while the stack runs is live in the functions, without a deploy."""

import asyncio
from pathlib import Path

import pytest

from tests.stack.asking import ask
from tests.stack.client import StackClient
from tests.stack.runs import copied, running, wait_until

SENTENCE = "Give me a prompt of 1 to 4,000 characters."
NEWER = "A prompt of 1 to 4,000 characters, please."


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    return copied(tmp_path / "clone")


async def refusal(client: StackClient) -> str:
    wanted = {"clientRequestId": "one", "model": "nanobanana-pro", "prompt": ""}
    answer = await ask(client, "user", "generateImages", input=wanted)
    return answer.errors[0]["message"]


def test_a_change_is_live_at_once_and_a_mistake_is_told(tmp_path: Path, clone: Path) -> None:
    with running(tmp_path / "state", clone) as run:
        client = StackClient(run.ready())
        before = asyncio.run(refusal(client))
        source = next(path for path in (clone / "studio").rglob("*.py") if before in path.read_text())
        source.write_text(source.read_text().replace(before, NEWER))
        wait_until(lambda: "api code live" in run.said)
        assert asyncio.run(refusal(client)) == NEWER
        (clone / "infra/stages.py").write_text("def broken(:\n")
        wait_until(lambda: "SyntaxError" in run.said)
        assert asyncio.run(client.points("user")) == 20
