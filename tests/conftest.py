"""The date that a test runs at, and which tests share a process when several run side by side."""

import gc
import os
import sys
from collections import Counter
from collections.abc import Callable, Generator, Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import time_machine
from xdist.scheduler import LoadScopeScheduling

from local.appsync.explorer.node import NODE

HERE = Path(__file__).parent
DAYS_AHEAD = int(os.environ.get("NAMO_DAYS_AHEAD", "730"))
# As in the Makefile: without bytecode pytest, and every process that a test starts, compiles everything anew.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
# As for the worker on the local stack: the Node in Playwright needs a library that a bare machine lacks.
os.environ.setdefault("PLAYWRIGHT_NODEJS_PATH", str(NODE))
# What these start, they start once for a session: a stack, jsii, a Firestore, painters.
TOGETHER = ("tests/stack/", "tests/infra/", "tests/unit/boards/", "tests/unit/models/")
# Among them, files that start stacks of their own.
APART = tuple(f"tests/stack/test_{name}.py" for name in ("local_life", "chaos", "at_once", "local_code"))
# Half of the others: these share a second stack, so that no worker has all of them.
SECOND = tuple(
    f"tests/stack/test_{name}.py"
    for name in ("attack", "boards", "faults", "interleavings", "media", "payments", "providers")
)
# Few tests that take long: a browser, pictures of many megapixels.
LONG = tuple(f"tests/unit/{name}.py" for name in ("workers/test_page", "imaging/test_memory", "imaging/test_resize"))


# A busy machine is slow, not wrong.
hypothesis.settings.register_profile("namo", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("namo")


def pytest_report_header() -> str:
    return f"date: {DAYS_AHEAD} days ahead (NAMO_DAYS_AHEAD), but where other processes are asked"


class Rooms(LoadScopeScheduling):
    """Give a worker whole files, and whole folders where their tests share what is costly to start."""

    def _split_scope(self, nodeid: str) -> str:
        return room(nodeid)


def room(nodeid: str) -> str:
    file = nodeid.partition("::")[0]
    if file in SECOND:
        return "second stack"
    return file if file in APART else next((folder for folder in TOGETHER if file.startswith(folder)), file)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One more than there are cores: a stack's tests wait most of their time."""
    return len(os.sched_getaffinity(0)) + 1


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Rooms:
    config.option.loadscopereorder = False  # the items have their order
    return Rooms(config, log)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(HERE / "stack"):
            item.add_marker(pytest.mark.system_date)
    if hasattr(config, "workerinput"):
        items.sort(key=longest_first(items))


def longest_first(items: Iterable[pytest.Item]) -> Callable[[pytest.Item], tuple[int, int]]:
    """Order rooms by how long they take, lest one of minutes is begun last; most go by their number of tests."""
    known = ("tests/stack/", "second stack", *APART, "tests/infra/", *LONG)
    tests = Counter(room(item.nodeid) for item in items)

    def key(item: pytest.Item) -> tuple[int, int]:
        name = room(item.nodeid)
        return known.index(name) if name in known else len(known), -tests[name]

    return key


def pytest_collection_finish() -> None:
    """Look for garbage less often, and no more among what thousands of tests are made of."""
    gc.freeze()
    gc.set_threshold(50_000, 10, 10)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, Any, Any]:
    """Run a test two years ahead, so that it fails today if it would by then.

    A world has a date of its own. Other processes keep the system's, and so does OpenSSL: a test that has these
    judge a time is marked `system_date`.
    """
    if item.get_closest_marker("system_date"):
        return (yield)
    with time_machine.travel(timedelta(days=DAYS_AHEAD)):
        return (yield)
