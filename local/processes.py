"""Child processes that never outlive this one, each behind a guard (see guard.py)."""

import contextlib
import fcntl
import http.client
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

GUARD = Path(__file__).with_name("guard.py")
STARTUP_SECONDS = 120.0  # of a busy machine; who dies is noticed at once
GRACE_SECONDS = 10.0
TAIL_LINES = 20


class ChildDiedError(RuntimeError):
    """A child ended by itself; the message holds the end of its log."""


@dataclass
class Child:
    """One server under its guard."""

    name: str
    log: Path
    guard: "subprocess.Popen[bytes]"

    def hang_up(self) -> None:
        """Pass SIGHUP on: the server reads its configuration again."""
        self.guard.send_signal(signal.SIGHUP)

    def let_go(self) -> None:
        """Close our end of what the guard watches: it stops its server, if that still runs."""
        if self.guard.stdin:
            with contextlib.suppress(BrokenPipeError):
                self.guard.stdin.close()

    @property
    def alive(self) -> bool:
        return self.guard.poll() is None

    def death(self) -> ChildDiedError:
        lines = self.log.read_text(errors="replace").splitlines()[-TAIL_LINES:]
        return ChildDiedError(
            f"{self.name} ended with code {self.guard.returncode}; its last words:\n" + "\n".join(lines)
        )

    def wait_ready(self, url: str, seconds: float = STARTUP_SECONDS) -> None:
        """Return when `url` answers 200; ChildDiedError or TimeoutError when it never does."""
        deadline = time.monotonic() + seconds
        while not answers(url):
            if not self.alive:
                raise self.death()
            if time.monotonic() > deadline:
                raise TimeoutError(f"{self.name} did not answer at {url} within {seconds:.0f} s; see {self.log}")
            time.sleep(0.02)


@dataclass
class Children:
    """Everything started for one stack; leaving the context stops it all."""

    logs: Path
    running: list[Child] = field(default_factory=list[Child])

    def start(self, name: str, command: Sequence[str], env: Mapping[str, str], cwd: Path | None = None) -> Child:
        self.logs.mkdir(parents=True, exist_ok=True)
        log = self.logs / f"{name}.log"
        with log.open("wb") as output:
            guard = subprocess.Popen(
                [sys.executable, "-I", "-S", str(GUARD), str(GRACE_SECONDS), *command],
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=dict(env),
                cwd=cwd,
            )
        child = Child(name, log, guard)
        self.running.append(child)
        return child

    def run(
        self, name: str, command: Sequence[str], env: Mapping[str, str], cwd: Path | None = None
    ) -> tuple[int, str]:
        """Run one to its end; its exit code and what it printed. It ends early if everything is stopped."""
        child = self.start(name, command, env, cwd)
        code = child.guard.wait()
        child.let_go()
        if child in self.running:
            self.running.remove(child)
        return code, child.log.read_text(errors="replace").strip()

    def check(self) -> None:
        """Raise ChildDiedError if one has ended by itself."""
        for child in self.running:
            if not child.alive:
                raise child.death()

    def stop(self) -> None:
        """Ask all at once, then wait: guards kill what outstays the grace period."""
        for child in list(self.running):
            child.let_go()
        for child in list(self.running):
            child.guard.wait()
        self.running.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def answers(url: str) -> bool:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "127.0.0.1", parts.port, timeout=2)
    try:
        connection.request("GET", parts.path or "/")
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def free_ports(wanted: Sequence[int | None]) -> list[int]:
    """Loopback ports nobody listens on, those wanted where they are free; all different.

    They are this process's until it ends: between asking for a port and listening on it another stack could draw the
    same one, and would take our server for its own.
    """
    with contextlib.ExitStack() as held:
        return [_hold(held, port) for port in wanted]


def _hold(held: contextlib.ExitStack, wanted: int | None) -> int:
    if wanted and _is_bound(held, wanted) and (wanted in _reserved or _reserve(wanted)):
        return wanted
    while True:
        probe = held.enter_context(socket.socket(socket.AF_INET, socket.SOCK_STREAM))
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
        if port not in _reserved and _reserve(port):
            return port


def _is_bound(held: contextlib.ExitStack, port: int) -> bool:
    probe = held.enter_context(socket.socket(socket.AF_INET, socket.SOCK_STREAM))
    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    with contextlib.suppress(OSError):
        probe.bind(("127.0.0.1", port))
        return True
    return False


# By port, the descriptor that holds its lock for as long as this process lives.
_reserved: dict[int, int] = {}


def _reserve(port: int) -> bool:
    """Lock a port among the stacks of this user on this machine."""
    folder = Path(tempfile.gettempdir()) / f"namo-ports-{os.getuid()}"
    folder.mkdir(exist_ok=True)
    lock = os.open(folder / str(port), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        return False
    _reserved[port] = lock
    return True


def bare_environment(**extra: str) -> dict[str, str]:
    """What a child needs of ours and no more: neither our credentials nor our proxies reach a function."""
    kept = ("LANG", "LC_ALL", "TZ", "SSL_CERT_FILE", "SSL_CERT_DIR")
    return {name: os.environ[name] for name in kept if name in os.environ} | {"PATH": os.defpath} | extra
