"""``python -m local COMMAND``: the studio on this machine."""

import argparse
import signal
import sys
from pathlib import Path

from local import demo, ledger_check, orphans, retirements, up
from local.deploy import DeployError
from local.processes import ChildDiedError
from local.stack import DEFAULT_FOLDER, FolderInUseError
from local.synth import SynthError

EXPECTED = (ChildDiedError, demo.DemoError, DeployError, FolderInUseError, SynthError, TimeoutError)


def _stop(_number: int, _frame: object) -> None:
    raise KeyboardInterrupt


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m local", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, run, what in (
        ("up", up.run, "start the stack and watch the code"),
        ("demo", demo.run, "show everything end to end: pictures, changes, a refund, points from the bank"),
        ("ledger-check", ledger_check.run, "prove that every balance is the sum of its ledger lines"),
        ("orphans", orphans.run, "find objects without a row, and rows without their object"),
        ("retirements", retirements.run, "fail where a stage's models end within 60 days"),
    ):
        command = commands.add_parser(name, help=what)
        command.set_defaults(run=run)
        command.add_argument("--dir", type=Path, default=DEFAULT_FOLDER, help="where the stack's state is kept")
        if run is ledger_check.run:
            ledger_check.arguments(command)
        elif run is orphans.run:
            orphans.arguments(command)
        elif run is retirements.run:
            retirements.arguments(command)
        else:
            command.add_argument("--fresh", action="store_true", help="forget the state of earlier runs")
    return parser.parse_args()


def main() -> int:
    for number in (signal.SIGINT, signal.SIGTERM):  # SIGINT too: a shell starts what runs behind it deaf to that
        signal.signal(number, _stop)
    arguments = _arguments()
    try:
        return int(arguments.run(arguments))
    except KeyboardInterrupt:
        return 0
    except EXPECTED as error:
        print(str(error) or type(error).__name__, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
