"""Import handlers as Lambda does: a script without this project's packages, which its test gives a folder with boto3.

Each handler has a process of its own, a copy of one that knows boto3 and nothing else: to import that takes longest.
"""

import importlib
import json
import os
import sys
import tempfile
from collections.abc import Mapping
from typing import Any, TextIO

FOREIGN = ("infra", "local", "schema", "strawberry")


def main() -> None:
    sys.path.append(sys.argv[1])
    importlib.import_module("boto3")
    json.dump({name: _apart(case) for name, case in json.load(sys.stdin).items()}, sys.stdout)


def _apart(case: Mapping[str, Any]) -> tuple[int, str]:
    """Return the exit code and what was printed."""
    with tempfile.TemporaryFile("w+") as printed:
        child = os.fork()
        if not child:
            _import(case, printed)
            sys.exit()
        _, status = os.waitpid(child, 0)
        printed.seek(0)
        return os.waitstatus_to_exitcode(status), printed.read()


def _import(case: Mapping[str, Any], printed: TextIO) -> None:
    for stream in (1, 2):
        os.dup2(printed.fileno(), stream)
    os.environ.update(case["environment"])
    sys.path.insert(-1, case["folder"])
    module, function = case["handler"].rsplit(".", 1)
    assert callable(getattr(importlib.import_module(module), function))
    print(json.dumps(sorted(name for name in sys.modules if name.split(".")[0] in FOREIGN)))  # noqa: T201 - the answer


if __name__ == "__main__":
    main()
