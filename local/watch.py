"""Code that changes while the stack runs: a function's zip goes straight to it, anything else through the templates."""

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import Any, Final

from watchfiles import PythonFilter, watch

from infra.functions import ALL, function_name
from infra.zips import SOURCES, build_zip
from local import synth
from local.ministack import ROOT
from local.stack import Stack

CODE_SOURCES: Final = tuple(sorted({folder for folders in SOURCES.values() for folder in folders}))
CHECK_MILLISECONDS: Final = 300
QUIET_MILLISECONDS: Final = 50
EXTENSIONS: Final = (".js", ".graphql", ".txt", ".json")


@dataclass
class Watcher:
    """Brings changes of the working tree into one running stack."""

    stack: Stack
    root: Path = ROOT

    def changes(self, stop: Event | None = None) -> Iterator[set[str]]:
        """Paths that changed, relative to the root; now and then an empty set."""
        folders = [path for name in (*CODE_SOURCES, *synth.SOURCES) if (path := self.root / name).exists()]
        seen = watch(
            *folders,
            watch_filter=PythonFilter(extra_extensions=EXTENSIONS),
            debounce=QUIET_MILLISECONDS * 4,
            step=QUIET_MILLISECONDS,
            rust_timeout=CHECK_MILLISECONDS,
            yield_on_timeout=True,
            stop_event=stop,
            raise_interrupt=True,
        )
        for batch in seen:
            yield {Path(path).relative_to(self.root).as_posix() for _, path in batch}

    def bring(self, paths: Iterable[str]) -> None:
        """Update what these paths are part of. A mistake in them is told, and the stack stays as it is."""
        paths = set(paths)
        if any(path.startswith(synth.SOURCES) for path in paths):
            self._templates()
        else:
            groups = [group for group, folders in SOURCES.items() if any(path.startswith(folders) for path in paths)]
            for group in groups:
                self._code(group)

    def _code(self, group: str) -> None:
        started = time.monotonic()
        content = build_zip(group, synth.local_target()).read_bytes()
        names = [function_name("local", spec) for spec in ALL if spec.group == group]
        client: Any = self.stack.aws.client("lambda")
        for name in names:
            client.update_function_code(FunctionName=name, ZipFile=content)
        self.stack.done(f"{group} code live in {len(names)} functions, {time.monotonic() - started:.2f} s")

    def _templates(self) -> None:
        try:
            changed = self.stack.deploy(synth.synthesize())
        except Exception as error:  # noqa: BLE001  # whatever is wrong with the edit, the stack goes on as it was
            self.stack.say(str(error))
            return
        if changed and self.stack.gateway:
            self.stack.gateway.hang_up()
