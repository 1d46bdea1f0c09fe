"""`python -m schema` prints the schema's files; `--check` fails, with a diff, where a committed one is stale."""

import argparse
import difflib
import sys
from pathlib import Path

from schema.print import HERE, outputs


def differences(path: Path, fresh: str) -> list[str]:
    committed = path.read_text() if path.exists() else ""
    name = str(path.relative_to(HERE.parent))
    return list(
        difflib.unified_diff(
            committed.splitlines(), fresh.splitlines(), f"{name} (committed)", f"{name} (types)", lineterm=""
        )
    )


def check() -> int:
    diff = [line for path, fresh in outputs().items() for line in differences(path, fresh)]
    for line in diff:
        print(line)
    if diff:
        print("Stale: run `python -m schema` and commit what it wrote.", file=sys.stderr)
    return 1 if diff else 0


def write() -> int:
    for path, fresh in outputs().items():
        path.write_text(fresh)
    return 0


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m schema", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 where a committed file is stale")
    return check() if parser.parse_args().check else write()


if __name__ == "__main__":
    sys.exit(main())
