"""A provider that does what a test tells it to."""

import io
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from PIL import Image

from studio.jobs.model import Job
from tests.unit.world import World
from workers.run import Runner

Act = Callable[[Job], bytes]


def png(width: int = 64, height: int = 48) -> bytes:
    out = io.BytesIO()
    Image.effect_noise((width, height), 60).save(out, "PNG")
    return out.getvalue()


@dataclass
class Script:
    """Answers each call with the next act; the last one for ever."""

    acts: list[Act]
    calls: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def make(self, job: Job) -> bytes:
        with self.lock:
            act = self.acts[min(self.calls, len(self.acts) - 1)]
            self.calls += 1
        return act(job)


def runner(world: World, *acts: Act) -> Runner:
    return Runner(
        world.jobs, world.media, Script(list(acts)), lease_seconds=150, attempt_seconds=120, retry_base_seconds=0
    )
