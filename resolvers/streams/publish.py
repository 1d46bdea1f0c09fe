"""Publishes every change that people can see of what is theirs, through the API's own mutations for it.

They are signed as this function's role. Nothing depends on it: a client that missed an event finds it in the job's
history, or asks for the thing itself.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import boto3
import urllib3
from aws_lambda_powertools.logging import Logger
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest

from resolvers.shapes import albums as album_shapes
from resolvers.shapes import jobs as job_shapes
from resolvers.shapes import media as media_shapes
from resolvers.shapes import orders as order_shapes
from resolvers.shapes import payments as payment_shapes
from resolvers.shapes import people as people_shapes
from resolvers.shapes.albums import Files
from resolvers.shapes.base import Shape
from resolvers.streams import publications
from resolvers.streams.records import DeadLetters, Record, failures, job_of, row_of, table_of
from studio.albums.find import DocumentFinder
from studio.albums.table import Documents, Photos
from studio.clock import now
from studio.documents.spec import DocumentKind
from studio.dynamo import unpack
from studio.images.model import JobKind
from studio.jobs.table import Jobs
from studio.media.item import upload_from_item
from studio.media.links import Link, Links
from studio.media.model import StoredFile, UploadStatus
from studio.orders.item import order_from_item
from studio.payments.item import payment_from_item
from studio.people.item import person_from_item
from studio.people.model import Person, Role
from studio.secrets import Secret
from studio.settings import streams as settings
from studio.settings.environment import read_settings
from studio.sweeping import each

_THREADS = 8
_KINDS = frozenset(JobKind)  # a rendering is shown as its document's

# A GraphQL mutation, and what it publishes.
Mutation = tuple[str, Shape]

log = Logger()
config = read_settings(settings.Publish)
_links = Links(config.downloads_url, Secret(config.downloads_secret).text)
_finder = DocumentFinder(Documents(config.documents_table), Photos(config.photos_table), Jobs(config.jobs_table))
_dead_letters = DeadLetters(config.unread_queue)
_session = boto3.Session()
_http = urllib3.PoolManager(maxsize=_THREADS, retries=False, timeout=urllib3.Timeout(connect=2, read=10))


class PublishError(RuntimeError):
    """The API did not take the event."""


def handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    """Publish a batch: the changes of one row in their order, different rows at the same time."""
    by_id: defaultdict[str, list[Record]] = defaultdict(list)
    unread = each(event["Records"], lambda record: by_id[row_of(record)].append(record), what="record", name=row_of)
    with ThreadPoolExecutor(_THREADS) as threads:
        missed = [record for each_ in threads.map(_publish_row, by_id.values()) for record in each_]
    return failures(_dead_letters.put_aside(unread) + missed)


def _publish_row(records: list[Record]) -> list[Record]:
    """Publish one row's changes; from the first that fails on they come again."""
    for i, record in enumerate(records):
        if _one(record):
            return records[i:]
    log.info("published", extra={"row": row_of(records[0]), "changes": len(records)})
    return []


def _one(record: Record) -> list[Record]:
    """Publish a change, and return it where it has to come again; one that cannot be read is put aside."""
    read: list[Mutation | None] = []
    if each([record], lambda record: read.append(_MUTATIONS[table_of(record)](record)), what="record", name=row_of):
        return _dead_letters.put_aside([record])
    return each([record], lambda _: _publish(read[0]), what="change to publish", name=row_of)


def _of_job(record: Record) -> Mutation | None:
    if "deletedAt" in record["dynamodb"]["NewImage"]:
        return _of_deleted_job(record)
    job = job_of(record)
    if job.order:
        return None  # the order's own event says how far it is
    if job.is_document:
        return _of_document(job.document_spec.document)
    return publications.JOB, job_shapes.job(job, _link)


def _of_deleted_job(record: Record) -> Mutation | None:
    """Publish that a job is gone, once: its row stays until its files are gone too."""
    change = record["dynamodb"]
    if change["NewImage"]["kind"]["S"] not in _KINDS or "deletedAt" in change.get("OldImage", {}):
        return None
    return publications.JOB_DELETED, {"id": row_of(record), "owner": change["NewImage"]["owner"]["S"]}


