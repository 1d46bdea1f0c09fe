"""What is read from storage is whole, or known not to be."""

import io
from functools import partial
from typing import Any

import pytest
from botocore.exceptions import ClientError, IncompleteReadError
from botocore.response import StreamingBody

from studio import ids
from studio.media.model import StoredImage
from studio.media.store import Media, MissingError
from tests.unit.world import World


class Storage:
    """Answers with a body that breaks off, or with an error."""

    def __init__(self, content: bytes, length: int, code: str = "") -> None:
        self.content, self.length, self.code = content, length, code

    def head_object(self, **_: Any) -> None:
        raise ClientError({"Error": {"Code": self.code, "Message": "no"}}, "S3")

    copy_object = get_object_tagging = head_object

    def get_object(self, **_: Any) -> dict[str, Any]:
        if self.code:
            self.head_object()
        body = StreamingBody(io.BytesIO(self.content), self.length)
        return {"Body": body, "ContentLength": self.length, "ETag": '"e"'}


def media(*answer: Any) -> Media:
    return Media("media", lambda: Storage(*answer))  # pyright: ignore[reportArgumentType]


def test_an_object_that_breaks_off_is_not_taken_for_a_damaged_one() -> None:
    assert media(b"abcde", 5).read("k", 5).data == b"abcde"
    with pytest.raises(IncompleteReadError):
        media(b"abc", 5).read("k", 5)


def test_of_an_object_that_is_too_large_one_byte_too_many_is_read() -> None:
    assert media(b"abcde", 5).read("k", 3).data == b"abcd"


def test_what_is_denied_or_held_back_is_not_missing(world: World) -> None:
    with pytest.raises(MissingError):
        media(b"", 0, "NoSuchKey").read("k", 9)
    with pytest.raises(MissingError):
        world.media.read("k", 9)
    for code in ("SlowDown", "AccessDenied", "403", "KMS.DisabledException", "InvalidAccessKeyId"):
        storage = media(b"", 0, code)
        for ask in (partial(storage.read, "k", 9), partial(storage.exists, "k"), partial(storage.job_of, "k")):
            with pytest.raises(ClientError):
                ask()
        with pytest.raises(ClientError):
            storage.move("k", "l")
    assert not world.media.exists("k")
    assert world.media.job_of("k") is None


def test_no_answer_with_an_object_says_whose_it_is(world: World) -> None:
    job, image = ids.new(), StoredImage("results/vertex/1/original.png", "image/png", 1, 1, 1)
    world.media.put_new(image, b"x", job)
    world.media.copy(image.key, "documents/a/b/original")
    assert world.media.job_of(image.key) == job
    for key in (image.key, "documents/a/b/original"):
        told = world.media.client.get_object(Bucket="media", Key=key)["ResponseMetadata"]["HTTPHeaders"]
        assert job not in str(told)
    assert world.media.job_of("documents/a/b/original") is None


def test_an_open_file_is_stored_as_its_bytes_are(world: World) -> None:
    for key, body in (("results/a", b"content"), ("results/b", io.BytesIO(b"content"))):
        world.media.put_new(StoredImage(key, "image/png", 1, 1, 7), body)
        assert world.media.read(key, 7).data == b"content"
