"""`python -m schema` prints the schema's files; `--check` fails, with a diff, where a committed one is stale."""

import argparse
import difflib
import sys
from collections.abc import Mapping
from pathlib import Path

from schema.print import outputs


def stale(files: Mapping[Path, str]) -> list[str]:
    """Return the lines of a diff from what is committed to what the types say; none where all is fresh."""
    return [line for path, fresh in files.items() for line in _difference(path, fresh)]


def _difference(path: Path, fresh: str) -> list[str]:
    committed = path.read_text() if path.exists() else ""
    names = f"{path.name} (committed)", f"{path.name} (types)"
    return list(difflib.unified_diff(committed.splitlines(), fresh.splitlines(), *names, lineterm=""))


def check() -> int:
    diff = stale(outputs())
    if not diff:
        return 0
    print(*diff, sep="\n")
    print("Stale: run `python -m schema` and commit what it wrote.", file=sys.stderr)
    return 1


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
