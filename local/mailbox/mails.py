"""The mails that were sent, as the emulator keeps them: see local/emulator_mail.py."""

import json
from pathlib import Path
from typing import Any

Mail = dict[str, Any]


class Mails:
    """The folder of mails."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def all(self) -> list[Mail]:
        """Return every mail, newest first."""
        return [json.loads(path.read_text()) for path in sorted(self._folder.glob("*.json"), reverse=True)]

    def find(self, id_: str) -> Mail | None:
        return next((mail for mail in self.all() if mail["id"] == id_), None)
