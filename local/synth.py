"""Synthesize the CDK app for the stage `local`, once for each state of what its templates are made from.

jsii costs seconds, so it runs in a process of its own and its result is kept by content. Two things are filled in at
each deploy instead, and cost no new synth: the stack's addresses (the templates hold placeholders), and the zips of our
own code (`current_stacks`). ``python -m local.synth OUT``.
"""

import hashlib
import json
import os
import shutil
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

from infra.functions import ALL
from infra.stages import Target, named
from infra.zips import build_zip
from local import assembly
from local.assembly import StackArtifact
from local.ministack import ROOT, node_folder
from local.processes import Children

KEPT: Final = ROOT / "build/synth"
KEEP_NEWEST: Final = 4
# What templates are made from beside the zips of our code. The lock of `dev` names the CDK's version.
SOURCES: Final = ("infra", "schema/schema.graphql", "requirements", "cdk.json")
IGNORED: Final = ("__pycache__", "node_modules")
# Beside each assembly's manifest: which of its files is which group's zip.
ZIPS: Final = "zips.json"

# Names that nothing resolves: one that was not filled in fails at once.
PLACEHOLDERS: Final = {
    "graphqlUrl": "http://graphql.placeholder.invalid/graphql",
    "explorerUrl": "http://explorer.placeholder.invalid/",
    "awsUrl": "http://aws.placeholder.invalid",
    "downloadsUrl": "http://downloads.placeholder.invalid",
    "modelsUrl": "http://models.placeholder.invalid",
    "bankUrl": "http://bank.placeholder.invalid",
    "printerUrl": "http://printer.placeholder.invalid",
    "firestoreHost": "firestore.placeholder.invalid",
    "chromium": "/chromium.placeholder.invalid",
    "node": "/node.placeholder.invalid",
}


class SynthError(RuntimeError):
    """The CDK app did not synthesize; the message is what it printed."""


def fingerprint(root: Path = ROOT) -> str:
    """A digest of every file the assembly depends on."""
    digest = hashlib.sha256(sys.version.encode())
    for path in _sources(root):
        digest.update(f"{path.relative_to(root)}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _sources(root: Path) -> Iterator[Path]:
    for name in SOURCES:
        top = root / name
        files = [top] if top.is_file() else top.rglob("*")
        yield from sorted(file for file in files if file.is_file() and not set(IGNORED) & set(file.parts))


def kept(root: Path = ROOT) -> Path | None:
    """The assembly of the sources as they are, if one has been made."""
    folder = KEPT / fingerprint(root)
    return folder if (folder / "manifest.json").exists() else None


def synthesize(children: Children) -> Path:
    """The assembly of the sources as they are. SynthError with the CDK's words where they do not synthesize."""
    if found := kept():
        os.utime(found)
        return found
    folder = KEPT / fingerprint()
    partial = KEPT / f"{folder.name}.{os.getpid()}"
    environment = os.environ | {"PYTHONDONTWRITEBYTECODE": ""}  # the CDK's modules compile for seconds
    code, printed = children.run("synth", [sys.executable, "-m", "local.synth", str(partial)], environment, ROOT)
    if code:
        shutil.rmtree(partial, ignore_errors=True)
        raise SynthError(printed)
    keep(partial, folder)
    _forget_old()
    return folder


def keep(partial: Path, folder: Path) -> None:
    """Put a finished assembly in its place, where another process may have put its own meanwhile."""
    if not (folder / "manifest.json").exists():
        shutil.rmtree(folder, ignore_errors=True)
    try:
        partial.rename(folder)
    except OSError:
        if not folder.exists():
            raise
        shutil.rmtree(partial, ignore_errors=True)  # the same sources: the other one is as good


def _forget_old() -> None:
    for old in newest_first(KEPT.iterdir())[KEEP_NEWEST:]:
        shutil.rmtree(old, ignore_errors=True)


def newest_first(folders: Iterable[Path]) -> list[Path]:
    """Sort by time; one that another process removes meanwhile counts as the oldest."""
    return sorted(folders, key=_modified, reverse=True)


def _modified(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return 0.0


def current_stacks(folder: Path) -> list[StackArtifact]:
    """The stacks of an assembly, with the zips of the code as it is now."""
    names: dict[str, str] = json.loads((folder / ZIPS).read_text())
    target = local_target()
    with ThreadPoolExecutor() as pool:
        zips = pool.map(lambda group: build_zip(group, target), names)
    return assembly.read(folder, dict(zip(names.values(), zips, strict=True)))


def local_target() -> Target:
    return named("local", PLACEHOLDERS).target


def main(out: Path) -> None:
    os.environ["JSII_NODE"] = str(Path(node_folder()) / "node")
    os.environ["JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION"] = "1"
    groups = sorted({spec.group for spec in ALL})  # one that no function has is in no template
    with ThreadPoolExecutor() as pool:  # packing is zlib's and uv's work: it goes on while jsii starts
        packing = [pool.submit(build_zip, group, local_target()) for group in groups]
        from infra.app import build  # noqa: PLC0415  # jsii starts its kernel on import: after JSII_NODE is known

        zips = {group: future.result() for group, future in zip(groups, packing, strict=True)}
    build(named("local", PLACEHOLDERS), out)
    names = {_digest(path): path.name for path in out.glob("*.zip")}
    deployed = {group: names.get(_digest(path)) for group, path in zips.items()}
    # A group may be of functions that this stage has not.
    (out / ZIPS).write_text(json.dumps({group: name for group, name in deployed.items() if name}))


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
