"""The rows of the Jobs table, and back."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from studio import rows
from studio.documents import item as documents
from studio.documents.spec import DocumentKind, DocumentSpec
from studio.ids import is_id
from studio.images import item as images
from studio.images.model import JobKind, Spec
from studio.jobs.model import Failure, Job, JobErrorCode, JobEvent, JobStatus
from studio.ledger.item import charge_from_item, charge_to_item
from studio.links import link_of
from studio.media.item import image_from_item, pdf_from_item, variants_from_item
from studio.media.keys import RESIZED, RESULTS, old_result_prefix
from studio.media.model import StoredImage, StoredPdf
from studio.rows import Row, small_row

_LONGEST_CALL = 15 * 60 * 1000  # Lambda's, in milliseconds
OPEN = "open"  # the one value of the sparse index's partition key: present until the job is settled


def job_to_item(job: Job) -> dict[str, Any]:
    """Return the row of a new job."""
    return {
        "id": job.id,
        "owner": job.owner,
        "requestId": job.request_id,
        "kind": job.kind,
        "model": job.model,
        "worker": job.worker,
        "spec": _spec_to_item(job.spec),
        "charge": charge_to_item(job.charge),
        "status": job.status,
        "version": job.version,
        "createdAt": job.created_at,
        "updatedAt": job.updated_at,
        "deadline": job.deadline,
        "expiresAt": job.expires_at,
        "index": job.index or None,
        "open": OPEN,
        "due": job.due,
        "claims": job.claims,
        "prefixes": list(job.prefixes),
        "shared": job.shared,
        "link": dict(job.link) if job.link else None,
        "history": [job_event_to_item(event) for event in job.history],
    }


def makes_document(row: Mapping[str, Any]) -> bool:
    """Tell whether a row, be it readable or not, is of a job that renders a document."""
    return row.get("kind") in list(DocumentKind)


def _spec_to_item(spec: Spec | DocumentSpec) -> dict[str, Any]:
    return images.spec_to_item(spec) if isinstance(spec, Spec) else documents.spec_to_item(spec)


def job_event_to_item(event: JobEvent) -> dict[str, Any]:
    return rows.without_none(asdict(event))


def job_from_item(item: Mapping[str, Any]) -> Job:
    """Read a row of the Jobs table, whatever its state.

    Raises
    ------
    UnreadableError
    """
    kind = Row(item).get("kind", _kind)
    row = Row(item) if isinstance(kind, DocumentKind) else small_row(item)
    prefixes, shared = row.find("prefixes", rows.list_of(rows.text)), row.find("shared", rows.flag)
    return Job(
        id=row.get("id", rows.text),
        owner=row.get("owner", rows.text),
        request_id=row.get("requestId", rows.text),
        kind=kind,
        model=row.get("model", rows.text),
        worker=row.get("worker", rows.text),
        spec=row.get("spec", documents.spec_from_item if isinstance(kind, DocumentKind) else images.spec_from_item),
        charge=row.get("charge", charge_from_item),
        status=row.get("status", JobStatus),
        version=row.get("version", rows.version),
        created_at=row.get("createdAt", rows.time),
        updated_at=row.get("updatedAt", rows.time),
        deadline=row.get("deadline", rows.millis),
        expires_at=row.get("expiresAt", rows.seconds),
        index=row.find("index", rows.count) or 0,
        due=row.find("due", rows.millis),
        claims=row.get("claims", rows.count),
        lease_end=lease_end_of(row),
        failure=_failure(row),
        image=_image(row),
        pdf=_pdf(row),
        variants={name: size for name, size in variants_from_item(item).items() if _own(item, RESIZED, size.key)},
        variants_of=row.find("variantsOf", rows.text),
        prefixes=(old_result_prefix(item["id"]),) if prefixes is None else own_prefixes(item, prefixes),
        shared=True if shared is None else shared,
        favorite=row.find("favorite", rows.flag) or False,
        tags=row.find("tags", rows.list_of(rows.text)) or (),
        refunded_at=row.find("refundedAt", rows.time),
        doubt=row.find("doubt", rows.text),
        deleted_at=row.find("deletedAt", rows.time),
        link=row.find("link", link_of),
        history=row.get("history", rows.list_of(job_event_from_item)),
    )


def own_prefixes(item: Mapping[str, Any], prefixes: Iterable[str]) -> tuple[str, ...]:
    """Return those of a row's prefixes below which the job's worker stores: no other is the job's to delete."""
    old, own = old_result_prefix(item["id"]), f"{RESULTS}{item.get('worker')}/"
    return tuple(each for each in prefixes if each == old or (each.startswith(own) and is_id(each.removeprefix(own))))


def lease_end_of(row: Row) -> int | None:
    """Return until when a worker may be at a job: no call of it outlives the deadline by more than Lambda lets it."""
    found = row.find("leaseEnd", rows.millis)
    return min(found, row.get("deadline", rows.millis) + _LONGEST_CALL) if found else None


def job_event_from_item(value: Any) -> JobEvent:
    row = rows.row(value)
    return JobEvent(
        version=row.get("version", rows.version),
        status=row.get("status", JobStatus),
        at=row.get("at", rows.time),
        note=row.find("note", rows.text),
    )


def _image(row: Row) -> StoredImage | None:
    image = row.find("image", image_from_item)
    return image if image and _own(row.item, RESULTS, image.key) else None


def _pdf(row: Row) -> StoredPdf | None:
    pdf = row.find("pdf", pdf_from_item)
    return pdf if pdf and _own(row.item, RESULTS, pdf.key) else None


def _kind(value: Any) -> JobKind | DocumentKind:
    return DocumentKind(value) if value in {*DocumentKind} else JobKind(value)


def _own(item: Mapping[str, Any], root: str, key: str) -> bool:
    """Tell whether a file lies where the job's worker stores.

    A worker's role can write any key into a row, and whoever asks for the job gets a link to what it says.
    """
    return key.startswith((f"{root}{item['worker']}/", f"{root}{item['id']}/"))


def _failure(row: Row) -> Failure | None:
    code = row.find("errorCode", JobErrorCode)
    return Failure(code, row.get("errorMessage", rows.text)) if code else None
