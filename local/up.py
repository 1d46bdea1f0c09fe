"""``make up``: the stack, its addresses, and the code as it changes."""

import argparse
import os
from pathlib import Path
from typing import Any

from local import console
from local.stack import Stack
from local.watch import Watcher


def run(arguments: argparse.Namespace) -> int:
    console.heading("NamO Studio, on this machine")
    steps = console.Steps()
    gaps: list[str] = []
    with Stack(arguments.dir, done=steps.done, say=gaps.append) as stack:
        told = stack.start(fresh=arguments.fresh)
        show_gaps(gaps)
        show(told, stack.folder)
        console.heading(f"Ready after {steps.seconds:.1f} s. Watching the code; Ctrl-C stops everything.")
        stack.say = lambda text: None if text in gaps else console.line(text, "yellow")
        watch(stack)
    return 0


def watch(stack: Stack) -> None:
    watcher = Watcher(stack)
    under_make = os.getppid() if "MAKELEVEL" in os.environ else None
    for paths in watcher.changes():
        stack.children.check()
        if under_make not in {None, os.getppid()}:
            return  # make was killed: nobody is left to stop us
        if paths:
            watcher.bring(paths)


def show_gaps(gaps: list[str]) -> None:
    if gaps:
        console.heading("Not as on AWS")
    for gap in gaps:
        console.line(gap, "yellow")


def show(told: dict[str, Any], folder: Path) -> None:
    console.heading("Addresses")
    console.pairs(
        [
            ("Explorer", told["explorerUrl"]),
            ("GraphQL", told["graphqlUrl"]),
            ("GraphQL, TLS", told["graphqlTlsUrl"]),
            ("its CA", told["caFile"]),
            ("AWS", told["awsEndpoint"]),
            ("Models", told["modelsUrl"]),
            ("API key", told["apiKey"]),
        ]
    )
    console.heading("Accounts")
    console.pairs([(who, f"{one['email']}  {one['password']}") for who, one in told["users"].items()])
    console.heading("Files")
    console.pairs([("stack.json", str(folder / "stack.json")), ("logs", str(folder / "logs"))])
