"""Function processes as copies: a function's first one imports its code, and those that take calls are forked of it.

To start one costs 0.4 s of CPU otherwise, and a second with Google's clients: nearly all of it imports, and each call
at once with others starts one. AWS restores snapshots for the same reason (SnapStart). What cannot be copied, since its
code starts threads or opens connections where it is imported, starts as it always did; so does all outside Linux.

The standard library alone, like `emulator.py`.
"""

import contextlib
import hashlib
import json
import os
import queue
import select
import signal
import socket
import subprocess
import sys
import threading
import time
import uuid
from collections import defaultdict
from pathlib import Path
from types import SimpleNamespace
from typing import IO, Any

FORK = Path(__file__).with_name("emulator_fork.py")
# The line of MiniStack's script at which code is imported and the calls begin.
CALLS = "\n    while True:\n        line = sys.stdin.readline()\n"
_TRIES = 2


def script(usual: str) -> str:
    """MiniStack's script of a Python process, which makes copies before it takes calls."""
    if usual.count(CALLS) != 1:
        raise RuntimeError("MiniStack's script of a function's process has changed: see local/emulator_processes.py")
    return FORK.read_text() + usual.replace(CALLS, f"\n    take_calls(){CALLS}")


class Copy:
    """A process that is no child of ours, as `subprocess.Popen` shows one."""

    def __init__(self, pid: int, end: int, pipes: tuple[IO[str], ...]) -> None:
        self.pid = pid
        self.stdin, self.stdout, self.stderr = pipes
        self._end = os.fdopen(end, "rb", buffering=0)  # closed with this object

    @property
    def is_over(self) -> bool:
        return self._end.closed or self._ended(0)

    def poll(self) -> int | None:
        """Tell whether it has ended; how, only its parent knows."""
        return 0 if self._ended(0) else None

    def wait(self, timeout: float | None = None) -> int:
        if not self._ended(timeout):
            raise subprocess.TimeoutExpired(str(self.pid), timeout or 0.0)
        return 0

    def terminate(self) -> None:
        self._signal(signal.SIGTERM)

    def kill(self) -> None:
        self._signal(signal.SIGKILL)

    def close(self) -> None:
        for each in (self.stdin, self.stdout, self.stderr, self._end):
            with contextlib.suppress(BrokenPipeError):  # what was written last and is read by nobody
                each.close()

    def _signal(self, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._end.fileno(), number)

    def _ended(self, seconds: float | None) -> bool:
        poll = select.poll()
        poll.register(self._end, select.POLLIN)
        return bool(poll.poll(None if seconds is None else max(0.0, seconds) * 1000))


def popen(arguments: Any, **named: Any) -> Any:
    """Give the process a socket where a pipe would be its standard input: descriptors go through one as well."""
    start: Any = subprocess.Popen
    if named.get("stdin") != subprocess.PIPE:
        return start(arguments, **named)
    ours, theirs = socket.socketpair()
    with theirs:
        process = start(arguments, **named | {"stdin": theirs})
    process.stdin, process.control = ours.makefile("w", buffering=1), ours
    return process


class Original:
    """A function's first process: what others are copies of."""

    def __init__(self, worker: Any, of: str) -> None:
        self.worker = worker
        self.of = of
        self._copies: list[Copy] = []

    @property
    def is_used(self) -> bool:
        """Whether a copy may still import from its folder."""
        self._copies = [each for each in self._copies if not each.is_over]
        return bool(self._copies)

    def end(self) -> None:
        """End the process, and leave its folder to its copies."""
        self.worker._proc.kill()  # noqa: SLF001
        self.worker._proc.wait()  # noqa: SLF001

    def discard(self) -> None:
        self.worker._discard_tmpdir()  # noqa: SLF001

    def copy(self) -> Copy | None:
        """One more of it; None where it cannot be, and has begun to take calls itself. OSError if it has ended."""
        (stdin, ours_in), (ours_out, stdout), (ours_err, stderr) = (os.pipe() for _ in range(3))
        files = os.fdopen(ours_in, "w", buffering=1), os.fdopen(ours_out), os.fdopen(ours_err)
        with contextlib.ExitStack() as unused:
            for each in files:
                unused.callback(each.close)
            answer, end = self._ask([stdin, stdout, stderr])
            if end is None:
                return None
            unused.pop_all()
        copy = Copy(int(answer), end, files)
        self._copies = [*(each for each in self._copies if not each.is_over), copy]
        return copy

    def _ask(self, descriptors: list[int]) -> tuple[bytes, int | None]:
        control: socket.socket = self.worker._proc.control  # noqa: SLF001
        try:
            socket.send_fds(control, [str(uuid.uuid4()).encode()], descriptors)
            answer, ends, _, _ = socket.recv_fds(control, 64, 1)
        finally:
            for each in descriptors:
                os.close(each)
        if not answer:
            raise BrokenPipeError
        return answer, ends[0] if ends else None


