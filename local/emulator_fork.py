"""What runs in a function's first process: its code imported, it makes copies of itself, and these take the calls.

The emulator's own script of a process holds this file's text, so it stands alone.
"""

import contextlib
import os
import socket
from pathlib import Path

# A request is the name of a log's stream, a UUID, with the copy's standard files; none where it is to be no copy. It
# has one length, because calls follow it on the same connection.
REQUEST_BYTES = 36


def take_calls() -> None:
    """Return in every process that is to take calls: in each copy, or in this one if it cannot be copied."""
    control = socket.socket(fileno=os.dup(0))
    while True:
        stream, descriptors, _, _ = socket.recv_fds(control, REQUEST_BYTES, 3)
        if not stream:  # the emulator has ended, or has no use for this one any more
            os._exit(0)
        if not descriptors:
            control.close()
            return
        if not _alone():
            control.send(b"no")
            _close(*descriptors)
            control.close()
            return
        if not _copied(control, descriptors):
            _become(control, descriptors, stream.decode())
            return


def _alone() -> bool:
    """Whether a copy would lack nothing: threads are not copied, and two cannot speak on one connection."""
    me = Path("/proc/self")
    sockets = {link for each in (me / "fd").iterdir() if (link := _link(each)).startswith("socket:")}
    return len(list((me / "task").iterdir())) == 1 and sockets == {_link(me / "fd/0")}


def _link(descriptor: Path) -> str:
    try:
        return str(descriptor.readlink())
    except OSError:  # the one that listed them
        return ""


def _copied(control: socket.socket, descriptors: list[int]) -> bool:
    """Fork, and tell the emulator of the copy; False in the copy."""
    _reap()
    pid = os.fork()
    if not pid:
        return False
    end = os.pidfd_open(pid)
    socket.send_fds(control, [str(pid).encode()], [end])
    _close(end, *descriptors)
    return True


def _reap() -> None:
    """Let go of the copies that have ended. The emulator learns of their ends by itself."""
    with contextlib.suppress(ChildProcessError):  # there is none
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _become(control: socket.socket, descriptors: list[int], stream: str) -> None:
    for standard, given in enumerate(descriptors):
        os.dup2(given, standard)
    _close(*descriptors)
    control.close()
    os.environ["AWS_LAMBDA_LOG_STREAM_NAME"] = stream


def _close(*descriptors: int) -> None:
    for each in descriptors:
        os.close(each)
