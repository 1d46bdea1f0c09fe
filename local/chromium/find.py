"""The Chromium that everything here uses: one that is named, the machine's own, or the registry's."""

import os
import shutil
from pathlib import Path
from typing import Final

from local.appsync.explorer.node import digest
from local.ministack import ROOT

HERE: Final = Path(__file__).parent
KEPT: Final = ROOT / ".tools/chromium"
NAMES: Final = ("chromium", "chromium-browser", "google-chrome", "chrome")
# What the registry's browser is made of; the lock holds what each package must hash to.
PARTS: Final = ("package.json", "package-lock.json", "unpack.mjs", "fonts.conf", "chromium")


def find() -> str:
    """The path of a Chromium; empty where there is none. What CHROMIUM names is taken, or nothing is."""
    named = os.environ.get("CHROMIUM")
    candidates = [named] if named else [*NAMES, str(unpacked() / "chromium")]
    found = next((path for name in candidates if (path := shutil.which(name))), None)
    return str(Path(found).absolute()) if found else ""  # functions start it from folders of their own


def unpacked() -> Path:
    """Where the registry's browser is, or will be: another one lies elsewhere."""
    return KEPT / digest(HERE / part for part in PARTS)[:16]
