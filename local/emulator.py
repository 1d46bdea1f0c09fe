"""MiniStack with twelve things put right: ``python -P local/emulator.py`` in the emulator's own environment.

Four that it does otherwise than AWS lose events or hold them up. They are mended here, not worked around in functions:

- It takes a batch of a DynamoDB stream for done though the function names records that failed (`batchItemFailures`).
  Here such a batch comes again, a second later, until it succeeds, is too old, or was tried too often.
- It knows no `MaximumRetryAttempts` of a stream, so that one record that can never be handled holds up all that follow.
  Here such a batch goes to its dead letters after as many tries, which go on for some seconds: AWS pauses between them.
- It keeps a reader's position between runs but not the records it counts, so that a restarted reader is ahead of its
  stream and skips as many events as there were before. Here it starts at the stream's new beginning.
- It gives an event that failed to the function as it was when the event came first, and the process it starts for that,
  with a configuration and code of the past, serves others ever after. Here a process is of the function as it is now.

The fifth costs milliseconds, and sometimes a log's last lines: after each call of a function it waits for what the
function may have logged, fifty milliseconds where that is nothing, and what its own thread has not read by then comes
with the next call. Here what was logged before the answer is read with the answer, at once and to the end.

The sixth costs seconds: it unpacks a function's whole zip for every worker it starts, which then compiles what it
imports. Here equal zips share one folder, bytecode included, between workers, runs and stacks.

The seventh is this machine's: each call at once with others is a process of its own, and no two hundred of them become
ready in their time. Here the calls of a function that somebody waits for, over Lambda's API or an HTTP API, wait for
their turn (`turns.py`), as many clients as there may be. A function's own time begins when a process takes the call, as
it does in MiniStack. Events wait for nobody: nobody waits for them, and what they start waits for models.

The eighth is in `emulator_processes.py`: a process starts as a copy of its function's first, for a tenth of the cost.

The ninth is in `emulator_iam.py`: condition keys that our roles use and MiniStack does not know.

The tenth is in `browsers.py`: its own paths (`/_ministack/reset`) would be obeyed whoever asks, another site's page
too. S3 and the rest stay open to any origin, as they are on AWS: there a signature says who asks.

The eleventh is in `emulator_mail.py`: mails are kept whole, and a sender is held to its own address.

The twelfth is in `emulator_cognito.py`: people could write any attribute of themselves, and so become somebody else.

Only the standard library, the emulator and these files: nothing else of the project can be imported here.
"""

import contextlib
import hashlib
import importlib
import json
import os
import select
import shutil
import tempfile
import threading
import time
import zipfile
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import SimpleNamespace
from typing import Any

UNPACKED = Path(__file__).resolve().parent.parent / "build/unpacked"
KEPT_FOLDERS = 12
# A folder that was used within a day may belong to a running stack.
KEPT_SECONDS = 24 * 3600.0
# For how long a stream's reader tries at least: AWS pauses between its tries, this poller a second.
RETRY_SECONDS = 15.0
_IAM = ("actions", "evaluator")
_ADMINISTRATIVE = "/_ministack/"  # whoever asks is obeyed there
_SES = ("ses", "ses_v2")
LATEST = "$LATEST"  # the version that is changed in place

Members = dict[str, tuple[int, int]]

_thread = threading.local()


class Retries:
    """How often each stream's reader has failed at the same batch in a row, and since when.

    `readers` gives the event source mappings, `bury` sends a batch to the dead letters of one.
    """

    def __init__(self, readers: Callable[[], Iterable[Mapping[str, Any]]], bury: Callable[..., None]) -> None:
        self._readers = readers
        self._bury = bury
        self._failed: dict[str, tuple[str, int, float]] = {}

    def gave_up(self, function: Any, batch: list[Any], result: Mapping[str, Any], now: float) -> bool:
        """Count one more failure, and tell whether it was the last that the reader allows."""
        first, source = batch[0]["eventID"], batch[0]["eventSourceARN"]
        name = (function.get("config") or function)["FunctionName"]
        reader = next((each for each in self._readers() if _reads(each, name, source)), {})
        seen, tries, since = self._failed.get(f"{name} {source}", ("", 0, now))
        tries, since = (tries + 1, since) if seen == first else (1, now)
        self._failed[f"{name} {source}"] = first, tries, since
        most = int(reader.get("MaximumRetryAttempts", -1))
        if most < 0 or tries <= most or now - since < RETRY_SECONDS:
            return False
        self._bury(reader, function, batch, source, result, "RetryAttemptsExhausted")
        return True


def _reads(reader: Mapping[str, Any], function: str, source: str) -> bool:
    return reader.get("FunctionName") == function and reader.get("EventSourceArn") == source


