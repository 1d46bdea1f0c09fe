"""A job as the Jobs table keeps it, and back."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from studio.images.model import JobKind, Spec
from studio.jobs.model import Failure, Job, JobErrorCode, JobEvent, JobStatus
from studio.ledger.model import Charge
from studio.media.keys import RESIZED, RESULTS, old_result_prefix
from studio.media.model import StoredImage, variants_of

OPEN = "open"  # the one value of the sparse index's partition key: present until the job is settled


def to_item(job: Job) -> dict[str, Any]:
    """Return the row of a new job."""
    return {
        "id": job.id,
        "owner": job.owner,
        "requestId": job.request_id,
        "kind": job.kind,
        "model": job.model,
        "worker": job.worker,
        "spec": _said(job.spec),
        "charge": asdict(job.charge),
        "status": job.status,
        "version": job.version,
        "createdAt": job.created_at,
        "updatedAt": job.updated_at,
        "deadline": job.deadline,
        "expiresAt": job.expires_at,
        "open": OPEN,
        "due": job.due,
        "claims": job.claims,
        "prefixes": list(job.prefixes),
        "shared": job.shared,
        "link": dict(job.link) if job.link else None,
        "history": [event_item(event) for event in job.history],
    }


def image_item(image: StoredImage) -> dict[str, Any]:
    return asdict(image)


def event_item(event: JobEvent) -> dict[str, Any]:
    return _present(asdict(event))


def from_item(item: Mapping[str, Any]) -> Job:
    """Read a row of the Jobs table, whatever its state."""
    return Job(
        id=item["id"],
        owner=item["owner"],
        request_id=item["requestId"],
        kind=JobKind(item["kind"]),
        model=item["model"],
        worker=item["worker"],
        spec=Spec.from_item(item["spec"]),
        charge=Charge(**item["charge"]),
        status=JobStatus(item["status"]),
        version=item["version"],
        created_at=item["createdAt"],
        updated_at=item["updatedAt"],
        deadline=item["deadline"],
        expires_at=item["expiresAt"],
        due=item.get("due"),
        claims=item["claims"],
        lease_end=item.get("leaseEnd"),
        failure=_failure(item),
        image=_image(item),
        variants={name: size for name, size in variants_of(item).items() if _own(item, RESIZED, size)},
        variants_of=item.get("variantsOf"),
        prefixes=tuple(item.get("prefixes", [old_result_prefix(item["id"])])),
        shared=item.get("shared", True),
        refunded_at=item.get("refundedAt"),
        doubt=item.get("doubt"),
        deleted_at=item.get("deletedAt"),
        link=item.get("link"),
        history=tuple(JobEvent(e["version"], JobStatus(e["status"]), e["at"], e.get("note")) for e in item["history"]),
    )


def _image(item: Mapping[str, Any]) -> StoredImage | None:
    image = StoredImage(**item["image"]) if "image" in item else None
    return image if image and _own(item, RESULTS, image) else None


def _own(item: Mapping[str, Any], root: str, image: StoredImage) -> bool:
    """Tell whether an image lies where the job's worker stores.

    A worker's role can write any key into a row, and whoever asks for the job gets a link to what it says.
    """
    return image.key.startswith((f"{root}{item['worker']}/", f"{root}{item['id']}/"))


def _said(spec: Spec) -> dict[str, Any]:
    """Leave out what a spec does not say; an empty prompt is said."""
    return {name: value for name, value in asdict(spec).items() if value not in (None, {})}


def _failure(item: Mapping[str, Any]) -> Failure | None:
    return Failure(JobErrorCode(item["errorCode"]), item["errorMessage"]) if "errorCode" in item else None


def _present(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}
