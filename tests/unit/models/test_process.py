"""The server as a process: how it starts, refuses to start, and ends."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests import proc
from tests.unit.models.conftest import ROOT

PATIENCE_SECONDS = 60.0  # of a busy machine
COMMAND = [sys.executable, "-m", "local.models", "--port", "0"]


def started() -> "subprocess.Popen[str]":
    process = subprocess.Popen(COMMAND, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert json.loads(process.stdout.readline())["ready"]
    return process


def wait_until_gone(pids: list[int]) -> bool:
    end = time.monotonic() + PATIENCE_SECONDS
    while any(proc.alive(pid) for pid in pids) and time.monotonic() < end:
        time.sleep(0.02)  # nobody tells us of a grandchild's end
    return not any(proc.alive(pid) for pid in pids)


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="finds the painters through /proc")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_no_painter_outlives_the_server(number: signal.Signals) -> None:
    with started() as process:
        painters = proc.children(process.pid)
        assert painters
        os.kill(process.pid, number)
        process.wait(PATIENCE_SECONDS)
        assert wait_until_gone(painters)


def test_a_bad_service_account_stops_the_start(tmp_path: Path) -> None:
    bad = tmp_path / "account.json"
    bad.write_text("{}")
    done = subprocess.run(
        [*COMMAND, "--service-account", str(bad)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_SECONDS,
    )
    assert done.returncode != 0
    assert "private_key" in done.stderr
