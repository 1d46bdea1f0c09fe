"""What runs by the clock fails where something was left over, so that it rings."""

import pytest

from resolvers.timers.report import LeftOverError, report


def test_what_was_left_over_rings() -> None:
    assert report({"handled": 2, "errors": 0}) == {"handled": 2, "errors": 0}
    with pytest.raises(LeftOverError, match="1"):
        report({"handled": 2, "errors": 1})
