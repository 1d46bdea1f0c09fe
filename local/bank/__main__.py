"""``python -m local.bank --port P --secrets FILE``."""

import argparse
import asyncio
from pathlib import Path

from local.bank.keys import KeyFile
from local.bank.server import serve


def main() -> None:
    """Read the arguments and serve."""
    parser = argparse.ArgumentParser(prog="python -m local.bank", description=__doc__)
    parser.add_argument("--port", type=int, required=True, help="port on 127.0.0.1; 0 takes a free one")
    parser.add_argument("--secrets", type=Path, required=True, help="JSON file of the merchant's keys, see README.md")
    parser.add_argument("--repeat-seconds", type=float, default=1.0, help="how long to wait before telling once more")
    parser.add_argument("--merchant", default="The merchant", help="the merchant's name, as payers see it")
    args = parser.parse_args()
    asyncio.run(serve(args.port, KeyFile(args.secrets), args.repeat_seconds, args.merchant))


if __name__ == "__main__":
    main()
