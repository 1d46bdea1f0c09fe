"""MiniStack with its stream readers put right: ``python -P local/emulator.py`` in the emulator's own environment.

Two things that it does otherwise than AWS lose events, so they are mended here rather than worked around in functions:

- It takes a batch of a DynamoDB stream for done though the function names records that failed (`batchItemFailures`).
  Here such a batch comes again, a second later, until it succeeds or is too old.
- It keeps a reader's position between runs but not the records it counts, so that a restarted reader is ahead of its
  stream and skips as many events as there were before. Here it starts at the stream's new beginning.

Only the standard library and the emulator: nothing of the project can be imported here.
"""

import importlib
import threading
from collections.abc import Callable
from typing import Any

_thread = threading.local()


def _with_item_failures(execute: Callable[..., Any]) -> Callable[..., Any]:
    """Turn a partial failure that the stream's poller hears of into the kind that it knows: an error."""

    def run(function: Any, event: Any) -> Any:
        result = execute(function, event)
        body = result.get("body")
        if getattr(_thread, "polls", False) and isinstance(body, dict) and body.get("batchItemFailures"):
            return result | {"error": True, "body": {"errorType": "BatchItemFailures", "errorMessage": str(body)}}
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


def main() -> None:
    lambdas: Any = importlib.import_module("ministack.services.lambda_svc")
    lambdas._execute_function = _with_item_failures(lambdas._execute_function)  # noqa: SLF001
    lambdas._poll_dynamodb_streams = _marked(lambdas._poll_dynamodb_streams)  # noqa: SLF001
    positions = lambdas._dynamodb_stream_positions  # noqa: SLF001
    lambdas._restore_esm_positions = _from_the_beginning(lambdas._restore_esm_positions, positions)  # noqa: SLF001
    importlib.import_module("ministack.app").main()


if __name__ == "__main__":
    main()
