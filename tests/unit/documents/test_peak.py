"""A collage to print takes the memory of the sheet and of one picture, however large they are and however many."""

import json
import subprocess
import sys
from pathlib import Path

from tests.unit.imaging import making as m

ROOT = Path(__file__).parents[3]
SIZE = (8064, 6048)


def test_nine_pictures_of_48_megapixels(tmp_path: Path) -> None:
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(m.encoded(m.picture("RGB", (504, 378)).resize(SIZE), "JPEG", quality=92))
    command = [sys.executable, "-m", "tests.unit.documents.peak", *map(str, SIZE), *[str(photo)] * 9]
    ran = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    said = json.loads(ran.stdout)
    assert said["width"] >= 3000
    assert said["megabytes"] <= 250
