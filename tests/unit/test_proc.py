"""What ends while it is read is not there."""

import os
from pathlib import Path

import pytest

from tests import proc


def test_a_thread_that_ended_meanwhile_has_no_children(tmp_path: Path) -> None:
    for thread in ("7", "8", "9"):
        (tmp_path / "7/task" / thread).mkdir(parents=True)
    (tmp_path / "7/task/7/children").write_text("11 12 ")
    (tmp_path / "7/task/9/children").write_text("13")
    assert sorted(proc.children(7, tmp_path)) == [11, 12, 13]


def test_a_process_that_has_ended_is_nobody() -> None:
    pid = os.posix_spawn("/bin/true", ["true"], {})
    os.waitpid(pid, 0)
    assert proc.children(pid) == []
    assert (proc.command(pid), proc.environment(pid)) == (b"", b"")
    assert not proc.alive(pid)
    assert not proc.kill(pid)


@pytest.mark.skipif(not proc.PROC.exists(), reason="there is no /proc")
def test_this_process_is_alive_and_one_that_waits_to_be_asked_for_its_code_is_not() -> None:
    assert proc.alive(os.getpid())
    assert os.getpid() in proc.pids()
    pid = os.posix_spawn("/bin/true", ["true"], {})
    try:
        os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
        assert not proc.alive(pid)
    finally:
        os.waitpid(pid, 0)
