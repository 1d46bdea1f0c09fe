"""What others read of a picture: Exiv2's library, and exiftool where the machine has it."""

import json
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import exiv2

EXIFTOOL = shutil.which("exiftool")
_EXIV2: Any = exiv2  # it says nothing of its types


@dataclass(frozen=True)
class Said:
    """The mark that a reader found; empty where there is none."""

    source: str = ""
    tool: str = ""
    made_at: str = ""


def by_exiv2(content: bytes) -> Said:
    image = _EXIV2.ImageFactory.open(content)
    image.readMetadata()
    found = {each.key(): each.toString() for each in image.xmpData()}
    names = ("Xmp.iptcExt.DigitalSourceType", "Xmp.xmp.CreatorTool", "Xmp.xmp.CreateDate")
    return Said(*(found.get(name, "") for name in names))


def by_exiftool(*contents: bytes) -> list[Said]:
    """Read several files; a warning about one fails."""
    assert EXIFTOOL
    names = ("XMP-iptcExt:DigitalSourceType", "XMP-xmp:CreatorTool", "XMP-xmp:CreateDate")
    with TemporaryDirectory() as folder:
        paths = [Path(folder) / f"{number:03}" for number in range(len(contents))]
        for path, content in zip(paths, contents, strict=True):
            path.write_bytes(content)
        command = [EXIFTOOL, "-json", "-n", "-G1", *(f"-{name}" for name in names), "-Warning", "-Error"]
        found = json.loads(subprocess.run([*command, *paths], capture_output=True, check=True).stdout)
    assert not [each for each in found if {"ExifTool:Warning", "ExifTool:Error"} & each.keys()], found
    said = [[str(each.get(name, "")) for name in names] for each in found]
    return [Said(source, tool, made_at.replace(":", "-", 2).replace(" ", "T")) for source, tool, made_at in said]
