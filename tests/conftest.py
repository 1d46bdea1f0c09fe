"""The date that a test runs at, and which tests share a process when several run side by side."""

import os
from collections.abc import Generator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine

HERE = Path(__file__).parent
DAYS_AHEAD = int(os.environ.get("NAMO_DAYS_AHEAD", "730"))
# What these start, they start once for a session: a stack, jsii, a Firestore, painters, a browser.
TOGETHER = ("stack", "infra", "unit/boards", "unit/models", "unit/workers/test_page.py")


def pytest_report_header() -> str:
    return f"date: {DAYS_AHEAD} days ahead (NAMO_DAYS_AHEAD), but where other processes are asked"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        for name in TOGETHER:
            if item.path.is_relative_to(HERE / name):
                item.add_marker(pytest.mark.xdist_group(name))
        if item.path.is_relative_to(HERE / "stack"):
            item.add_marker(pytest.mark.system_date)


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
