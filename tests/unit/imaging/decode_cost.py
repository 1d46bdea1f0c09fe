"""What opening each bad file costs: a script, so that what it measures is not pytest's.

Every file is resized in a process of its own, under hard limits that spare the machine should the guard fail. One line
of JSON each: name, outcome, processor seconds, and megabytes above what the process had before.
"""

import json
import os
import resource
import sys
import time
import warnings
from pathlib import Path
from typing import Any

from workers.imaging.flaw import UnfitError
from workers.imaging.resize import resize

HARD_BYTES, HARD_SECONDS = 1_500_000_000, 10


def main() -> None:
    warnings.simplefilter("error")
    for name, path in json.loads(sys.argv[1]).items():
        sys.stdout.write(json.dumps({"name": name, **_apart(Path(path).read_bytes())}) + "\n")
        sys.stdout.flush()  # or every child would write it again


def _apart(content: bytes) -> dict[str, Any]:
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        os.write(writer, json.dumps(_measured(content)).encode())
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as answer:
        text = answer.read()
    _, status = os.waitpid(child, 0)
    return json.loads(text) if text else {"outcome": f"ended with {status}", "seconds": 0, "megabytes": 0}


def _measured(content: bytes) -> dict[str, Any]:
    resource.setrlimit(resource.RLIMIT_AS, (HARD_BYTES, HARD_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (HARD_SECONDS, HARD_SECONDS))
    before, started = _kilobytes("VmRSS"), time.process_time()
    try:
        outcome = f"{len(resize(content).variants)} sizes"
    except UnfitError as error:
        outcome = error.flaw.value
    except BaseException as error:  # noqa: BLE001 - whatever it is, the test is to see it
        outcome = repr(error)
    seconds = time.process_time() - started
    return {"outcome": outcome, "seconds": seconds, "megabytes": (_kilobytes("VmHWM") - before) / 1000}


def _kilobytes(name: str) -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name))


if __name__ == "__main__":
    sys.exit(main())
