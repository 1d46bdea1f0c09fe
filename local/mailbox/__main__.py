"""``python -m local.mailbox --port P --folder F --topic ARN``."""

import argparse
import asyncio
from pathlib import Path

from local.mailbox.server import serve


def main() -> None:
    """Read the arguments and serve."""
    parser = argparse.ArgumentParser(prog="python -m local.mailbox", description=__doc__)
    parser.add_argument("--port", type=int, required=True, help="port on 127.0.0.1; 0 takes a free one")
    parser.add_argument("--folder", type=Path, required=True, help="where the emulator keeps what was sent")
    parser.add_argument("--topic", required=True, help="the SNS topic that SES tells of what became of mails")
    args = parser.parse_args()
    asyncio.run(serve(args.port, args.folder, args.topic))


if __name__ == "__main__":
    main()
