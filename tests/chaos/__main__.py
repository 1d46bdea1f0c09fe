"""``python -m tests.chaos [--seed N] [--jobs N] [--dir DIR]``: everything fails for a while; the books must close."""

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path

from tests.chaos import plan, table
from tests.chaos.run import run


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--seed", type=int, default=20261120)
    parser.add_argument("--jobs", type=int, default=300)
    parser.add_argument("--dir", type=Path, help="keep the stack's state and logs here (default: a folder that goes)")
    return parser.parse_args()


def main() -> int:
    given = _arguments()
    with tempfile.TemporaryDirectory(prefix="namo-chaos-", ignore_cleanup_errors=True) as scratch:
        report = asyncio.run(run(plan.make(given.seed, given.jobs), given.dir or Path(scratch)))
    print("\n".join(table.lines(report)))
    return 1 if report.verdict.broken else 0


if __name__ == "__main__":
    sys.exit(main())
