"""The local mailbox, as a test looks into it."""

import asyncio
import re
from dataclasses import dataclass
from typing import Any

import aiohttp

from local.client import Person
from tests.stack.client import PATIENCE_SECONDS, Pause

Mail = dict[str, Any]


@dataclass(frozen=True)
class Mailbox:
    """Everybody's mailbox."""

    url: str

    async def of(self, person: Person) -> list[Mail]:
        """What was sent to somebody by their id, newest first."""
        return [mail for mail in await self._all() if mail["tags"].get("person") == person.sub]

    async def _all(self) -> list[Mail]:
        async with aiohttp.ClientSession() as session, session.get(f"{self.url}/mails") as found:
            return (await found.json())["mails"]

    async def await_of(self, person: Person, kind: str) -> Mail:
        """Wait until somebody has a mail of a kind."""
        pause = Pause()
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not (found := [mail for mail in await self.of(person) if mail["tags"]["kind"] == kind]):
                await pause()
        return found[0]

    async def code_for(self, email: str) -> str:
        """Wait for the code that confirms an address."""
        pause = Pause()
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not (found := [mail for mail in await self._all() if email in str(mail["to"])]):
                await pause()
        (code,) = re.findall(r"\b[0-9]{6}\b", re.sub(r"<[^>]*>", " ", found[0]["html"] or found[0]["text"]))
        return code

    async def say(self, mail: Mail, action: str) -> None:
        async with (
            aiohttp.ClientSession() as session,
            session.post(f"{self.url}/mails/{mail['id']}/{action}") as answer,
        ):
            assert answer.status == 200, await answer.text()
