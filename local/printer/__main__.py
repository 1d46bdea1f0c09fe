"""``python -m local.printer --port P --key FILE``."""

import argparse
import asyncio
from pathlib import Path

from local.printer.keys import KeyFile
from local.printer.server import serve


def main() -> None:
    """Read the arguments and serve."""
    parser = argparse.ArgumentParser(prog="python -m local.printer", description=__doc__)
    parser.add_argument("--port", type=int, required=True, help="port on 127.0.0.1; 0 takes a free one")
    parser.add_argument("--key", type=Path, required=True, help="JSON file of the merchant's key, see README.md")
    parser.add_argument("--repeat-seconds", type=float, default=1.0, help="how long to wait before another attempt")
    args = parser.parse_args()
    asyncio.run(serve(args.port, KeyFile(args.key), args.repeat_seconds))


if __name__ == "__main__":
    main()