def _with_item_failures(execute: Callable[..., Any], retries: Retries) -> Callable[..., Any]:
    """Turn a partial failure that the stream's poller hears of into an error, which it knows; and end its retries."""

    def run(function: Any, event: Any) -> Any:
        result = execute(function, event)
        if not getattr(_thread, "polls", False):
            return result
        body = result.get("body")
        if isinstance(body, dict) and body.get("batchItemFailures"):
            result = result | {"error": True, "body": {"errorType": "BatchItemFailures", "errorMessage": str(body)}}
        if result.get("error") and retries.gave_up(function, event["Records"], result, time.monotonic()):
            return result | {"error": False}
        return result

    return run


def _marked(poll: Callable[[], Any]) -> Callable[[], Any]:
    def run() -> Any:
        _thread.polls = True
        try:
            return poll()
        finally:
            _thread.polls = False

    return run


def _from_the_beginning(restore: Callable[..., Any], stream_positions: Any) -> Callable[..., Any]:
    def run(positions: Any, saved: Any) -> Any:
        restore(positions, saved)
        if positions is stream_positions:
            for key in list(positions._data):  # noqa: SLF001 - it has no other way to name what another account holds
                positions._data[key] = 0  # noqa: SLF001

    return run


def of_today(acquire: Callable[..., Any], functions: Mapping[str, Any]) -> Callable[..., Any]:
    """Have processes of unpublished functions made of what these are now, whatever an event remembers of them."""

    def run(name: str, config: Any, code: bytes, qualifier: str = LATEST, **more: Any) -> Any:
        today = functions.get(name) if qualifier == LATEST else None
        if today:
            config, code = today["config"], today["code_zip"]
        return acquire(name, config, code, qualifier=qualifier, **more)

    return run


class Lines:
    """The lines that a process writes to a pipe, put into a queue by whoever looks first."""

    def __init__(self, descriptor: int, into: Any) -> None:
        self._descriptor = os.dup(descriptor)  # one that nobody else closes, lest its number be given to another file
        self._into = into
        self._rest = b""
        self._open = True
        self._lock = threading.Lock()

    def follow(self) -> None:
        """Read until the process has closed its end."""
        while self._open:
            self._wait(None)
            self.take()
        os.close(self._descriptor)

    def take(self) -> None:
        """Read what is there by now, without waiting."""
        with self._lock:
            while self._open and self._wait(0):
                chunk = os.read(self._descriptor, 65536)
                self._open = bool(chunk)
                *lines, self._rest = (self._rest + (chunk or (self._rest and b"\n"))).split(b"\n")
                for line in lines:
                    self._into.put(line.decode(errors="replace"))

    def _wait(self, milliseconds: int | None) -> bool:
        poll = select.poll()
        poll.register(self._descriptor, select.POLLIN)
        return bool(poll.poll(milliseconds))


def _followed(worker: Any) -> None:
    worker.lines = Lines(worker._proc.stderr.fileno(), worker._stderr_queue)  # noqa: SLF001
    worker.lines.follow()


def _to_the_end(drain: Callable[..., str]) -> Callable[..., str]:
    def run(worker: Any, **waits: float) -> str:
        if not hasattr(worker, "lines"):
            return drain(worker, **waits)
        worker.lines.take()
        return worker._drain_stderr()  # noqa: SLF001

    return run


def in_turn(invoke: Callable[..., Awaitable[Any]], line: Callable[..., str | None], turns: Callable[[], Any]) -> Any:
    """Have the calls of one `line` take turns; those of none go on as they come."""
    lines: dict[str, Any] = defaultdict(turns)

    async def run(*arguments: Any, **named: Any) -> Any:
        name = line(*arguments, **named)
        if name is None:
            return await invoke(*arguments, **named)
        async with lines[name]:
            return await invoke(*arguments, **named)

    return run


def function_waited_for(name: str, _event: Any, headers: Mapping[str, str], *_: Any) -> str | None:
    kinds = [value for key, value in headers.items() if key.lower() == "x-amz-invocation-type"]
    return None if "Event" in kinds else name


def function_behind(integration: Mapping[str, Any], *_: Any, **__: Any) -> str:
    return str(integration.get("integrationUri"))


