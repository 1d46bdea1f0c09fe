"""``make demo``: pictures from every model, uploads and changes, and one that fails and pays itself back."""

import argparse
import asyncio
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from aiohttp import ClientConnectionError

from local import console, running
from local.client import StackOutputs
from local.demo.patience import DemoError
from local.demo.steps import Demo
from local.demo.user import signed_in
from local.stack import DEFAULT_FOLDER, Stack

__all__ = ["DemoError", "run", "show"]


def run(arguments: argparse.Namespace) -> int:
    """Show the studio that runs on --dir, or one of its own: there, or in a folder that is thrown away."""
    console.heading("NamO Studio: the demo")
    steps = console.Steps()
    if outputs := running.find(arguments.dir, steps.done):
        if arguments.fresh:
            raise DemoError(
                "--fresh forgets what a stack has kept, and this one is running: stop it, or leave that out."
            )
        steps.done(f"In the studio that runs already: {outputs['explorerUrl']}")
        asyncio.run(show(outputs))
        print()
        steps.done("The demo is over; the studio runs on")
        return 0
    with _folder(arguments.dir) as folder, Stack(folder, done=steps.done, say=lambda _: None) as stack:
        outputs = stack.start(fresh=arguments.fresh)
        asyncio.run(show(outputs))
        print()
        steps.done("The demo is over; stopping everything")
    return 0


@contextmanager
def _folder(asked: Path) -> Generator[Path]:
    """Give the folder that was asked for, or one that is thrown away: what `make up` has kept is not the demo's."""
    if asked != DEFAULT_FOLDER:
        yield asked
        return
    with tempfile.TemporaryDirectory(prefix="namo-demo-") as folder:
        yield Path(folder)


async def show(outputs: StackOutputs) -> None:
    """Show a studio that runs. Raises DemoError where something goes otherwise than it should."""
    try:
        async with signed_in(outputs, "user") as user, signed_in(outputs, "admin") as admin:
            await Demo(user, admin).all()
    except (ClientConnectionError, TimeoutError) as error:
        raise DemoError(f"The studio does not answer: {str(error) or type(error).__name__}") from error
