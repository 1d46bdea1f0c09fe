"""The photo booth: a collage and an album of what was made, each followed until it is a file."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from local import console, documents
from local.client import subscribed
from local.demo.user import PATIENCE_SECONDS, STYLES, DemoError, DemoUser

Document = Mapping[str, Any]
_CAPTIONS: Final = ("Đà Lạt buổi sớm", "Bên hồ", "Trên cao", "Chiều tà", "Phố đêm", "Về nhà")


@dataclass(frozen=True)
class Albums:
    """One person's pictures, by the ids of their jobs and uploads."""

    user: DemoUser
    pictures: Sequence[str]

    async def collage(self) -> Document:
        """Make a collage of four pictures, and return it with its print."""
        wanted = {
            "name": "NamO",
            "template": "GRID_2X2",
            "sources": self.pictures[:4],
            "caption": "Chuyến đi của chúng ta",
        }
        made = (await self.user.ask(documents.CREATE_COLLAGE, input=wanted))["createCollage"]
        async with self._events(documents.ON_COLLAGE) as events:
            await self.user.ask(documents.RENDER_COLLAGE, id=made["id"])
            await self._until(events, "onCollage", made["id"], lambda each: each["output"])
        return (await self.user.ask(documents.COLLAGE, id=made["id"]))["collage"]

    async def album(self) -> Document:
        """Make a book of all pictures, and return it with its PDF for a printer."""
        photos = [{"id": id_, "caption": text} for id_, text in zip(self.pictures, _CAPTIONS, strict=False)]
        wanted = {"name": "Sổ ảnh NamO", "photos": photos}
        made = (await self.user.ask(documents.CREATE_ALBUM, input=wanted))["createAlbum"]
        async with self._events(documents.ON_ALBUM) as events:
            await self.user.ask(documents.RENDER_ALBUM, id=made["id"], product="PRINT")
            await self._until(events, "onAlbum", made["id"], lambda each: each["pdf"])
        return (await self.user.ask(documents.ALBUM, id=made["id"]))["album"]

    def _events(self, document: str) -> Any:
        person = self.user.person
        return subscribed(self.user.outputs, person, document, {"customer": person.sub})

    async def _until(
        self, events: AsyncGenerator[Any], field: str, id_: str, enough: Callable[[Document], object]
    ) -> None:
        status = None
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                async for event in events:
                    found: Document = event[field]
                    if found["id"] != id_:
                        continue
                    if found["status"] != status:
                        self._say(found)
                    status = found["status"]
                    if status == "FAILED":
                        raise DemoError(f"{found['name']}: {found['errorMessage']}")
                    if enough(found):
                        return
        except TimeoutError:
            raise DemoError(f"{field}: nothing more within {PATIENCE_SECONDS:.0f} s") from None

    def _say(self, document: Document) -> None:
        status = console.styled(f"{document['status']:<10}", STYLES.get(document["status"], "yellow"))
        print(
            f"  {self.user.elapsed:6.0f} ms  {document['name']:<17} {status}  {console.styled('pushed', 'dim')}",
            flush=True,
        )
