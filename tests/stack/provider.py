"""The model endpoint's switches: faults for one test's prompts only, and what was called."""

import uuid
from dataclasses import dataclass, field
from typing import Any

import aiohttp


@dataclass(frozen=True)
class Wish:
    """A prompt of which there is only one, so that its faults and calls are nobody else's."""

    models_url: str
    prompt: str = field(default_factory=lambda: f"A small boat on a wide bay, {uuid.uuid4().hex}")

    async def meets(self, *faults: str, repeat: bool = False) -> "Wish":
        """Give each of the next calls one of these faults, in order."""
        rule = {"contains": self.prompt, "faults": list(faults), "repeat": repeat}
        async with aiohttp.ClientSession() as session, session.post(f"{self.models_url}/_faults", json=rule) as answer:
            answer.raise_for_status()
        return self

    async def calls(self) -> list[dict[str, Any]]:
        """The finished calls with this prompt."""
        async with aiohttp.ClientSession() as session, session.get(f"{self.models_url}/_calls") as answer:
            return [call for call in (await answer.json())["calls"] if self.prompt in call["prompt"]]

    def input(self, **more: Any) -> dict[str, Any]:
        """A GenerateImagesInput."""
        return {
            "clientRequestId": str(uuid.uuid4()),
            "model": "nanobanana-pro",
            "prompt": self.prompt,
            **more,
        }
