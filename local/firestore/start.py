"""Firestore as a child process: in memory, on loopback. What is linked there is gone when it stops."""

import socket
import time
from pathlib import Path

from local.appsync.explorer.node import NODE, install
from local.processes import STARTUP_SECONDS, Child, Children, bare_environment

HERE = Path(__file__).parent


def start(children: Children, port: int) -> Child:
    """Start the server, with its locked packages put in place before; `wait_ready` on what this returns.

    Raises
    ------
    NpmError
    """
    install(HERE)
    return children.start("firestore", [str(NODE), str(HERE / "server.mjs"), str(port)], bare_environment(), cwd=HERE)


def wait_ready(child: Child, port: int, seconds: float = STARTUP_SECONDS) -> None:
    """Return when it listens; ChildDiedError or TimeoutError when it never does."""
    deadline = time.monotonic() + seconds
    while not _listens(port):
        if not child.alive:
            raise child.death()
        if time.monotonic() > deadline:
            raise TimeoutError(f"{child.name} does not listen on port {port} after {seconds:.0f} s; see {child.log}")
        time.sleep(0.02)


def _listens(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
    except OSError:
        return False
