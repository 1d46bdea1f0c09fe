"""The stack that runs on a folder of state already: found by the folder's lock, as a file may outlive its stack."""

import fcntl
import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

START_SECONDS: Final = 600.0  # a first start on a busy machine: npm, the zips, a synth
_PAUSE_SECONDS: Final = 0.2


def find(folder: Path, say: Callable[[str], None], seconds: float = START_SECONDS) -> dict[str, Any] | None:
    """Return what its stack.json holds, once it serves; None where no stack runs on the folder.

    Raises
    ------
    TimeoutError
        One is starting, and does not get ready.
    """
    deadline = time.monotonic() + seconds
    said = False
    while _is_held(folder):
        if outputs := _outputs(folder):
            return outputs
        if not said:
            say(f"A stack starts or stops on {folder}: waiting for it")
            said = True
        if time.monotonic() > deadline:
            raise TimeoutError(f"The stack on {folder} is not ready after {seconds:.0f} s; see {folder / 'logs'}")
        time.sleep(_PAUSE_SECONDS)
    return None


def _is_held(folder: Path) -> bool:
    """Tell whether a process holds the folder; a stack that ended in any way no longer does."""
    try:
        with (folder / "lock").open() as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


def _outputs(folder: Path) -> dict[str, Any] | None:
    """Return what the stack wrote when it was ready; what one that was killed left behind counts for nothing."""
    try:
        outputs = json.loads((folder / "stack.json").read_text())
        os.kill(outputs["pid"], 0)
    except (FileNotFoundError, ProcessLookupError):
        return None
    return outputs
