"""Keep a server from outliving its owner: ``python -I -S guard.py GRACE_SECONDS COMMAND...``.

The owner holds the other end of this process's standard input. When that end closes, because the owner asks or because
it was killed, the command gets SIGTERM and GRACE_SECONDS to save what it holds, then SIGKILL. All that it started dies
with it: the emulator keeps warm function processes that nobody else would end. Only the standard library, and no
package of the project, so that it starts in a few milliseconds.
"""

import ctypes
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from types import FrameType

PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36


def _die_with_guard() -> None:
    """For the case that the guard itself is killed. Linux only; elsewhere the pipe alone must do."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def _stop_when_owner_goes(child: "subprocess.Popen[bytes]", grace: float) -> None:
    while os.read(0, 4096):
        pass
    child.terminate()
    try:
        child.wait(grace)
    except subprocess.TimeoutExpired:
        child.kill()


def _end_group(group: int) -> None:
    try:
        os.killpg(group, signal.SIGKILL)
    except ProcessLookupError:
        return


def _adopt_orphans() -> None:
    """Become the parent of descendants whose own has died. Linux only, as above."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)


def _end_orphans() -> None:
    """Kill what has left the group and so outlived it, as a browser does that a function has started."""
    while True:
        for pid in _children():
            os.kill(pid, signal.SIGKILL)
        try:
            os.waitpid(-1, 0)
        except ChildProcessError:
            return


def _children() -> list[int]:
    try:
        return [int(pid) for pid in Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()]
    except OSError:
        return []


def main() -> int:
    grace, command = float(sys.argv[1]), sys.argv[2:]
    for number in (signal.SIGINT, signal.SIGTERM):  # Ctrl-C is the owner's to handle; SIG_IGN the child would inherit
        signal.signal(number, lambda *_: None)
    _adopt_orphans()
    child = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        process_group=0,
        preexec_fn=_die_with_guard,  # noqa: PLW1509  # no thread runs yet
    )

    def pass_on(number: int, _frame: FrameType | None) -> None:
        child.send_signal(number)

    signal.signal(signal.SIGHUP, pass_on)
    threading.Thread(target=_stop_when_owner_goes, args=(child, grace), daemon=True).start()
    code = child.wait()
    _end_group(child.pid)
    _end_orphans()
    return code if code >= 0 else 128 - code


if __name__ == "__main__":
    sys.exit(main())
