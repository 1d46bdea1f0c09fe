"""What an HTTP error of any provider means beyond the job that met it."""

import pytest

from tests.unit.raised import Raised
from workers.outcome import REJECTED, FinalError
from workers.providers.status import failure_of


@pytest.mark.parametrize("status", [401, 403])
def test_a_provider_that_refuses_us_rings(status: int, raised: Raised) -> None:
    error = failure_of(status)
    assert isinstance(error, FinalError)
    assert error.failure == REJECTED
    assert raised.lines() == [{"level": "ALARM", "alarm": "PROVIDER_REFUSES", "status": status}]


@pytest.mark.parametrize("status", [400, 404, 413, 422, 429, 500, 503])
def test_one_that_refuses_the_request_or_is_away_does_not(status: int, raised: Raised) -> None:
    failure_of(status)
    assert raised.lines() == []
