"""Function processes as copies of the first: what they share, what they do not, and what cannot be copied."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from queue import SimpleQueue
from types import SimpleNamespace
from typing import Any

import pytest

from local.emulator_processes import CALLS, FORK, Copy, ProcessStarter, popen, script

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are copied on Linux only")
ARN = "arn:aws:lambda:x:1:function:f"
# A function that counts its calls, after code that says where it was imported.
FUNCTION = """
import json, os, sys
sys.stdin.readline()
{imported}
print("imported", file=sys.stderr, flush=True)
print("{{}}", flush=True)
take_calls()
count = 0
while line := sys.stdin.readline():
    count += 1
    if line == "die\\n":
        sys.exit()
    answer = [os.getpid(), count, here, os.environ.get("AWS_LAMBDA_LOG_STREAM_NAME")]
    print(json.dumps(answer), flush=True)
"""


class Worker:
    """As much of MiniStack's as starting one takes."""

    imported = ""
    started: list["Worker"]
    made: list["Worker"]
    discarded: list["Worker"]

    def __init__(self, name: str, config: Mapping[str, Any], code: bytes) -> None:
        self.func_name, self.config, self.code_zip = name, config, code
        self._proc: Any = None
        self._tmpdir = None
        self._unread: list[str] = []
        self._stderr_queue: Any = SimpleQueue()
        self._stderr_thread: threading.Thread | None = None
        self.made.append(self)

    def _spawn(self) -> None:
        text = FORK.read_text() + FUNCTION.format(imported=f"here = os.getpid()\n{self.imported}")
        named: Any = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
        self._proc = popen([sys.executable, "-c", text], text=True, bufsize=1, **named)
        self._proc.stdin.write("{}\n")
        self._proc.stdin.flush()
        assert self._proc.stdout.readline() == "{}\n"
        self._unread = [self._proc.stderr.readline()]
        self.started.append(self)

    def _read_stderr(self) -> None:
        for line in self._proc.stderr:
            self._stderr_queue.put(line)

    def _discard_tmpdir(self) -> None:
        self.discarded.append(self)

    def _drain_stderr(self) -> str:
        unread, self._unread = self._unread, []
        return "".join(unread)

    @property
    def reader(self) -> threading.Thread | None:
        return self._stderr_thread

    @property
    def process(self) -> Any:
        return self._proc

    @property
    def said(self) -> Any:
        return self._stderr_queue

    def ask(self, text: str = "") -> list[Any]:
        self._proc.stdin.write(f"{text}\n")
        self._proc.stdin.flush()
        return json.loads(self._proc.stdout.readline() or "null")


@pytest.fixture
def workers() -> Iterator[type[Worker]]:
    class Fresh(Worker):
        started: list[Worker] = []  # noqa: RUF012  # a class for each test
        made: list[Worker] = []  # noqa: RUF012
        discarded: list[Worker] = []  # noqa: RUF012

    yield Fresh
    for one in Fresh.started:
        one.process.kill()
        one.process.wait()
        for each in (one.process.stdin, one.process.stdout, one.process.stderr, one.process.control):
            each.close()
    for one in Fresh.made:
        if isinstance(one.process, Copy):
            one.process.kill()
            one.process.wait(30)
            assert one.reader
            one.reader.join(30)
            one.process.close()


def starter_of(workers: type[Worker]) -> ProcessStarter:
    return ProcessStarter(SimpleNamespace(Worker=workers))


def start(starter: ProcessStarter, workers: type[Worker], **config: Any) -> Worker:
    worker = workers("f", {"FunctionArn": ARN, "Runtime": "python3.13", **config}, b"")
    starter.spawn(worker)
    return worker


