"""The settings of functions of jobs, from the fields to the boards that show what they made."""

from studio.settings.media import Downloads
from studio.settings.people import Administrators, PersonCreation


class JobsApi(Downloads, Administrators, PersonCreation):
    """Settings of the function behind the job fields; times in seconds; `workers` as in Dispatching.

    `retirements` are the days (YYYY-MM-DD) from which the stage has a model no longer, by model.
    `credentials_function` signs what is downloaded; `label_downloads` has it labelled where nobody says.
    """

    media_bucket: str
    jobs_table: str
    requests_table: str
    uploads_table: str
    workers: dict[str, str]
    retirements: dict[str, str]
    free_images_per_day: int
    job_ttl_days: int
    running_jobs: int
    lease_seconds: int
    deadline_seconds: int
    patient_deadline_seconds: int
    credentials_function: str
    label_downloads: bool


class Dispatching:
    """Settings of dispatch and refunds; `workers` maps a worker's name to its function."""

    jobs_table: str
    people_table: str
    ledger_table: str
    usage_table: str
    requests_table: str
    workers: dict[str, str]


class Sweeper(Dispatching):
    """Settings of the schedule that finishes what was left behind."""

    documents_table: str
    photos_table: str
    media_bucket: str
    lease_seconds: int


class JobsStream(Dispatching):
    """Settings of what follows a change of a job; the queues are URLs, `unread_queue` that of its dead letters."""

    orders_table: str
    boards_queue: str
    unread_queue: str


class Boards:
    """Settings of the function that links images to boards; `boards_lost` is the URL of the dead letters' queue."""

    jobs_table: str
    uploads_table: str
    firebase_project: str
    firebase_secret: str
    boards_lost: str
