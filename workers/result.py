"""What a job's work results in: a file, and what it is."""

from dataclasses import dataclass

from studio.media.model import StoredFile
from studio.media.store import Body


@dataclass(frozen=True)
class Result:
    """The file's description, key included, and its content: bytes, or an open file that is streamed to the key."""

    file: StoredFile
    body: Body

    def close(self) -> None:
        """Close the file, if it is one: it takes room on the disk until then."""
        if not isinstance(self.body, bytes):
            self.body.close()