class ProcessStarter:
    """How processes start, instead of MiniStack's way, `usual`, by which only a function's first one does."""

    def __init__(self, runtime: Any) -> None:
        self._usual: Any = runtime.Worker._spawn  # noqa: SLF001
        self._originals: dict[str, Original] = {}
        self._ended: defaultdict[str, list[Original]] = defaultdict(list)  # whose copies may go on
        self._apart: set[str] = set()  # what cannot be copied
        self._locks: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)

    def spawn(self, worker: Any) -> None:
        of = _fingerprint(worker.config)
        if not worker.config.get("Runtime", "").startswith("python"):
            self._usual(worker)
            return
        if of in self._apart:
            self._usual(worker)
            worker._proc.control.send(str(uuid.uuid4()).encode())  # noqa: SLF001
            return
        key = worker.config["FunctionArn"]
        with self._locks[key]:
            copied = self._copied(key, of, worker)
        if copied:
            self._begin(worker, *copied)

    def _copied(self, key: str, of: str, worker: Any) -> tuple[Copy, str] | None:
        for _ in range(_TRIES):
            original = self._original(key, of, worker)
            with contextlib.suppress(OSError):  # somebody has killed it
                if copy := original.copy():
                    return copy, original.worker._drain_stderr()  # noqa: SLF001
                self._apart.add(of)
                vars(worker).update(_state(self._originals.pop(key).worker))
                return None
            self._forget(key)
        raise RuntimeError("Worker process exited immediately.")

    def _original(self, key: str, of: str, worker: Any) -> Original:
        if key in self._originals and self._originals[key].of != of:
            self._forget(key)
        if key not in self._originals:
            first = type(worker)(worker.func_name, worker.config, worker.code_zip)
            self._usual(first)
            self._originals[key] = Original(first, of)
        return self._originals[key]

    def _forget(self, key: str) -> None:
        original = self._originals.pop(key)
        original.end()
        ended = [*self._ended[key], original]
        self._ended[key] = [each for each in ended if each.is_used]
        for each in ended:
            if each not in self._ended[key]:
                each.discard()

    def _begin(self, worker: Any, copy: Copy, said: str) -> None:
        """What `_spawn` leaves behind for the one that takes calls; what the import said is in its log."""
        worker._proc, worker._start_time = copy, time.time()  # noqa: SLF001
        worker._stderr_queue = queue.Queue()  # noqa: SLF001
        for line in said.splitlines():
            worker._stderr_queue.put(line)  # noqa: SLF001
        worker._stderr_thread = threading.Thread(target=worker._read_stderr, daemon=True)  # noqa: SLF001
        worker._stderr_thread.start()  # noqa: SLF001


def _fingerprint(config: Any) -> str:
    return hashlib.sha256(json.dumps(config, sort_keys=True, default=str).encode()).hexdigest()


def _state(worker: Any) -> dict[str, Any]:
    """What a started worker has and one that has not been started lacks."""
    names = ("_proc", "_tmpdir", "_start_time", "_stderr_queue", "_stderr_thread", "lines")
    return {name: value for name, value in vars(worker).items() if name in names}


def mend(runtime: Any) -> None:
    """Put this in the place of MiniStack's own way."""
    if sys.platform != "linux":
        return
    runtime._PYTHON_WORKER_SCRIPT = script(runtime._PYTHON_WORKER_SCRIPT)  # noqa: SLF001
    runtime.subprocess = SimpleNamespace(**{**vars(subprocess), "Popen": popen})
    starter = ProcessStarter(runtime)
    runtime.Worker._spawn = lambda worker: starter.spawn(worker)  # noqa: PLW0108, SLF001  # a function becomes a method
