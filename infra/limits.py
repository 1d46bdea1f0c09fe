"""What people get and how long things take, on AWS and on one machine."""

from dataclasses import dataclass, replace
from typing import Literal

ConcurrencyLimit = Literal["workers", "browser", "publish"]


@dataclass(frozen=True)
class Limits:
    """What people get and how long things may take; times in seconds.

    The longer deadline is for models whose machine may have to start first. A link to a board that failed is tried
    again every `board_pause_seconds`, `board_tries` times, and a mail likewise. A payment can be paid for
    `payment_seconds`; Stripe takes 1800 at least.
    """

    sign_up_points: int
    free_images_per_day: int
    running_jobs: int
    job_ttl_days: int
    upload_ttl_days: int
    link_seconds: int
    deadline_seconds: int
    patient_deadline_seconds: int
    lease_seconds: int
    attempt_seconds: float
    retry_base_seconds: float
    board_pause_seconds: int
    board_tries: int
    payment_seconds: int
    mail_pause_seconds: int
    mail_tries: int


# An attempt is shorter than the lease, the deadline shorter than a Lambda's 900 seconds: a worker outlives its jobs.
AWS_LIMITS = Limits(
    sign_up_points=20,
    free_images_per_day=3,
    running_jobs=24,  # three requests of eight
    job_ttl_days=90,
    upload_ttl_days=30,
    link_seconds=1800,
    deadline_seconds=840,
    patient_deadline_seconds=1800,  # a machine with a GPU takes up to ten minutes to start
    lease_seconds=180,
    attempt_seconds=120,
    retry_base_seconds=1,
    board_pause_seconds=180,
    board_tries=480,  # for a day
    payment_seconds=3600,
    mail_pause_seconds=180,
    mail_tries=480,  # for a day
)
LOCAL_LIMITS = replace(
    AWS_LIMITS,
    running_jobs=96,  # tests ask much at once; what frees room is one transaction, of 100 writes at most
    job_ttl_days=30,
    deadline_seconds=60,
    patient_deadline_seconds=90,
    lease_seconds=15,
    attempt_seconds=10,
    retry_base_seconds=0.05,
    board_pause_seconds=30,
    board_tries=100,
    mail_pause_seconds=30,
    mail_tries=100,
)


@dataclass(frozen=True)
class Concurrency:
    """How many calls at a time a stage pays for, by the limit that a function names; None shares the account's."""

    workers: int | None = None
    browser: int | None = None
    publish: int | None = None

    def of(self, limit: ConcurrencyLimit | None) -> int | None:
        return getattr(self, limit) if limit else None
