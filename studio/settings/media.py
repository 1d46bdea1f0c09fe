"""The settings of functions of images as files: links, uploads, smaller sizes."""


class Signing:
    """Where links begin, and the secret of the key that they are signed with."""

    downloads_url: str
    downloads_secret: str


class Downloads(Signing):
    """Who signs links, and for how many seconds at least."""

    link_seconds: int


class MediaApi(Downloads):
    """Settings of the function behind uploads."""

    media_bucket: str
    uploads_table: str
    documents_table: str
    people_table: str
    jobs_table: str
    fingerprints_table: str


class UploadsStream:
    """Settings of what follows the end of an upload; the queues are URLs, `unread_queue` that of its dead letters."""

    boards_queue: str
    unread_queue: str


class CredentialsCheck:
    """Settings of the function that looks at the content credentials of what people bring."""

    media_bucket: str
    credentials_anchors_secret: str


class Credentials:
    """Settings of the function that gives what is downloaded content credentials."""

    jobs_table: str
    media_bucket: str
    credentials_secret: str


class Resizer:
    """Settings of the function that looks at new images and makes their smaller sizes."""

    jobs_table: str
    uploads_table: str
    documents_table: str
    photos_table: str
    media_bucket: str
    boards_queue: str
    upload_ttl_days: int
    fingerprints_table: str
    credentials_check_function: str
