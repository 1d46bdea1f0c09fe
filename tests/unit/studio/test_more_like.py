"""What one may begin from is what was asked for, and a few things near it that the model takes."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.catalogue import rules
from studio.catalogue.data import CATALOGUE
from studio.catalogue.model import Model
from studio.images.model import AspectRatio, Camera, ImageSize, JobKind
from studio.images.request import MAX_SEED
from studio.jobs.model import Job
from studio.jobs.more_like import more_like
from tests.unit.workers.edits import MODES, edit, generation, transformation

BY_ID = {model.id: model for model in CATALOGUE}
JOBS: list[Job] = [
    *(replace(generation(), spec=replace(generation().image_spec, seed=7, size=size)) for size in ImageSize),
    *(edit(mode) for mode in MODES),
    *(transformation(kind) for kind in (JobKind.UPSCALE, JobKind.REMOVE_BACKGROUND, JobKind.VARIATION)),
]


def test_a_generation_has_other_seeds_and_the_nearest_shapes_and_sizes() -> None:
    job = generation(ratio=AspectRatio.LANDSCAPE_16_9, seed=7, negative_prompt="rain")
    own, *others = more_like(job, BY_ID["nanobanana-2"], {})
    assert own == job.spec
    assert [(each.aspect_ratio, each.size) for each in others] == [
        *[(AspectRatio.LANDSCAPE_16_9, ImageSize.ONE_K)] * 3,
        (AspectRatio.LANDSCAPE_3_2, ImageSize.ONE_K),
        (AspectRatio.LANDSCAPE_21_9, ImageSize.ONE_K),
        (AspectRatio.LANDSCAPE_16_9, ImageSize.TWO_K),
    ]
    assert len({each.seed for each in (own, *others[:3])}) == 4
    assert {each.negative_prompt for each in others} == {"rain"}


@pytest.mark.parametrize("job", JOBS, ids=lambda job: f"{job.kind} {job.image_spec.mode}")
@pytest.mark.parametrize("model", CATALOGUE, ids=lambda model: model.id)
def test_whatever_is_proposed_the_model_takes(job: Job, model: Model) -> None:
    own, *others = more_like(job, model, job.image_spec.inputs)
    assert own == job.spec
    assert own not in others
    for each in others:
        assert 0 <= (each.seed or 0) <= MAX_SEED
        assert replace(each, seed=own.seed, size=own.size, aspect_ratio=own.aspect_ratio) == own
        if JobKind(job.kind) in model.kinds and (own.size is None or own.size in model.sizes):
            rules.able(model, JobKind(job.kind), each, 0)


TURNED = Camera(yaw=Decimal(170), pitch=Decimal(-80), zoom=Decimal("1.5"))
CHANGES = (
    *(edit(mode) for mode in MODES),
    *(transformation(kind) for kind in JobKind if kind not in {JobKind.GENERATE, JobKind.EDIT}),
)


@pytest.mark.parametrize("job", CHANGES, ids=lambda job: f"{job.kind} {job.image_spec.mode}")
def test_other_seeds_are_proposed_where_the_work_takes_one(job: Job) -> None:
    drawn = replace(job, spec=replace(job.image_spec, seed=7))
    for model in CATALOGUE:
        own, *others = more_like(drawn, model, job.image_spec.inputs)
        assert own == drawn.spec
        assert len(others) == (3 if model.takes_seed(JobKind(job.kind)) else 0)
        assert all(replace(each, seed=7) == own for each in others)
        assert len({each.seed for each in (own, *others)}) == 1 + len(others)


def test_a_camera_also_goes_a_little_further_within_its_bounds() -> None:
    job = transformation(JobKind.CAMERA_SYNC)
    job = replace(job, spec=replace(job.image_spec, camera=TURNED, seed=7))
    own, *others = more_like(job, BY_ID["nanobanana-2"], job.image_spec.inputs)
    assert own == job.spec
    assert [each.camera for each in others if each.seed == 7] == [
        replace(TURNED, yaw=Decimal(155)),
        replace(TURNED, pitch=Decimal(-65)),
    ]


def test_without_its_model_a_job_has_its_own_settings_alone() -> None:
    assert more_like(generation(), None, {}) == [generation().spec]


@given(st.sampled_from(AspectRatio), st.sampled_from([model for model in CATALOGUE if model.ratios]))
def test_neighbours_in_shape_stand_on_either_side(ratio: AspectRatio, model: Model) -> None:
    job = generation(ratio=ratio)
    shapes = [each.aspect_ratio for each in more_like(job, model, job.image_spec.inputs) if each.aspect_ratio != ratio]
    ordered = sorted(model.ratios, key=_width)
    assert len(shapes) == (0 if ratio not in ordered else 2 - (ratio in (ordered[0], ordered[-1])))
    reach = [_width(each) for each in (*shapes, ratio) if each]
    assert [each for each in ordered if min(reach) < _width(each) < max(reach) and each != ratio] == []


def _width(ratio: AspectRatio) -> float:
    return ratio.shape[0] / ratio.shape[1]
