"""The photo booth: a collage and an album of what was made, each followed until it is a file."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from local import console, documents
from local.demo.following import Event, following
from local.demo.user import STYLES, DemoUser

_CAPTIONS: Final = ("Đà Lạt buổi sớm", "Bên hồ", "Trên cao", "Chiều tà", "Phố đêm", "Về nhà")


@dataclass
class Albums:
    """One person's pictures, by the ids of their jobs and uploads."""

    user: DemoUser
    pictures: Sequence[str]
    _said: dict[str, str] = field(default_factory=dict[str, str])

    async def collage(self) -> Event:
        """Make a collage of four pictures, and return it with its print."""
        wanted = {
            "name": "NamO",
            "template": "GRID_2X2",
            "sources": self.pictures[:4],
            "caption": "Chuyến đi của chúng ta",
        }
        made = (await self.user.ask(documents.CREATE_COLLAGE, input=wanted))["createCollage"]
        async with following(self.user, documents.ON_COLLAGE, "onCollage") as pushed:
            await self.user.ask(documents.RENDER_COLLAGE, id=made["id"])
            await pushed.until(made["id"], lambda each: each["output"], self._say)
        return (await self.user.ask(documents.COLLAGE, id=made["id"]))["collage"]

    async def album(self) -> Event:
        """Make a book of all pictures, and return it with its PDF for a printer."""
        photos = [{"id": id_, "caption": text} for id_, text in zip(self.pictures, _CAPTIONS, strict=False)]
        wanted = {"name": "Sổ ảnh NamO", "photos": photos}
        made = (await self.user.ask(documents.CREATE_ALBUM, input=wanted))["createAlbum"]
        async with following(self.user, documents.ON_ALBUM, "onAlbum") as pushed:
            await self.user.ask(documents.RENDER_ALBUM, id=made["id"], product="PRINT")
            await pushed.until(made["id"], lambda each: each["pdf"], self._say)
        return (await self.user.ask(documents.ALBUM, id=made["id"]))["album"]

    def _say(self, document: Event) -> None:
        """Say a status that is new."""
        if self._said.get(document["id"]) == document["status"]:
            return
        self._said[document["id"]] = document["status"]
        status = console.styled(f"{document['status']:<10}", STYLES.get(document["status"], "yellow"))
        print(
            f"  {self.user.elapsed:6.0f} ms  {document['name']:<17} {status}  {console.styled('pushed', 'dim')}",
            flush=True,
        )
