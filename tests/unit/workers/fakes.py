"""A provider that does what a test tells it to."""

import io
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from PIL import Image

from studio.catalogue.data import CATALOGUE
from studio.images.model import JobKind
from studio.jobs.model import Job
from tests.unit.world import World
from workers.maker import ImageMaker
from workers.provider import Pictures, Providers
from workers.run import Runner

Act = Callable[[Job], bytes]


def png(width: int = 64, height: int = 48) -> bytes:
    out = io.BytesIO()
    Image.effect_noise((width, height), 60).save(out, "PNG", compress_level=1)
    return out.getvalue()


@dataclass
class Script:
    """Answers each call with the next act; the last one for ever."""

    acts: list[Act]
    calls: int = 0
    inputs: Pictures = field(default_factory=dict[str, bytes])
    lock: threading.Lock = field(default_factory=threading.Lock)

    def make(self, job: Job, inputs: Pictures) -> bytes:
        with self.lock:
            act = self.acts[min(self.calls, len(self.acts) - 1)]
            self.calls += 1
            self.inputs = inputs
        return act(job)


def runner(world: World, *acts: Act) -> Runner:
    script = Script(list(acts))
    providers = {(model.id, kind): script for model in CATALOGUE for kind in JobKind}
    return Runner(
        world.jobs,
        world.media,
        ImageMaker(world.media, providers),
        lease_seconds=150,
        attempt_seconds=120,
        retry_base_seconds=0,
    )


def providers_of(worker: Runner) -> Providers:
    assert isinstance(worker.maker, ImageMaker)
    return worker.maker.providers


def script_of(worker: Runner) -> Script:
    script = providers_of(worker)["nanobanana-pro", JobKind.GENERATE]
    assert isinstance(script, Script)
    return script
