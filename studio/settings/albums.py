"""The settings of the function of albums and collages."""

from studio.settings.media import Downloads
from studio.settings.people import PersonCreation


class AlbumsApi(Downloads, PersonCreation):
    """Settings of the function behind albums and collages; times in seconds."""

    media_bucket: str
    documents_table: str
    photos_table: str
    jobs_table: str
    requests_table: str
    uploads_table: str
    user_pool_id: str
    job_ttl_days: int
    running_jobs: int
    lease_seconds: int
    deadline_seconds: int


class CollagePreviews:
    """Settings of what follows pictures into collages; times in seconds."""

    documents_table: str
    photos_table: str
    jobs_table: str
    people_table: str
    job_ttl_days: int
    lease_seconds: int
    deadline_seconds: int
