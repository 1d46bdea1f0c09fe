"""``make up``: the stack, its addresses, and the code as it changes."""

import argparse
import os
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from pathlib import Path
from typing import Any

from local import console
from local.stack import Stack
from local.watch import Watcher


def run(arguments: argparse.Namespace) -> int:
    console.heading("NamO Studio, on this machine")
    steps = console.Steps()
    gaps: list[str] = []
    with Stack(arguments.dir, done=steps.done, say=gaps.append) as stack, ThreadPoolExecutor(1) as pool:
        watcher = Watcher(stack)
        changes = watcher.changes()
        watching = pool.submit(next, changes)  # from here on no edit is missed
        outputs = stack.start(fresh=arguments.fresh)
        show_gaps(gaps)
        show(outputs, stack.folder)
        edited = watching.result()
        console.heading(f"Ready after {steps.seconds:.1f} s. Watching the code; Ctrl-C stops everything.")
        stack.say = lambda text: None if text in gaps else console.line(text, "yellow")
        watch(watcher, chain([edited], changes))
    return 0


def watch(watcher: Watcher, changes: Iterable[set[str]]) -> None:
    """Bring changes in until make, where it started us, is gone: killed, it could not stop us."""
    under_make = os.getppid() if "MAKELEVEL" in os.environ else None
    for paths in changes:
        watcher.stack.children.check()
        if under_make not in {None, os.getppid()}:
            return
        if paths:
            watcher.bring(paths)


def show_gaps(gaps: list[str]) -> None:
    if gaps:
        console.heading("Not as on AWS")
    for gap in gaps:
        console.line(gap, "yellow")


def show(outputs: dict[str, Any], folder: Path) -> None:
    console.heading("Addresses")
    console.pairs(
        [
            ("Explorer", outputs["explorerUrl"]),
            ("GraphQL", outputs["graphqlUrl"]),
            ("GraphQL, TLS", outputs["graphqlTlsUrl"]),
            ("its CA", outputs["caFile"]),
            ("AWS", outputs["awsEndpoint"]),
            ("Models", outputs["modelsUrl"]),
            ("Bank", f"{outputs['bankUrl']}/_bank/"),
            ("Printer", f"{outputs['printerUrl']}/_printer/"),
            ("Mailbox", outputs["mailboxUrl"]),
            ("Firestore", outputs["firestoreHost"]),
            ("API key", outputs["apiKey"]),
        ]
    )
    console.heading("Accounts")
    console.pairs([(who, f"{one['email']}  {one['password']}") for who, one in outputs["users"].items()])
    console.heading("Files")
    console.pairs([("stack.json", str(folder / "stack.json")), ("logs", str(folder / "logs"))])
