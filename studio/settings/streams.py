"""The settings of functions that follow the tables of several areas."""

from studio.settings.media import Downloads


class Publish(Downloads):
    """Settings of the function that publishes to subscribers; `unread_queue` is the URL of its dead letters."""

    jobs_table: str
    payments_table: str
    documents_table: str
    photos_table: str
    orders_table: str
    people_table: str
    uploads_table: str
    graphql_url: str
    unread_queue: str


class Archive:
    """Settings of the function that archives the ledger and the audit trail."""

    archive_bucket: str
