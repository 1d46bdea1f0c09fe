"""Stacks come and go: side by side, again on the same folder, and gone without a trace however they end.

To start one takes long, so each start serves several questions, and each end is another way to end.
"""

import asyncio
import json
import signal
import sys
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from local.ministack import ROOT
from tests.stack.client import StackClient
from tests.stack.runs import PATIENCE_SECONDS, Run, processes_of, running, wait_until

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


def client_of(run: Run) -> StackClient:
    return StackClient(run.ready())


def in_the_middle_of_work(client: StackClient) -> None:
    """A generation whose model takes a minute: the worker's process is busy in a call."""
    slow = json.dumps({"contains": "a slow tide", "faults": ["slow:60"], "repeat": True}).encode()
    headers = {"content-type": "application/json"}
    request = urllib.request.Request(f"{client.outputs['modelsUrl']}/_faults", slow, headers)
    urllib.request.urlopen(request, timeout=10).close()

    async def begin() -> None:
        async with client.subscribe(as_="admin") as events:
            (job,) = await client.generate("admin", prompt="a slow tide")
            async for event in events:
                if (event["onJob"]["id"], event["onJob"]["status"]) == (job["id"], "PROCESSING"):
                    return

    asyncio.run(asyncio.wait_for(begin(), 60))


def ended(run: Run, end: signal.Signals) -> None:
    """End a stack in the middle of work: however it ends, it leaves no process."""
    in_the_middle_of_work(client_of(run))
    workers = [line for line in processes_of(run.folder) if "ministack-lambda" in line]
    assert workers, "no warm function process to leave behind"
    code = run.stop(end)
    wait_until(lambda: not processes_of(run.folder), seconds=20)
    assert code == (0 if end != signal.SIGKILL else -signal.SIGKILL)


def test_a_second_stack_on_the_same_folder_is_refused(stack: Mapping[str, Any]) -> None:
    second = Run(Path(stack["caFile"]).parent.parent)
    assert second.process.wait(PATIENCE_SECONDS) == 1
    assert "already running" in second.said


def test_two_stacks_know_nothing_of_each_other(tmp_path: Path, client: StackClient) -> None:
    before = asyncio.run(client.points("admin"))
    with running(tmp_path / "one") as one:
        first, second = client_of(one), client
        urls = [
            value
            for outputs in (first.outputs, second.outputs)
            for key, value in outputs.items()
            if key.endswith(("Url", "Endpoint"))
        ]
        assert len(set(urls)) == len(urls)
        asyncio.run(first.generate("admin"))
        assert asyncio.run(first.points("admin")) == 19
        assert asyncio.run(second.points("admin")) == before
        ended(one, signal.SIGKILL)
        assert asyncio.run(second.points("admin")) == before


def test_people_jobs_and_addresses_survive_a_restart_unless_it_is_fresh(tmp_path: Path) -> None:
    with running(tmp_path / "state") as before:
        client = client_of(before)
        (job,) = asyncio.run(client.generate())
        assert asyncio.run(client.ended(job["id"]))["status"] == "COMPLETED"
        outputs = client.outputs
        ended(before, signal.SIGINT)
    with running(tmp_path / "state") as after:
        again = client_of(after)
        volatile = {"pid", "ministackPid"}
        assert {key: value for key, value in again.outputs.items() if key not in volatile} == {
            key: value for key, value in outputs.items() if key not in volatile
        }
        assert asyncio.run(again.points("user")) == 19
        assert asyncio.run(again.ended(job["id"]))["status"] == "COMPLETED"
        (newer,) = asyncio.run(again.generate())  # streams are read on, not skipped
        assert asyncio.run(again.ended(newer["id"]))["status"] == "COMPLETED"
        assert "Stacks stand as they were" in after.said
        ended(after, signal.SIGTERM)
    make = ["make", "-C", str(ROOT), "up", f"ARGS=--dir {tmp_path / 'state'} --fresh"]
    with running(tmp_path / "state", command=make) as fresh:
        assert asyncio.run(client_of(fresh).points("user")) == 20
        fresh.stop(signal.SIGKILL)  # a stack ends with the make that started it
        wait_until(lambda: not processes_of(fresh.folder), seconds=20)
