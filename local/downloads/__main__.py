"""``python -m local.downloads --port P --bucket B``; the emulator's address comes from the environment."""

import argparse
import asyncio

from local.downloads.server import serve


def main() -> None:
    """Read the arguments and serve."""
    parser = argparse.ArgumentParser(prog="python -m local.downloads", description=__doc__)
    parser.add_argument("--port", type=int, required=True, help="port on 127.0.0.1; 0 takes a free one")
    parser.add_argument("--bucket", required=True, help="the bucket that links lead to")
    args = parser.parse_args()
    asyncio.run(serve(args.port, args.bucket))


if __name__ == "__main__":
    main()
