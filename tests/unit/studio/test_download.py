"""What is downloaded is the signed copy; where it cannot be made the marked image, but never one without its label."""

import io
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from studio.errors import ErrorType, StudioError
from studio.functions import Function
from studio.jobs.download import Downloads, file_name
from studio.jobs.model import Job
from studio.media.keys import signed_key
from studio.media.model import ImageFormat, StoredImage
from tests.unit.workers.arriving import completed
from tests.unit.workers.fakes import png
from tests.unit.world import World


@dataclass
class Lambda:
    """Answers calls as AWS does, by what a test wants done."""

    act: Callable[[dict[str, Any]], dict[str, Any]]
    calls: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])

    def invoke(self, **given: Any) -> dict[str, Any]:
        self.calls.append(json.loads(given["Payload"]))
        return {"Payload": io.BytesIO(b"{}")} | self.act(self.calls[-1])


def downloads(world: World, function: Lambda) -> Downloads:
    client: Any = function
    return Downloads(world.media, Function("credentials", 1, lambda _: client))


def refused(_: dict[str, Any]) -> dict[str, Any]:
    return {"StatusCode": 200, "FunctionError": "Unhandled"}


def unreachable(_: dict[str, Any]) -> dict[str, Any]:
    raise ConnectionError


@pytest.fixture
def job(world: World) -> Job:
    world.joined()
    return completed(world, png())


def image_of(job: Job) -> StoredImage:
    assert job.image
    return job.image


@pytest.mark.parametrize("labelled", [True, False])
def test_a_copy_is_made_when_it_is_first_asked_for(world: World, job: Job, labelled: bool) -> None:
    image, key = image_of(job), signed_key(image_of(job).key, labelled=labelled)

    def make(_: dict[str, Any]) -> dict[str, Any]:
        world.store(StoredImage(key, image.content_type, 1, 1, 1), b"x")
        return {"StatusCode": 200}

    function = Lambda(make)
    for _ in range(2):
        file = downloads(world, function).file(job, image, labelled=labelled)
        assert (file.key, file.content_type) == (key, "image/png")
    assert function.calls == [{"job": job.id, "labelled": labelled, "contentType": "image/png"}]


@pytest.mark.parametrize("act", [refused, unreachable])
def test_where_it_cannot_be_made_the_marked_image_is_downloaded(world: World, job: Job, act: Any) -> None:
    assert downloads(world, Lambda(act)).file(job, image_of(job), labelled=False) == image_of(job)


@pytest.mark.parametrize("act", [refused, unreachable])
def test_one_that_is_to_have_a_label_is_not_given_without(world: World, job: Job, act: Any) -> None:
    with pytest.raises(StudioError) as caught:
        downloads(world, Lambda(act)).file(job, image_of(job), labelled=True)
    assert caught.value.type == ErrorType.BUSY


@pytest.mark.parametrize("format_", [ImageFormat.JPEG, ImageFormat.WEBP])
@pytest.mark.parametrize("act", [refused, unreachable])
def test_nor_is_one_given_in_another_format(world: World, job: Job, act: Any, format_: ImageFormat) -> None:
    with pytest.raises(StudioError) as caught:
        downloads(world, Lambda(act)).file(job, image_of(job), labelled=False, format_=format_)
    assert caught.value.type == ErrorType.BUSY


def test_another_format_is_a_copy_of_its_own(world: World, job: Job) -> None:
    made = Lambda(lambda _: {"StatusCode": 200})
    file = downloads(world, made).file(job, image_of(job), labelled=False, format_=ImageFormat.JPEG)
    assert (file.key.rpartition("/")[2], file.content_type) == ("original.jpg", "image/jpeg")
    assert made.calls == [{"job": job.id, "labelled": False, "contentType": "image/jpeg"}]
    assert file_name(job, file) == "namo-20261120T120000.jpg"