class Store:
    """Unpacked zips below `folder`, each beside a list of its members."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def unpacked(self, archive: zipfile.ZipFile) -> Path:
        """The folder with the archive's content, made if it is not there."""
        members = {one.filename: (one.CRC, one.file_size) for one in archive.infolist() if not one.is_dir()}
        name = hashlib.sha256(json.dumps(members, sort_keys=True).encode()).hexdigest()[:20]
        folder = self._folder / name
        if not folder.exists():
            self._fill(folder, archive, members)
        os.utime(folder)
        return folder

    def prune(self) -> None:
        """Forget the oldest."""
        found = [(_modified(path), path) for path in self._folder.glob("*") if path.is_dir()]
        for at, path in sorted(found, reverse=True)[KEPT_FOLDERS:]:
            if time.time() - at > KEPT_SECONDS:
                self._list_of(path).unlink(missing_ok=True)
                shutil.rmtree(path, ignore_errors=True)

    def _fill(self, folder: Path, archive: zipfile.ZipFile, members: Members) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=".", dir=self._folder))
        try:
            taken = self._take_from_likest(draft, members)
            archive.extractall(draft, [name for name in members if name not in taken])
            self._list_of(folder).write_text(json.dumps(members))
            draft.rename(folder)
        except OSError:
            if not folder.exists():  # else another process was first: its folder is as good
                raise
        finally:
            shutil.rmtree(draft, ignore_errors=True)

    def _take_from_likest(self, draft: Path, members: Members) -> set[str]:
        """Link equal files, and their bytecode, from the folder that has most of them."""
        shared = {path: self._equal(path, members) for path in self._folder.glob("*.json")}
        if not shared:
            return set()
        likest = max(shared, key=lambda path: len(shared[path]))
        source = likest.with_suffix("")
        for name in shared[likest]:
            _link(source / name, draft / name)
            for compiled in _compiled(source, name):
                if compiled not in members:  # what is, comes by itself: a link would be written through
                    with contextlib.suppress(FileNotFoundError):  # functions write there meanwhile
                        _link(source / compiled, draft / compiled)
        return shared[likest]

    def _equal(self, path: Path, members: Members) -> set[str]:
        try:
            theirs = json.loads(path.read_text())
        except (FileNotFoundError, ValueError):  # another process forgets it, or has not written it to its end
            return set()
        folder = path.with_suffix("")
        return {name for name, what in members.items() if theirs.get(name) == [*what] and (folder / name).exists()}

    def _list_of(self, folder: Path) -> Path:
        return folder.with_suffix(".json")


def _modified(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:  # another process has forgotten it
        return 0.0


def _link(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.hardlink_to(source)


def _compiled(folder: Path, name: str) -> Iterator[str]:
    """Yield the bytecode that a module has been given; it goes by the module's time, which a link keeps."""
    path = folder / name
    if path.suffix == ".py":
        for compiled in (path.parent / "__pycache__").glob(f"{path.stem}.*.pyc"):
            yield compiled.relative_to(folder).as_posix()


def sharing(store: Store) -> type[zipfile.ZipFile]:
    """A ZipFile that puts a link to the store's folder where a function's code should be unpacked."""

    class SharedZip(zipfile.ZipFile):
        def extractall(self, path: Any = None, members: Any = None, pwd: bytes | None = None) -> None:
            if members is None and Path(path).name == "code":
                Path(path).rmdir()
                Path(path).symlink_to(store.unpacked(self), target_is_directory=True)
            else:
                super().extractall(path, members, pwd)

    return SharedZip


def main() -> None:
    lambdas: Any = importlib.import_module("ministack.services.lambda_svc")
    retries = Retries(
        lambda: [reader for *_, reader in lambdas._iter_all_esms()],  # noqa: SLF001
        lambdas._send_ddb_stream_failure_record,  # noqa: SLF001
    )
    lambdas._execute_function = _with_item_failures(lambdas._execute_function, retries)  # noqa: SLF001
    lambdas._poll_dynamodb_streams = _marked(lambdas._poll_dynamodb_streams)  # noqa: SLF001
    positions = lambdas._dynamodb_stream_positions  # noqa: SLF001
    lambdas._restore_esm_positions = _from_the_beginning(lambdas._restore_esm_positions, positions)  # noqa: SLF001
    lambdas.acquire_worker = of_today(lambdas.acquire_worker, lambdas._functions)  # noqa: SLF001
    gateway: Any = importlib.import_module("ministack.services.apigateway")
    turns = _beside("turns").Turns
    gateway._invoke_lambda_proxy = in_turn(gateway._invoke_lambda_proxy, function_behind, turns)  # noqa: SLF001
    lambdas._invoke = in_turn(lambdas._invoke, function_waited_for, turns)  # noqa: SLF001
    store = Store(UNPACKED)
    store.prune()
    runtime: Any = importlib.import_module("ministack.core.lambda_runtime")
    runtime.Worker._read_stderr = _followed  # noqa: SLF001
    runtime.Worker._drain_stderr_bounded = _to_the_end(runtime.Worker._drain_stderr_bounded)  # noqa: SLF001
    runtime.zipfile = SimpleNamespace(**{**vars(zipfile), "ZipFile": sharing(store)})
    _beside("emulator_processes").mend(runtime)
    iam = [importlib.import_module(f"ministack.core.iam_{name}") for name in _IAM]
    _beside("emulator_iam").mend(*iam)
    _beside("emulator_mail").mend(*iam, *(importlib.import_module(f"ministack.services.{name}") for name in _SES))
    _beside("emulator_cognito").mend(importlib.import_module("ministack.services.cognito"))
    server: Any = importlib.import_module("ministack.app")
    server.app = _beside("browsers").guarded(server.app, _ADMINISTRATIVE)
    server.main()


def _beside(name: str) -> Any:
    """Import a file that lies beside this one, and nothing else from there."""
    spec: Any = spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


if __name__ == "__main__":
    main()
