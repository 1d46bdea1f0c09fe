"""What measures is not among the tests; that it can start is."""

from studio.settings import jobs as settings
from studio.settings.environment import read_settings
from tests.bench.cold_start import any_settings


def test_the_function_whose_start_is_measured_starts() -> None:
    read_settings(settings.JobsApi, any_settings())
