"""``make demo``: pictures from every model, uploads and changes, and one that fails and pays itself back."""

import argparse
import asyncio
import tempfile
from contextlib import ExitStack
from pathlib import Path

from local import console
from local.client import StackOutputs
from local.demo.steps import Demo
from local.demo.user import DemoError, signed_in
from local.stack import DEFAULT_FOLDER, Stack

__all__ = ["DemoError", "run", "show"]


def run(arguments: argparse.Namespace) -> int:
    """Start a studio of its own (in --dir, or in a folder that is thrown away), show it, stop it."""
    console.heading("NamO Studio: the demo")
    steps = console.Steps()
    with ExitStack() as held:
        folder = arguments.dir
        if folder == DEFAULT_FOLDER:  # that one may be in use by `make up`
            folder = Path(held.enter_context(tempfile.TemporaryDirectory(prefix="namo-demo-")))
        stack = held.enter_context(Stack(folder, done=steps.done, say=lambda _: None))
        outputs = stack.start(fresh=arguments.fresh)
        asyncio.run(show(outputs))
        print()
        steps.done("The demo is over; stopping everything")
    return 0


async def show(outputs: StackOutputs) -> None:
    """Show a studio that runs. Raises DemoError where something goes otherwise than it should."""
    async with signed_in(outputs, "user") as user, signed_in(outputs, "admin") as admin:
        await Demo(user, admin).all()
