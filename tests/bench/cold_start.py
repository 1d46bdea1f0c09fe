"""Cold start of the jobs function: its import with the first client, over a bare boto3 client.

Both in fresh interpreters, one after the other. The zip is unpacked as on Lambda, where the code's folder is read-only:
what has no bytecode in the zip is compiled at every start. Counted is processor time, because other work on the machine
stretches the clock's; a start uses one core and waits for nothing. Tearing the interpreter down is no part of it.
"""

import os
import subprocess
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, get_type_hints

from infra.functions import declared
from infra.zips import build_zip
from local.ministack import PYTHON, REGION
from local.synth import local_target
from studio.settings.jobs import JobsApi
from tests.bench.figure import Figure, paired
from tests.bench.stand import Stand

PAIRS: Final = 21
GOAL: Final = 1.3
_FLOOR: Final = "import boto3; boto3.client('dynamodb')"
_LEAVE: Final = "; import os; os._exit(0)"
_JOBS_API: Final = declared("jobs-api")
_MODULE: Final = _JOBS_API.handler.rpartition(".")[0]


def measure(_: Stand) -> Sequence[Figure]:
    with tempfile.TemporaryDirectory(prefix="namo-bench-") as folder:
        with zipfile.ZipFile(build_zip(_JOBS_API.group, local_target())) as packed:
            packed.extractall(folder)
        pairs = [(_start(f"import {_MODULE}", folder), _start(_FLOOR, folder)) for _ in range(1 + PAIRS)]
    ours, floors = zip(*pairs[1:], strict=True)  # the first pair reads the files from the disk
    return [paired("cold start of the jobs function", ours, floors, "ms", GOAL)]


def _start(code: str, folder: str) -> float:
    """Milliseconds of processor time of one fresh interpreter, from its start to its end."""
    process = subprocess.Popen([str(PYTHON), "-c", code + _LEAVE], env=_environment(folder), cwd=folder)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"`{code}` ended with {process.returncode}")
    return (usage.ru_utime + usage.ru_stime) * 1000


def _environment(folder: str) -> Mapping[str, str]:
    keys = {"AWS_ACCESS_KEY_ID": "bench", "AWS_SECRET_ACCESS_KEY": "bench", "AWS_DEFAULT_REGION": REGION}
    here = {"PYTHONPATH": folder, "PYTHONDONTWRITEBYTECODE": "1", "HOME": str(Path(folder))}
    return {**any_settings(), **keys, **here}


def any_settings() -> Mapping[str, str]:
    """Return an environment in which the function starts, whatever it says."""
    some = {bool: "false", dict[str, str]: "{}"}
    return {name.upper(): some.get(kind, "1") for name, kind in get_type_hints(JobsApi).items()}
