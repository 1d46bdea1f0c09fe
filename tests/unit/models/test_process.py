"""The server as a process: how it starts, refuses to start, and ends."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.unit.models.conftest import ROOT

COMMAND = [sys.executable, "-m", "local.models", "--port", "0"]


def started() -> "subprocess.Popen[str]":
    process = subprocess.Popen(COMMAND, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert json.loads(process.stdout.readline())["ready"]
    return process


def children(pid: int) -> list[int]:
    return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def wait_until_gone(pids: list[int]) -> bool:
    end = time.monotonic() + 5
    while any(alive(pid) for pid in pids) and time.monotonic() < end:
        time.sleep(0.02)  # nobody tells us of a grandchild's end
    return not any(alive(pid) for pid in pids)


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="finds the painters through /proc")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_no_painter_outlives_the_server(number: signal.Signals) -> None:
    with started() as process:
        painters = children(process.pid)
        assert painters
        os.kill(process.pid, number)
        process.wait(5)
        assert wait_until_gone(painters)


def test_a_bad_service_account_stops_the_start(tmp_path: Path) -> None:
    bad = tmp_path / "account.json"
    bad.write_text("{}")
    done = subprocess.run(
        [*COMMAND, "--service-account", str(bad)], cwd=ROOT, capture_output=True, text=True, check=False, timeout=10
    )
    assert done.returncode != 0
    assert "private_key" in done.stderr
