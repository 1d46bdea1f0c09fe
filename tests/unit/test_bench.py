"""What measures is not among the tests; that it can start is."""

from studio import settings
from tests.bench.cold_start import any_settings


def test_the_function_whose_start_is_measured_starts() -> None:
    settings.read(settings.JobsApi, any_settings())
