"""What is too long, or empty, says the number of its sentence for programs too."""

from collections.abc import Callable
from typing import Any

import pytest

from studio.albums.content import album_content
from studio.errors import StudioError
from studio.jobs.tags import checked_tags
from studio.media.create_upload import upload_request
from studio.people.names import checked_name

FILE: Any = {"fileName": "a.png", "contentType": "image/png", "byteSize": 1, "purpose": "REFERENCE"}


def _tag(text: str) -> Any:
    return checked_tags([text])


def _album(text: str) -> Any:
    given: Any = {"name": text}
    return album_content(given)


def _described(text: str) -> Any:
    given: Any = {"name": "a", "description": text}
    return album_content(given)


def _file(text: str) -> Any:
    return upload_request(FILE | {"fileName": text})


@pytest.mark.parametrize(
    ("check", "most"), [(_tag, 50), (checked_name, 100), (_album, 100), (_described, 1000), (_file, 255)]
)
def test_a_text_that_is_too_long_says_how_long_it_may_be(check: Callable[[str], Any], most: int) -> None:
    check("x" * most)
    for text, facts in (("x" * (most + 1), {"max": most}), ("x\0", {})):
        with pytest.raises(StudioError) as error:
            check(text)
        assert error.value.facts == facts


def test_an_empty_file_says_that_it_needs_a_byte() -> None:
    with pytest.raises(StudioError) as error:
        upload_request(FILE | {"byteSize": 0})
    assert error.value.facts == {"min": 1}
