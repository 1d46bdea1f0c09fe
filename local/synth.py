"""Synthesize the CDK app for the stage `local`, once for each state of what it is made from.

jsii costs seconds, so it runs in a process of its own and its result is kept by content. Addresses are placeholders
that the deployer fills in, so one synth serves every stack on the machine: ``python -m local.synth OUT``.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from local.ministack import ROOT, node_folder

KEPT: Final = ROOT / "build/synth"
KEEP_NEWEST: Final = 4
# Everything a template or a zip is made from. The lock of `dev` names the CDK's version.
SOURCES: Final = ("infra", "schema", "studio", "resolvers", "workers", "requirements", "cdk.json", "pyproject.toml")
IGNORED: Final = ("__pycache__", "node_modules")

# Ports that nothing can listen on together with names that nothing resolves: a forgotten one fails at once.
GRAPHQL_PLACEHOLDER: Final = "http://graphql.placeholder.invalid/graphql"
VERTEX_PLACEHOLDER: Final = "http://vertex.placeholder.invalid"


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
    assembly = KEPT / fingerprint(root)
    return assembly if (assembly / "manifest.json").exists() else None


def synthesize() -> Path:
    """The assembly of the sources as they are. SynthError with the CDK's words where they do not synthesize."""
    if found := kept():
        os.utime(found)
        return found
    assembly = KEPT / fingerprint()
    partial = KEPT / f"{assembly.name}.{os.getpid()}"
    run = subprocess.run(
        [sys.executable, "-m", "local.synth", str(partial)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if run.returncode:
        shutil.rmtree(partial, ignore_errors=True)
        raise SynthError((run.stdout + run.stderr).strip())
    shutil.rmtree(assembly, ignore_errors=True)
    partial.rename(assembly)
    _forget_old()
    return assembly


def _forget_old() -> None:
    assemblies = sorted(KEPT.iterdir(), key=lambda path: path.stat().st_mtime, reverse=True)
    for old in assemblies[KEEP_NEWEST:]:
        shutil.rmtree(old, ignore_errors=True)


def main(out: Path) -> None:
    os.environ["JSII_NODE"] = str(Path(node_folder()) / "node")
    os.environ["JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION"] = "1"
    from infra.app import build  # noqa: PLC0415  # jsii starts its kernel on import: after JSII_NODE is known

    build("local", {"graphqlUrl": GRAPHQL_PLACEHOLDER, "vertexEndpoint": VERTEX_PLACEHOLDER}, out)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
