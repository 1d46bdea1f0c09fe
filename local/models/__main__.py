"""``python -m local.models --port P``."""

import argparse
import asyncio
from pathlib import Path

from local.models.server import serve


def main() -> None:
    """Read the arguments and serve."""
    parser = argparse.ArgumentParser(prog="python -m local.models", description=__doc__)
    parser.add_argument("--port", type=int, required=True, help="port on 127.0.0.1; 0 takes a free one")
    parser.add_argument("--service-account", type=Path, help="JSON file of the account whose grants are good")
    args = parser.parse_args()
    asyncio.run(serve(args.port, args.service_account))


if __name__ == "__main__":
    main()
