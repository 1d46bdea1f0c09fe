"""`make up` as a child of the test: started, asked, stopped or killed, and what it leaves behind."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from local.ministack import ROOT
from tests import proc

PATIENCE_SECONDS = 400.0  # a first start on a busy machine: npm, the zips, a synth


COPIED = (
    "infra",
    "local",
    "resolvers",
    "schema",
    "studio",
    "workers",
    "requirements",
    "docs",
    "cdk.json",
    "pyproject.toml",
)
SHARED = (".venv", ".tools", "build")


def copied(root: Path) -> Path:
    """Copy the working tree without its history, with the same environments and caches."""
    root.mkdir()
    ignored = shutil.ignore_patterns("__pycache__", "node_modules")
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, root / name, ignore=ignored)
        else:
            shutil.copy2(source, root / name)
    for name in SHARED:
        (root / name).symlink_to(ROOT / name)
    return root


def wait_until(true: Callable[[], Any], seconds: float = PATIENCE_SECONDS) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.1)  # a look at every process takes milliseconds


def up(folder: Path, *arguments: str) -> list[str]:
    return [sys.executable, "-u", "-m", "local", "up", "--dir", str(folder), *arguments]


class Run:
    """One `python -m local up` on a folder of its own."""

    def __init__(self, folder: Path, root: Path = ROOT, command: Sequence[str] = ()) -> None:
        self.folder = folder
        folder.mkdir(exist_ok=True)
        self.log = folder.with_suffix(".out")
        command = command or up(folder)
        with self.log.open("wb") as output:
            self.process = subprocess.Popen(command, cwd=root, stdout=output, stderr=subprocess.STDOUT)

    def ready(self) -> dict[str, Any]:
        """What stack.json holds, once the stack serves."""
        try:
            wait_until(lambda: "Ready after" in self.said or self.process.poll() is not None)
        except AssertionError:
            self.process.kill()  # or it would go on beside all other tests
            raise
        assert self.process.poll() is None, self.said
        return json.loads((self.folder / "stack.json").read_text())

    @property
    def said(self) -> str:
        return self.log.read_text()

    def stop(self, number: signal.Signals = signal.SIGINT) -> int:
        self.process.send_signal(number)
        return self.process.wait(PATIENCE_SECONDS)


@contextmanager
def running(folder: Path, root: Path = ROOT, command: Sequence[str] = ()) -> Generator[Run]:
    run = Run(folder, root, command)
    try:
        run.ready()
        yield run
    finally:
        run.stop()


def processes_of(folder: Path) -> list[str]:
    """Command lines of the processes that name the folder, in their arguments or their environment."""
    return [line for pid in proc.pids() if pid != os.getpid() and (line := _naming(pid, os.fsencode(folder)))]


def _naming(pid: int, folder: bytes) -> str:
    command = proc.command(pid)
    return command.replace(b"\0", b" ").decode() if folder in command + proc.environment(pid) else ""
