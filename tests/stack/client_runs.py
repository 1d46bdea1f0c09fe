"""How a client script is run: the stack's facts in a file, its person for the demo user, what it said line by line."""

import json
import os
import subprocess
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from local.appsync.explorer.node import NODE, install
from local.client import Person

CLIENTS = Path(__file__).parent / "clients"
SECONDS = 90


@dataclass(frozen=True)
class Said:
    """The steps a script reported, in order."""

    steps: list[dict[str, Any]]

    def all(self, step: str) -> list[Any]:
        return [each["detail"] for each in self.steps if each["step"] == step]

    def one(self, step: str) -> Any:
        (detail,) = self.all(step)
        return detail


def run_script(stack: Mapping[str, Any], person: Person, folder: Path, script: str, *arguments: str) -> Said:
    """Run a script of ``clients/`` as `person`; should it fail, the test fails with all that it printed."""
    install(CLIENTS)
    facts = folder / "stack.json"
    facts.write_text(json.dumps({**stack, "users": {"user": asdict(person)}}))
    done = subprocess.run(
        [NODE, CLIENTS / script, facts, *arguments],
        env={**os.environ, "NODE_EXTRA_CA_CERTS": stack["caFile"]},
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert done.returncode == 0, f"{script} ended with {done.returncode}:\n{done.stdout}{done.stderr}"
    return Said([json.loads(line) for line in done.stdout.splitlines()])
