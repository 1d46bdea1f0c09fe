"""The catalogue says who may use what, and for how long what it says is true."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.catalogue import rules
from studio.catalogue.data import CATALOGUE
from studio.catalogue.model import CACHE_SECONDS, Model, ModelState
from studio.catalogue.rules import StageModels
from studio.errors import ErrorType, StudioError
from studio.images.model import AspectRatio, EditMode, ImageSize, JobKind
from studio.images.request import MAX_REFERENCES, generation
from tests.unit.world import ADMIN, BASICS, NOON, USER, WORKERS, asked
from workers.providers import gemini, sagemaker, stability, titan

TODAY = NOON.date()
STAGE = StageModels(WORKERS)
BY_ID = {model.id: model for model in CATALOGUE}


def test_the_models_and_what_they_cost() -> None:
    assert {model.id: (model.worker, model.points) for model in CATALOGUE} == {
        "nanobanana-basic": ("browser", 2),
        "nanobanana-pro": ("vertex", 1),
        "nanobanana-2": ("vertex", 1),
        "nanobanana-lite": ("vertex", 1),
        "sdxl": ("sagemaker", 1),
        "stable-image": ("bedrock", 1),
        "stable-diffusion-3.5-large": ("bedrock", 1),
        "stable-image-ultra": ("bedrock", 2),
        "stable-upscale-conservative": ("bedrock", 4),
        "stable-upscale-creative": ("bedrock", 6),
        "titan": ("bedrock", 1),
    }
    assert [model.id for model in CATALOGUE if model.daily_free] == ["nanobanana-basic"]
    assert BY_ID["nanobanana-basic"].sizes == (ImageSize.ONE_K,)
    can = {kind: {model.id for model in CATALOGUE if kind in model.kinds} for kind in JobKind}
    upscalers = {"stable-upscale-conservative", "stable-upscale-creative"}
    assert can[JobKind.GENERATE] == set(BY_ID) - upscalers
    assert can[JobKind.UPSCALE] == {"nanobanana-pro", "nanobanana-2", "stable-image", *upscalers}
    assert can[JobKind.UPSCALE] == {model.id for model in CATALOGUE if model.upscaling}
    assert can[JobKind.REMOVE_BACKGROUND] == {"stable-image"}
    assert {"nanobanana-lite", "stable-image-ultra"} < can[JobKind.VARIATION]
    assert {model.references for model in CATALOGUE} == {0, MAX_REFERENCES}


def test_a_stage_says_of_every_model_whether_its_workers_make_it() -> None:
    def available(*workers: str) -> set[str]:
        stage = StageModels(workers)
        assert {model.id for model in stage.listed(ADMIN, TODAY)} == set(BY_ID)
        gone = {ModelState.UNAVAILABLE, ModelState.RETIRED}
        return {model.id for model in stage.listed(ADMIN, TODAY) if model.state(TODAY) not in gone}

    assert available(*WORKERS) == set(BY_ID) - {"titan"}
    assert available("vertex") == {"nanobanana-pro", "nanobanana-2", "nanobanana-lite"}
    assert available() == set()
    assert [model.free_per_day(3) for model in StageModels([]).listed(USER, TODAY) if model.daily_free] == [0]
    assert "nanobanana-2" not in {model.id for model in STAGE.listed(USER, TODAY)}
    assert STAGE.listed(None, TODAY) == STAGE.listed(USER, TODAY)


@pytest.mark.parametrize("id_", ["sdxl ", "none", ""])
def test_a_model_that_is_not_in_the_catalogue_is_unknown(id_: str) -> None:
    with pytest.raises(StudioError) as error:
        StageModels(["vertex"]).named(id_)
    assert error.value.type == ErrorType.MODEL_UNKNOWN


@pytest.mark.parametrize("id_", BY_ID)
def test_a_model_whose_worker_the_stage_lacks_is_refused_as_unavailable(id_: str) -> None:
    model = StageModels([]).named(id_)
    with pytest.raises(StudioError) as error:
        rules.usable(model, ADMIN, next(iter(model.kinds)), TODAY)
    assert error.value.type == (ErrorType.MODEL_RETIRED if id_ == "titan" else ErrorType.MODEL_UNAVAILABLE)
    with pytest.raises(StudioError) as error:
        rules.usable(StageModels([]).named("nanobanana-2"), USER, JobKind.GENERATE, TODAY)
    assert error.value.type == ErrorType.MODEL_ADMIN_ONLY


def test_a_stage_may_have_a_model_for_a_shorter_time_than_others() -> None:
    stage = StageModels(WORKERS, {"sdxl": "2026-11-20", "stable-image": "2026-11-21"})
    states = {model.id: model.state(TODAY) for model in stage.listed(USER, TODAY)}
    assert (states["sdxl"], states["stable-image"]) == (ModelState.RETIRED, ModelState.AVAILABLE)
    assert stage.named("stable-image").retires_on == date(2026, 11, 21)
    assert STAGE.named("sdxl").state(TODAY) == ModelState.AVAILABLE


def refused(model: Model, **given_: Any) -> ErrorType | None:
    request = generation(BASICS | given_)
    try:
        rules.able(model, request.kind, request.spec, request.references)
    except StudioError as error:
        return error.type
    return None


GENERATORS = [model for model in CATALOGUE if JobKind.GENERATE in model.kinds]


@pytest.mark.parametrize("model", GENERATORS, ids=lambda model: model.id)
def test_what_a_model_says_that_it_can_is_what_is_accepted(model: Model) -> None:
    accepted = {ratio for ratio in AspectRatio if refused(model, aspectRatio=ratio) is None}
    assert accepted == set(model.ratios)
    assert {refused(model, aspectRatio=ratio) for ratio in set(AspectRatio) - accepted} <= {
        ErrorType.ASPECT_RATIO_NOT_SUPPORTED
    }
    assert {size for size in ImageSize if refused(model, size=size) is None} == set(model.sizes)
    assert bool(model.modes) == (JobKind.EDIT in model.kinds)
    assert model.ratios
    assert model.description.endswith(".")
    assert refused(model, seed=1, negativePrompt="rain") is None
    assert model.takes_seed(JobKind.GENERATE)
    lacks = replace(model, seedless=frozenset({JobKind.GENERATE}), negative_prompt=False, modes=())
    assert refused(lacks, seed=1) == ErrorType.SEED_NOT_SUPPORTED
    assert refused(lacks, negativePrompt="rain") == ErrorType.NEGATIVE_PROMPT_NOT_SUPPORTED
    assert refused(lacks) is None
    with pytest.raises(StudioError) as error:
        rules.able(lacks, JobKind.EDIT, replace(asked().spec, mode=EditMode.OUTPAINT), 0)
    assert error.value.type == ErrorType.EDIT_MODE_NOT_SUPPORTED


def test_google_s_newest_model_makes_all_of_google_s_shapes() -> None:
    assert len(BY_ID["nanobanana-2"].ratios) == 14
    assert set(gemini.RATIOS) == set(BY_ID["nanobanana-2"].ratios)
    assert {ratio: "{}:{}".format(*ratio.shape) for ratio in gemini.RATIOS} == gemini.RATIOS
    assert set(BY_ID["nanobanana-pro"].ratios) == set(BY_ID["nanobanana-lite"].ratios) < set(gemini.RATIOS)


def test_every_shape_of_the_others_is_one_that_their_provider_is_asked_for() -> None:
    ours = ("stable-image", "stable-image-ultra", "stable-diffusion-3.5-large")
    asks = {"sdxl": sagemaker.SIZES, **dict.fromkeys(ours, stability.RATIOS), "titan": titan.SIZES}
    for model, known in asks.items():
        assert set(BY_ID[model].ratios) == set(known)


@given(st.floats(-2 * 86_400, 2 * 86_400))
def test_an_entry_is_kept_no_longer_than_it_is_true(seconds: float) -> None:
    now, titan = datetime(2026, 6, 30, tzinfo=UTC) + timedelta(seconds=seconds), BY_ID["titan"]
    keep = titan.cache_seconds(now)
    assert 0 <= keep <= CACHE_SECONDS
    last = now + timedelta(seconds=keep)
    assert titan.state(now.date()) == titan.state((last - timedelta(microseconds=1)).date())
    assert replace(titan, retires_on=None).cache_seconds(now) == CACHE_SECONDS
