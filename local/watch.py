"""Code that changes while the stack runs: a function's zip goes straight to it, anything else through the templates."""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import Any, Final

from watchfiles import PythonFilter, watch

from infra.functions import ALL, function_name
from infra.zips import SOURCES, build_zip
from local import synth
from local.deploy import BOOTSTRAP_BUCKET
from local.ministack import ROOT
from local.stack import Stack

CODE_SOURCES: Final = tuple(sorted({folder for folders in SOURCES.values() for folder in folders}))
# Folders, because an editor may put a new file in the old one's place.
TEMPLATE_FOLDERS: Final = ("infra", "schema", "requirements")
CHECK_MILLISECONDS: Final = 200
QUIET_MILLISECONDS: Final = 50
EXTENSIONS: Final = (".js", ".graphql", ".txt", ".json")


@dataclass
class Watcher:
    """Brings changes of the working tree into one running stack."""

    stack: Stack
    root: Path = ROOT

    def changes(self, stop: Event | None = None) -> Iterator[set[str]]:
        """Paths that changed, relative to the root; now and then an empty set."""
        seen = watch(
            *(self.root / name for name in (*CODE_SOURCES, *TEMPLATE_FOLDERS)),
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
        """Update what these paths are part of. A mistake in them is printed, and the stack stays as it is."""
        paths = set(paths)
        try:
            if any(path.startswith(synth.SOURCES) for path in paths):
                self._templates()
            else:
                self._code([group for group, folders in SOURCES.items() if any(map(_below(folders), paths))])
        except Exception as error:  # noqa: BLE001  # whatever is wrong with the edit, the stack goes on as it was
            self.stack.say(str(error))

    def _code(self, groups: Iterable[str]) -> None:
        functions: Any = self.stack.aws.client("lambda")
        for group in groups:
            started = time.monotonic()
            place = self._upload(f"{group}.zip", build_zip(group, synth.local_target()))
            names = [function_name("local", spec.name) for spec in ALL if spec.group == group]
            for name in names:
                functions.update_function_code(FunctionName=name, **place)
            self.stack.done(f"{group} code live in {len(names)} functions, {time.monotonic() - started:.2f} s")

    def _upload(self, key: str, path: Path) -> dict[str, str]:
        """Put a zip where all functions of its group take it from, in the last one's place; return where."""
        self.stack.aws.client("s3").put_object(Bucket=BOOTSTRAP_BUCKET, Key=key, Body=path.read_bytes())
        return {"S3Bucket": BOOTSTRAP_BUCKET, "S3Key": key}

    def _templates(self) -> None:
        changed = self.stack.deploy(synth.current_stacks(synth.synthesize(self.stack.children)))
        if changed and self.stack.gateway:
            self.stack.gateway.hang_up()


def _below(folders: tuple[str, ...]) -> Callable[[str], bool]:
    return lambda path: path.startswith(tuple(f"{folder}/" for folder in folders))
