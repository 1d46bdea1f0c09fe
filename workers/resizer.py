"""Looks at every new image: uploads are accepted or rejected, and both uploads and results get their smaller sizes."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any
from urllib.parse import unquote_plus

import boto3
from aws_lambda_powertools.logging import Logger

from studio.albums.photos import PhotoCopies
from studio.albums.table import Documents, Photos
from studio.albums.uploads import DocumentArrivals
from studio.boards.outbox import Outbox
from studio.clock import now
from studio.errors import UnreadableError
from studio.functions import Function
from studio.jobs.table import Jobs
from studio.media.store import Media
from studio.media.table import Uploads
from studio.provenance.table import Fingerprints
from studio.settings import media as settings
from studio.settings.environment import read_settings
from workers.arrivals import Arrivals
from workers.origins import SECONDS, Origins
from workers.uploads import ArrivedUploads

log = Logger()
config = read_settings(settings.Resizer)


@cache
def arrivals() -> Arrivals:
    media = Media(config.media_bucket)
    origins = Origins(Function(config.credentials_check_function, SECONDS))
    uploads = ArrivedUploads(Uploads(config.uploads_table), media, config.upload_ttl_days, origins)
    return Arrivals(Jobs(config.jobs_table), media, uploads, Fingerprints(config.fingerprints_table))


@cache
def documents() -> DocumentArrivals:
    found = Documents(config.documents_table)
    return DocumentArrivals(found, PhotoCopies(found, Photos(config.photos_table), Media(config.media_bucket)))


@cache
def outbox() -> Outbox:
    return Outbox(boto3.client("sqs"), config.boards_queue)


class UnfinishedError(RuntimeError):
    """Some objects could not be looked at; the event has to come again, and what was done is not done twice."""


def handler(event: Mapping[str, Any], _context: Any) -> None:
    """Look at the objects that S3 reports, by EventBridge or by a notification; one that fails stops no other."""
    failed = [key for key in keys(event) if not _looked_at(key)]
    if failed:
        raise UnfinishedError(f"{len(failed)} objects")


def keys(event: Mapping[str, Any]) -> Iterator[str]:
    """Yield the keys of an event; a notification writes them as in a URL."""
    if "detail" in event:
        yield event["detail"]["object"]["key"]
    for record in event.get("Records", []):
        yield unquote_plus(record["s3"]["object"]["key"])


def _looked_at(key: str) -> bool:
    try:
        upload = arrivals().look_at(key)
        if upload:
            documents().add(upload, now())
            outbox().notify_upload(upload)
    except UnreadableError:  # its row is no better the next time
        log.exception("the row of an object cannot be read", extra={"key": key})
    except Exception:
        log.exception("an object could not be looked at", extra={"key": key})
        return False
    return True
