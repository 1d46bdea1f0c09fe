"""What is pushed of one thing, read until it is as wanted."""

from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from local.client import subscribed
from local.demo.patience import DemoError, waiting_for
from local.demo.user import DemoUser

Event = Mapping[str, Any]


@dataclass(frozen=True)
class Following:
    """The events of a subscription, in the order of their coming."""

    field: str
    events: AsyncGenerator[Event]

    async def until(self, id_: str, enough: Callable[[Event], object], say: Callable[[Event], None]) -> Event:
        """Say each event of one thing and return the first that is enough. DemoError if it fails, or none is."""
        async with waiting_for(f"{self.field} to tell of {id_}"):
            async for event in self.events:
                found: Event = event[self.field]
                if found["id"] != id_:
                    continue
                say(found)
                if found["status"] == "FAILED":
                    raise DemoError(f"{self.field}: {found['errorMessage']}")
                if enough(found):
                    return found
        raise DemoError(f"{self.field}: the events ended")


@asynccontextmanager
async def following(user: DemoUser, document: str, field: str) -> AsyncGenerator[Following]:
    """Subscribe to what is a person's own."""
    person = user.person
    async with subscribed(user.outputs, person, document, {"customer": person.sub}) as events:
        yield Following(field, events)
