"""How soon `make up` is ready after a warm install, and a change of code live; by what it says itself."""

import re
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from tests.bench.figure import Figure, plain
from tests.bench.stand import Stand
from tests.stack.runs import Run, copied, running, wait_until

READY_GOAL: Final = 12
CHANGE_GOAL: Final = 2
_READY: Final = r"Ready after ([\d.]+) s"
_LIVE: Final = r"api code live in \d+ functions, ([\d.]+) s"


def measure(_: Stand) -> Sequence[Figure]:
    with TemporaryDirectory(prefix="namo-bench-") as folder:
        root, state = copied(Path(folder) / "clone"), Path(folder) / "state"
        with running(state, root) as run:
            first = _seconds(run, _READY)
            (root / "studio" / "changed.py").write_text("CHANGED = True\n")
            wait_until(lambda: re.search(_LIVE, run.said))
            change = _seconds(run, _LIVE)
        with running(state, root) as run:
            again = _seconds(run, _READY)
    return [
        plain("make up, nothing deployed yet", first, "s", goal=READY_GOAL),
        plain("make up, state kept", again, "s", goal=READY_GOAL),
        plain("a change of code, live", change, "s", goal=CHANGE_GOAL),
    ]


def _seconds(run: Run, said: str) -> float:
    found = re.search(said, run.said)
    assert found, run.said
    return float(found[1])
