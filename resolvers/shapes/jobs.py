"""Jobs, and what they would cost."""

from collections.abc import Collection
from dataclasses import asdict

from resolvers.shapes.base import Shape, graphql_int
from resolvers.shapes.images import FILES, Sign, image_set
from studio.clock import iso_of_seconds
from studio.images.model import IMAGE, MASK, TEXTURE, Camera, Spec
from studio.jobs.model import Job, JobStatus
from studio.jobs.price import Quote


def job(job_: Job, sign: Sign, files: Collection[str] = FILES) -> Shape:
    """Return a Job. A link costs time, so only those of `files` are signed: what the client selected."""
    return {
        **job_view(job_, sign, files),
        "owner": job_.owner,
        "kind": job_.kind,
        "model": job_.model,
        "prompt": job_.image_spec.prompt or None,
        "charge": _charge(job_),
        "requestId": job_.request_id,
        "index": job_.index,
        "input": job_input(job_.image_spec),
        "link": job_.link,
        "shared": job_.shared,
        "favorite": job_.favorite,
        "tags": list(job_.tags),
        "createdAt": job_.created_at,
        "startedAt": job_.started_at,
        "endedAt": job_.ended_at,
        "expiresAt": iso_of_seconds(job_.expires_at),
        "history": [{"version": e.version, "status": e.status, "at": e.at, "note": e.note} for e in job_.history],
    }


def job_input(spec: Spec) -> Shape:
    """Return a JobInput."""
    images = {role: image.id for role, image in spec.inputs.items()}
    return {
        "size": spec.size,
        "aspectRatio": spec.aspect_ratio,
        "seed": spec.seed,
        "negativePrompt": spec.negative_prompt,
        "references": [images[role] for role in spec.references],
        "image": images.get(IMAGE),
        "mask": images.get(MASK),
        "texture": images.get(TEXTURE),
        "mode": spec.mode,
        "outpaint": asdict(spec.outpaint) if spec.outpaint else None,
        "camera": _camera(spec.camera) if spec.camera else None,
    }


def _camera(camera: Camera) -> Shape:
    return {name: float(value) for name, value in asdict(camera).items()}


def job_view(job_: Job, sign: Sign, files: Collection[str] = FILES) -> Shape:
    """Return a JobView: what whoever holds the id may see, so no prompt, owner or charge."""
    image = job_.image if job_.status == JobStatus.COMPLETED else None
    return {
        "id": job_.id,
        "status": job_.status,
        "version": job_.version,
        "progress": 100 if image else None,
        "errorCode": job_.failure.code if job_.failure else None,
        "errorMessage": job_.failure.message if job_.failure else None,
        "image": image_set(image, job_.variants, sign, files) if image else None,
        "updatedAt": job_.updated_at,
    }


def _charge(job_: Job) -> Shape:
    back = job_.refunded_at is not None
    return {
        "points": job_.charge.points,
        "freeImages": job_.charge.free_images,
        "refundedPoints": job_.charge.points if back else 0,
        "refundedFreeImages": job_.charge.free_images if back else 0,
        "refundedAt": job_.refunded_at,
    }


def quote(quote_: Quote) -> Shape:
    return {
        "points": quote_.points,
        "freeImages": quote_.free_images,
        "affordable": quote_.affordable,
        "balanceAfter": graphql_int(quote_.balance_after),
    }
