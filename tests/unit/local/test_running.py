"""Whether a stack runs on a folder: by its lock, whatever files lie there."""

import json
import os
import subprocess
import sys
from pathlib import Path
from threading import Timer

import pytest

from local import running
from local.stack import FolderInUseError, Stack


def held(folder: Path) -> Stack:
    return Stack(folder, done=lambda _: None, say=lambda _: None)


def write_outputs(folder: Path, pid: int) -> None:
    (folder / "stack.json").write_text(json.dumps({"explorerUrl": "https://localhost:1/", "pid": pid}))


def dead_pid() -> int:
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def test_none_runs_where_there_is_no_folder_or_only_what_a_dead_stack_left(tmp_path: Path) -> None:
    assert running.find(tmp_path / "none", pytest.fail) is None
    (tmp_path / "lock").touch()
    write_outputs(tmp_path, dead_pid())
    assert running.find(tmp_path, pytest.fail) is None
    write_outputs(tmp_path, os.getpid())  # the number lives again, as another process
    assert running.find(tmp_path, pytest.fail) is None


def test_one_that_is_ready_is_found_and_goes_on(tmp_path: Path) -> None:
    with held(tmp_path):
        write_outputs(tmp_path, os.getpid())
        found = running.find(tmp_path, pytest.fail)
        assert found
        assert found["explorerUrl"] == "https://localhost:1/"
        with pytest.raises(FolderInUseError), held(tmp_path):
            pass


def test_one_that_starts_is_waited_for(tmp_path: Path) -> None:
    said: list[str] = []
    with held(tmp_path):
        write_outputs(tmp_path, dead_pid())
        ready = Timer(0.05, write_outputs, (tmp_path, os.getpid()))

        def say(text: str) -> None:
            said.append(text)
            ready.start()

        assert running.find(tmp_path, say)
    assert said == [f"A stack starts or stops on {tmp_path}: waiting for it"]


def test_one_that_does_not_get_ready_is_named(tmp_path: Path) -> None:
    with held(tmp_path), pytest.raises(TimeoutError, match=f"{tmp_path} is not ready after 0 s"):
        running.find(tmp_path, lambda _: None, seconds=0)


def test_one_that_ends_while_it_is_waited_for_does_not_run(tmp_path: Path) -> None:
    stack = held(tmp_path).__enter__()
    assert running.find(tmp_path, lambda _: stack.__exit__()) is None
