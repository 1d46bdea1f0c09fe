"""An enum's value is its name: what the studio writes is what the schema says."""

from enum import Enum

import pytest

from schema.directives import ADMIN_GROUP
from studio.catalogue.model import ModelState
from studio.images.model import AspectRatio, EditMode, ImageSize, JobKind
from studio.jobs.model import JobErrorCode, JobStatus
from studio.ledger.model import PointsReason
from studio.media.model import ImageFormat, Provenance, UploadPurpose
from studio.money import Currency
from studio.payments.model import (
    PaymentDecision,
    PaymentEventState,
    PaymentProvider,
    PaymentStatus,
    ReviewReason,
)
from studio.payments.refund_request import RefundStatus
from studio.people.model import Role
from studio.rates.model import RateSource

ENUMS = [
    AspectRatio,
    Currency,
    EditMode,
    ImageFormat,
    ImageSize,
    JobErrorCode,
    JobKind,
    JobStatus,
    ModelState,
    PaymentDecision,
    PaymentEventState,
    PaymentProvider,
    PaymentStatus,
    PointsReason,
    Provenance,
    RateSource,
    RefundStatus,
    ReviewReason,
    Role,
    UploadPurpose,
]


@pytest.mark.parametrize("enum", ENUMS, ids=lambda enum: enum.__name__)
def test_names_and_values_are_one(enum: type[Enum]) -> None:
    assert [member.name for member in enum] == [member.value for member in enum]


def test_the_group_in_the_directives_is_the_one_the_studio_trusts() -> None:
    assert Role.of([ADMIN_GROUP]) is Role.ADMIN
    assert Role.of(["admins", "Admin"]) is Role.USER