def test_code_is_imported_once_and_each_process_takes_calls_of_its_own(workers: type[Worker]) -> None:
    starter = starter_of(workers)
    one, two = start(starter, workers), start(starter, workers)
    (first,) = workers.started
    answers = [one.ask(), one.ask(), two.ask()]
    assert [count for _, count, *_ in answers] == [1, 2, 1]
    assert [pid for pid, *_ in answers] == [one.process.pid, one.process.pid, two.process.pid]
    assert {here for _, _, here, _ in answers} == {first.process.pid}
    assert len({one.process.pid, two.process.pid, first.process.pid}) == 3
    assert len({stream for *_, stream in answers}) == 2
    assert one.said.get(timeout=30) == "imported"


def test_a_process_that_ends_or_is_killed_is_seen_to(workers: type[Worker]) -> None:
    starter = starter_of(workers)
    one, two, three = (start(starter, workers) for _ in range(3))
    assert one.process.poll() is None
    with pytest.raises(subprocess.TimeoutExpired):
        one.process.wait(0.001)
    assert one.ask("die") is None
    two.process.terminate()
    three.process.kill()
    assert [each.process.wait(30) for each in (one, two, three)] == [0, 0, 0]
    assert one.process.poll() == 0
    one.process.kill()  # of what is no more: nothing
    assert start(starter, workers).ask()[1] == 1


def test_a_changed_function_begins_anew(workers: type[Worker]) -> None:
    starter = starter_of(workers)
    before = start(starter, workers, RevisionId="1").ask()
    after = start(starter, workers, RevisionId="2").ask()
    assert len(workers.started) == 2
    assert before[2] != after[2]
    assert workers.started[0].process.wait(30)


def test_a_folder_stays_as_long_as_a_copy_may_import_from_it(workers: type[Worker]) -> None:
    starter = starter_of(workers)
    one, _ = (start(starter, workers, RevisionId=revision) for revision in ("1", "2"))
    assert workers.discarded == []
    one.process.kill()
    one.process.wait(30)
    start(starter, workers, RevisionId="3")
    assert workers.discarded == [workers.started[0]]


def test_a_first_process_that_was_killed_is_replaced(workers: type[Worker]) -> None:
    starter = starter_of(workers)
    copy = start(starter, workers)
    workers.started[0].process.kill()
    assert start(starter, workers).ask()[1] == 1
    assert copy.ask()[1] == 1


@pytest.mark.parametrize(
    "imported",
    [
        "import threading; threading.Thread(target=threading.Event().wait, daemon=True).start()",
        "import socket; held = socket.socket()",
    ],
)
def test_what_has_threads_or_connections_takes_calls_itself(workers: type[Worker], imported: str) -> None:
    workers.imported = imported
    starter = starter_of(workers)
    one, two = start(starter, workers), start(starter, workers)
    assert [one.ask()[0], two.ask()[0]] == [each.process.pid for each in workers.started]
    assert not isinstance(one.process, Copy)


def test_many_start_at_once(workers: type[Worker]) -> None:
    starter, made = starter_of(workers), list[Worker]()
    threads = [threading.Thread(target=lambda: made.append(start(starter, workers))) for _ in range(16)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(30)
    assert len({one.ask()[0] for one in made}) == 16
    assert len(workers.started) == 1


def test_they_end_with_the_emulator(tmp_path: Path) -> None:
    """Both ends that hold one are closed by the system, whatever ends the process that held them."""
    (tmp_path / "f.py").write_text(FORK.read_text() + FUNCTION.format(imported="here = 0"))
    ended, end = os.pipe()
    first = popen([sys.executable, tmp_path / "f.py"], stdin=subprocess.PIPE, pass_fds=[end], text=True)
    os.close(end)
    first.stdin.write("{}\n")
    first.stdin.close()
    first.control.close()
    assert first.wait(30) == 0
    assert os.read(ended, 1) == b""
    os.close(ended)


def test_a_script_that_is_not_as_it_was_is_not_taken() -> None:
    assert "take_calls()" in script(f"def run():{CALLS}")
    with pytest.raises(RuntimeError, match="has changed"):
        script("def run(): pass")
