"""Start a stack once and stop it: bytecode, the CDK's kernel, functions' packages and the explorer are then in place.

``make install`` ends with this, so that the first `make up` does not pay for it.
"""

import sys
import tempfile
from pathlib import Path

from local import console
from local.__main__ import EXPECTED
from local.stack import Stack


def main() -> int:
    """Print what went wrong, but never stand in the way of an installation: `make up` will say it again."""
    with tempfile.TemporaryDirectory(prefix="namo-warm-") as folder:
        try:
            with Stack(Path(folder), done=console.Steps().done, say=lambda _: None) as stack:
                stack.start()
        except EXPECTED as error:
            print(f"The first start failed:\n{error}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
