"""The CDK's cloud assembly on disk: its stacks in deploy order, and the files they need uploaded."""

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

from local.ministack import ACCOUNT, REGION

# A fixed time in every entry, so that equal folders make equal zips.
ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Asset:
    """A file or folder that a template names by bucket and key; the template calls it `written_key` until filled in."""

    source: Path
    packaging: str
    bucket: str
    key: str
    written_key: str

    def content(self) -> bytes:
        return zipped(self.source) if self.packaging == "zip" else self.source.read_bytes()


@dataclass(frozen=True)
class StackArtifact:
    """One CloudFormation stack of the assembly."""

    name: str
    template: dict[str, Any]
    assets: tuple[Asset, ...]
    needs: frozenset[str]


@dataclass(frozen=True)
class Assembly:
    """What `app.synth()` left in a folder."""

    folder: Path
    artifacts: dict[str, Any]
    replaced: Mapping[str, Path]

    def stacks(self) -> list[StackArtifact]:
        """Each after those it depends on."""
        stacks = {key: one for key, one in self.artifacts.items() if one["type"] == "aws:cloudformation:stack"}
        needs = {key: set(one.get("dependencies", ())) & stacks.keys() for key, one in stacks.items()}
        return [self._stack(key, needs[key]) for key in TopologicalSorter(needs).static_order()]

    def _stack(self, key: str, needs: set[str]) -> StackArtifact:
        artifact = self.artifacts[key]
        template = self.folder / artifact["properties"]["templateFile"]
        beside = [self.artifacts[name] for name in artifact.get("dependencies", ())]
        manifests = [each["properties"]["file"] for each in beside if each["type"] == "cdk:asset-manifest"]
        # The deployer uploads the template itself, addresses filled in.
        assets = tuple(one for file in manifests for one in self._assets(file) if one.source != template)
        return StackArtifact(
            self._name(key), json.loads(template.read_text()), assets, frozenset(map(self._name, needs))
        )

    def _name(self, key: str) -> str:
        return self.artifacts[key]["properties"].get("stackName", key)

    def _assets(self, manifest: str) -> Iterator[Asset]:
        files: dict[str, Any] = json.loads((self.folder / manifest).read_text())["files"]
        for entry in files.values():
            for destination in entry["destinations"].values():
                bucket = destination["bucketName"]
                bucket = bucket.replace("${AWS::AccountId}", ACCOUNT).replace("${AWS::Region}", REGION)
                yield self._asset(entry["source"], bucket, destination["objectKey"])

    def _asset(self, source: dict[str, str], bucket: str, key: str) -> Asset:
        replacement = self.replaced.get(source["path"])
        if replacement is None:
            return Asset(self.folder / source["path"], source["packaging"], bucket, key, key)
        return Asset(replacement, "file", bucket, replacement.name, key)


def read(folder: Path, replaced: Mapping[str, Path]) -> list[StackArtifact]:
    """The stacks of the cloud assembly in `folder`, in deploy order; `replaced` names other files for some assets."""
    return Assembly(folder, json.loads((folder / "manifest.json").read_text())["artifacts"], replaced).stacks()


def zipped(folder: Path) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for path in sorted(file for file in folder.rglob("*") if file.is_file()):
            entry = zipfile.ZipInfo(path.relative_to(folder).as_posix(), ZIP_EPOCH)
            entry.external_attr = (path.stat().st_mode & 0xFFFF) << 16
            archive.writestr(entry, path.read_bytes(), zipfile.ZIP_DEFLATED, 1)
    return buffer.getvalue()


def digest(value: object) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:16]
