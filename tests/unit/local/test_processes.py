"""Guards, with real processes: what they start does not outlive its owner."""

import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from local.processes import ChildDiedError, Children, bare_environment, free_ports

# Two processes that sleep for ever, one below the other; the lower is what a warm function process is to the emulator.
FAMILY = "import subprocess, sys, time; print(subprocess.Popen(['sleep', '1000']).pid, flush=True); time.sleep(1000)"
# As a browser: it leaves the process group of whoever started it.
RUNAWAY = FAMILY.replace("'1000']", "'1000'], start_new_session=True")
STUBBORN = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(1000)"
)
DRAWER = """
import sys
from local.processes import free_ports
print(*free_ports([int(sys.argv[1])]), flush=True)
input()
"""
OWNER = """
import sys, time
from pathlib import Path
from local.processes import Children, bare_environment
child = Children(Path(sys.argv[1])).start("family", [sys.executable, "-c", sys.argv[2]], bare_environment())
time.sleep(1000)
"""


def wait_until(true: Callable[[], bool], seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def gone(pid: int) -> bool:
    try:
        watched = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([watched], [], [], 0)[0])
    finally:
        os.close(watched)


def printed(log: Path) -> str:
    wait_until(lambda: log.exists() and log.read_text().endswith("\n"))
    return log.read_text().strip()


def test_a_family_ends_with_its_context(tmp_path: Path) -> None:
    with Children(tmp_path) as children:
        child = children.start("family", [sys.executable, "-c", FAMILY], bare_environment())
        below = int(printed(child.log))
        assert not gone(below)
    assert gone(below)
    assert not child.alive


def test_a_family_ends_when_its_owner_is_killed(tmp_path: Path) -> None:
    owner = subprocess.Popen([sys.executable, "-c", OWNER, str(tmp_path), FAMILY])
    below = int(printed(tmp_path / "family.log"))
    owner.send_signal(signal.SIGKILL)
    owner.wait()
    wait_until(lambda: gone(below))


@pytest.mark.skipif(sys.platform != "linux", reason="orphans are adopted on Linux only")
def test_what_has_left_its_family_ends_before_the_stop_does(tmp_path: Path) -> None:
    with Children(tmp_path) as children:
        child = children.start("family", [sys.executable, "-c", RUNAWAY], bare_environment())
        below = int(printed(child.log))
    assert gone(below)


def test_one_that_ignores_its_end_is_killed_after_the_grace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("local.processes.GRACE_SECONDS", 0.2)
    with Children(tmp_path) as children:
        child = children.start("stubborn", [sys.executable, "-c", STUBBORN], bare_environment())
        printed(child.log)
    assert child.guard.returncode == 128 + signal.SIGKILL


def test_a_death_is_told_with_its_last_words(tmp_path: Path) -> None:
    with Children(tmp_path) as children:
        child = children.start("weak", [sys.executable, "-c", "raise SystemExit('no disk')"], bare_environment())
        with pytest.raises(ChildDiedError, match="no disk"):
            child.wait_ready("http://127.0.0.1:1/")
        with pytest.raises(ChildDiedError, match="weak"):
            children.check()


def test_children_see_nothing_of_the_developers_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "production")
    assert "AWS_PROFILE" not in bare_environment()
    assert "HOME" not in bare_environment()


def test_ports_are_kept_where_they_are_free() -> None:
    first, second = free_ports([None, None])
    assert first != second
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", first))
        taken.listen()
        kept_not, kept = free_ports([first, second])
    assert kept == second
    assert kept_not not in {first, second}


def test_a_port_is_drawn_by_one_process_until_that_ends() -> None:
    def drawing(port: int) -> "subprocess.Popen[str]":
        command = [sys.executable, "-c", DRAWER, str(port)]
        return subprocess.Popen(
            command, cwd=Path(__file__).parents[3], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def drawn(by: "subprocess.Popen[str]") -> int:
        assert by.stdout
        return int(by.stdout.readline())

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        wanted = probe.getsockname()[1]
    with drawing(wanted) as first:
        assert drawn(first) == wanted
        with drawing(wanted) as second:
            assert drawn(second) != wanted
            second.communicate("\n")
        first.communicate("\n")
    with drawing(wanted) as third:
        assert drawn(third) == wanted
        third.communicate("\n")
