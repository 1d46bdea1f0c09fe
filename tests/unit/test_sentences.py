"""The check that all unit tests' refusals pass finds what it looks for."""

import pytest

from studio.errors import ErrorType, StudioError


@pytest.mark.parametrize("message", ["It makes images of ONE_K only.", "It is a POLAROID.", "GRID_2X2 takes 4."])
def test_a_name_of_the_schema_in_a_sentence_is_found(message: str) -> None:
    with pytest.raises(AssertionError):
        StudioError(ErrorType.BUSY, message)


@pytest.mark.parametrize("message", ["PNG and JPEG, of 20 MB, in USD.", "A UUID, as id.", "No masks, no mosaics."])
def test_words_are_no_names(message: str) -> None:
    assert StudioError(ErrorType.BUSY, message, max=1).facts == {"max": 1}
