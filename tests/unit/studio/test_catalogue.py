"""The catalogue says who may use what, and for how long what it says is true."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.catalogue import rules
from studio.catalogue.data import CATALOGUE
from studio.catalogue.model import CACHE_SECONDS, ModelState
from studio.errors import ErrorType, StudioError
from studio.images.model import ImageSize, JobKind
from studio.images.request import MAX_REFERENCES
from tests.unit.world import ADMIN, NOON, USER, WORKERS

TODAY = NOON.date()
BY_ID = {model.id: model for model in CATALOGUE}


def test_the_models_and_what_they_cost() -> None:
    assert {model.id: (model.worker, model.points) for model in CATALOGUE} == {
        "nanobanana-basic": ("browser", 2),
        "nanobanana-pro": ("vertex", 1),
        "nanobanana-2": ("vertex", 1),
        "nanobanana-lite": ("vertex", 1),
        "sdxl": ("sagemaker", 1),
        "stable-image": ("bedrock", 1),
        "titan": ("bedrock", 1),
    }
    assert [model.id for model in CATALOGUE if model.daily_free] == ["nanobanana-basic"]
    assert BY_ID["nanobanana-basic"].sizes == (ImageSize.ONE_K,)
    assert all(JobKind.GENERATE in model.kinds for model in CATALOGUE)
    assert {model.references for model in CATALOGUE} == {0, MAX_REFERENCES}


def test_a_stage_lists_what_its_workers_make_and_what_has_been_retired() -> None:
    def listed(*workers: str) -> set[str]:
        return {model.id for model in rules.listed(ADMIN, TODAY, workers)}

    assert listed(*WORKERS) == set(BY_ID)
    assert listed("vertex") == {"nanobanana-pro", "nanobanana-2", "nanobanana-lite", "titan"}
    assert listed() == {"titan"}
    assert "nanobanana-2" not in {model.id for model in rules.listed(USER, TODAY, WORKERS)}
    assert rules.listed(None, TODAY, WORKERS) == rules.listed(USER, TODAY, WORKERS)


@pytest.mark.parametrize("id_", ["sdxl", "none", ""])
def test_a_model_that_the_stage_lacks_is_unknown(id_: str) -> None:
    with pytest.raises(StudioError) as error:
        rules.named(id_, TODAY, ["vertex"])
    assert error.value.type == ErrorType.MODEL_UNKNOWN
    assert rules.named("titan", TODAY, ["vertex"]).state(TODAY) == ModelState.RETIRED


@given(st.floats(-2 * 86_400, 2 * 86_400))
def test_an_entry_is_kept_no_longer_than_it_is_true(seconds: float) -> None:
    now, titan = datetime(2026, 6, 30, tzinfo=UTC) + timedelta(seconds=seconds), BY_ID["titan"]
    keep = titan.cache_seconds(now)
    assert 0 <= keep <= CACHE_SECONDS
    last = now + timedelta(seconds=keep)
    assert titan.state(now.date()) == titan.state((last - timedelta(microseconds=1)).date())
    assert replace(titan, retires_on=None).cache_seconds(now) == CACHE_SECONDS