def _of_document(id_: str) -> Mutation | None:
    """Publish a document as it is by now. An album's event holds no links to its pictures: it would be too large."""
    document = _finder.documents.find(id_)
    if document is None:
        return None
    view = _finder.view(document, now())
    if document.kind == DocumentKind.ALBUM:
        return publications.ALBUM, album_shapes.album(view, _link, Files(photos=()))
    return publications.COLLAGE, album_shapes.collage(view, _link, Files())


def _of_payment(record: Record) -> Mutation:
    row = unpack(record["dynamodb"]["NewImage"])  # a payment is never removed
    return publications.PAYMENT, payment_shapes.payment(payment_from_item(row))


def _of_order(record: Record) -> Mutation | None:
    """Publish an order without what is personal, or gives access; that it is looked at again is no news."""
    order, change = order_from_item(unpack(record["dynamodb"]["NewImage"])), record["dynamodb"]
    if change.get("OldImage", {}).get("version") == change["NewImage"]["version"]:
        return None
    return publications.ORDER, order_shapes.event(order, now())


def _of_person(record: Record) -> Mutation | None:
    """Publish a person where something is new that they can see; of who is shut out by it, the subscriptions end."""
    change = record["dynamodb"]
    before, after = (person_from_item(unpack(change[image])) for image in ("OldImage", "NewImage"))
    if _is_shut_out(before, after):
        return publications.SHUT_OUT, {"owner": after.id}
    if after.left_at or _seen(before) == _seen(after):
        return None
    return publications.USER, people_shapes.user(after, after.role, _link)


def _seen(person: Person) -> Shape:
    """Return what can be seen of a person but the version, and the links, which change by themselves."""
    return {**people_shapes.user(person, person.role, _link, ()), "avatar": person.avatar, "version": None}


def _is_shut_out(before: Person, after: Person) -> bool:
    left, disabled = bool(after.left_at and not before.left_at), after.disabled and not before.disabled
    return left or disabled or (before.role, after.role) == (Role.ADMIN, Role.USER)


def _of_upload(record: Record) -> Mutation | None:
    """Publish an upload when it has been looked at, what became of it, and once that it was deleted."""
    change = record["dynamodb"]
    upload = upload_from_item(unpack(change["NewImage"]))
    if upload.status == UploadStatus.WITHDRAWN:
        is_news = change.get("OldImage", {}).get("status") != change["NewImage"]["status"]
    else:
        is_news = bool(upload.image or upload.rejected)  # who made the form knows of the rest
    return (publications.UPLOAD, media_shapes.upload(upload, _link)) if is_news else None


_MUTATIONS: Mapping[str, Callable[[Record], Mutation | None]] = {
    config.jobs_table: _of_job,
    config.documents_table: lambda record: _of_document(row_of(record)),
    config.payments_table: _of_payment,
    config.orders_table: _of_order,
    config.people_table: _of_person,
    config.uploads_table: _of_upload,
}


def _link(image: StoredFile) -> Link:
    return _links.link(image, config.link_seconds, now())


def _publish(published: Mutation | None) -> None:
    if published is None:
        return
    mutation, view = published
    body = json.dumps({"query": mutation, "variables": {"it": json.dumps(view)}})
    answer = _http.request("POST", config.graphql_url, body=body, headers=_signed(body))
    if answer.status != 200 or answer.json().get("errors"):  # noqa: PLR2004 - HTTP's OK
        types = [error.get("errorType") for error in answer.json().get("errors", [])] if answer.data else []
        raise PublishError(f"HTTP {answer.status} {types}")


def _signed(body: str) -> dict[str, str]:
    request = AWSRequest("POST", config.graphql_url, data=body, headers={"content-type": "application/json"})
    credentials = _session.get_credentials()
    if credentials is None:
        raise PublishError("no credentials to sign with")
    SigV4Auth(credentials.get_frozen_credentials(), "appsync", _session.region_name).add_auth(request)
    return dict(request.headers.items())
