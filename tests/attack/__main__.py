"""``python -m tests.attack [--only TEXT] [--dir DIR]``: tries what an attacker would, on a stack of its own."""

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from local.stack import Stack
from tests.attack import every
from tests.attack.arena import Arena, Attack
from tests.stack.client import StackClient

PATIENCE_SECONDS = 180.0


@dataclass(frozen=True)
class Outcome:
    """What one attack tried, what fell, and how long it took."""

    attack: Attack
    checks: int
    falls: list[str]
    seconds: float


async def run(attack: Attack, arena: Arena) -> Outcome:
    """Run one attack to its end. One that breaks off has shown nothing, which counts as a fall."""
    began = time.monotonic()
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            await attack.run(arena)
    except Exception as error:  # noqa: BLE001 - it is reported
        arena.falls.append(f"broke off: {type(error).__name__}: {error}")
    return Outcome(attack, arena.checks, arena.falls, time.monotonic() - began)


async def run_all(attacks: Iterable[Attack], client: StackClient, logs: Path) -> list[Outcome]:
    outcomes: list[Outcome] = []
    for attack in attacks:
        outcome = await run(attack, Arena(client, logs))
        outcomes.append(outcome)
        said = "held" if not outcome.falls else f"{len(outcome.falls)} FELL"
        print(f"{outcome.seconds:6.1f} s {outcome.checks:5} checks  {said:8} {attack.name}", flush=True)
        for fall in outcome.falls[:5]:
            print(f"{'':23}{fall[:300]}")
    return outcomes


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.attack", description=__doc__)
    parser.add_argument("--only", default="", help="attacks whose name holds this text")
    parser.add_argument("--dir", type=Path, help="keep the stack's state and logs here (default: a folder that goes)")
    return parser.parse_args()


def main() -> int:
    given, began = _arguments(), time.monotonic()
    chosen = [attack for attack in every.ATTACKS if given.only in attack.name]
    with tempfile.TemporaryDirectory(prefix="namo-attack-", ignore_cleanup_errors=True) as scratch:
        folder = given.dir or Path(scratch)
        with Stack(folder, done=lambda _: None, say=lambda _: None) as stack:
            outcomes = asyncio.run(run_all(chosen, StackClient(stack.start()), folder / "logs"))
    falls, checks = sum(bool(each.falls) for each in outcomes), sum(each.checks for each in outcomes)
    print(f"{len(outcomes)} attacks, {checks:,} checks, {falls} fell, {time.monotonic() - began:.0f} s")
    return 1 if falls or not outcomes else 0


if __name__ == "__main__":
    sys.exit(main())
