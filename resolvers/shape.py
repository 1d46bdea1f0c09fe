"""The studio's records in the shapes of the GraphQL schema."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from studio.catalogue.model import Model
from studio.clock import iso
from studio.jobs.model import Job, JobStatus
from studio.jobs.price import Quote
from studio.media.model import SIZES, StoredImage, Upload
from studio.media.store import Link
from studio.people.model import Person, Role
from studio.points.usage import Counts, Day

if TYPE_CHECKING:  # other functions' modules: not every cold start needs them
    from studio.audit.model import AuditRecord
    from studio.media.accept_upload import Ticket
    from studio.money import Money
    from studio.payments.events import Event
    from studio.payments.model import Payment
    from studio.payments.packages import Package
    from studio.points.history import Line
    from studio.rates.model import Rate

Shape = dict[str, Any]
Sign = Callable[[StoredImage], Link]

# GraphQL's Int. What adds up is shown at most so large: an answer that cannot be given would hide all others with it.
_LEAST_INT, _MOST_INT = -(2**31), 2**31 - 1

# The files of an ImageSet.
FILES = ("original", *SIZES)


def _int(number: int) -> int:
    return max(_LEAST_INT, min(number, _MOST_INT))


def job(job_: Job, sign: Sign, files: Collection[str] = FILES) -> Shape:
    """Return a Job. A link costs time, so only those of `files` are signed: what the client selected."""
    return {
        **job_view(job_, sign, files),
        "owner": job_.owner,
        "kind": job_.kind,
        "model": job_.model,
        "prompt": job_.spec.prompt or None,
        "charge": _charge(job_),
        "requestId": job_.request_id,
        "link": job_.link,
        "shared": job_.shared,
        "createdAt": job_.created_at,
        "history": [{"version": e.version, "status": e.status, "at": e.at, "note": e.note} for e in job_.history],
    }


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
        "image": _image_set(image, job_.variants, sign, files) if image else None,
        "updatedAt": job_.updated_at,
    }


def _image_set(original: StoredImage, variants: Mapping[str, StoredImage], sign: Sign, files: Collection[str]) -> Shape:
    stored = {"original": original, **variants}
    return {file: _image(stored[file], sign) if file in stored else None for file in files}


def _image(image: StoredImage, sign: Sign) -> Shape:
    return {
        "url": sign(image).url,
        "contentType": image.content_type,
        "width": image.width,
        "height": image.height,
        "byteSize": _int(image.byte_size),
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


def download(link: Link) -> Shape:
    return {"url": link.url, "expiresAt": iso(link.expires_at)}


def ticket(ticket_: "Ticket") -> Shape:
    """Return an Upload."""
    return {
        "id": ticket_.upload.id,
        "url": ticket_.form.url,
        "fields": [{"name": name, "value": value} for name, value in ticket_.form.fields.items()],
        "key": ticket_.upload.key,
        "expiresAt": iso(ticket_.form.expires_at),
        "maxBytes": ticket_.upload.purpose.max_bytes,
    }


def upload(upload_: Upload, sign: Sign, files: Collection[str] = FILES) -> Shape:
    """Return an UploadState."""
    image = upload_.image
    return {
        "id": upload_.id,
        "ready": image is not None,
        "rejected": upload_.rejected,
        "image": _image_set(image, upload_.variants, sign, files) if image else None,
    }


def model(model_: Model, now: datetime, free_images: int, free_left: int | None) -> Shape:
    """Return a Model; `free_images` is the stage's daily allowance."""
    return {
        "id": model_.id,
        "title": model_.title,
        "provider": model_.provider,
        "kinds": sorted(model_.kinds),
        "sizes": list(model_.sizes),
        "points": model_.points,
        "freePerDay": model_.free_per_day(free_images),
        "freeLeft": free_left,
        "state": model_.state(now.date()),
        "retiresOn": model_.retires_on.isoformat() if model_.retires_on else None,
        "cacheSeconds": model_.cache_seconds(now),
    }


def quote(quote_: Quote) -> Shape:
    return {
        "points": quote_.points,
        "freeImages": quote_.free_images,
        "affordable": quote_.affordable,
        "balanceAfter": _int(quote_.balance_after),
    }


def user(person: Person, role: Role) -> Shape:
    return {
        "id": person.id,
        "email": person.email or None,
        "name": person.name,
        "role": role,
        "points": _int(person.points),
        "disabled": person.disabled,
        "createdAt": person.created_at,
    }


def audit_record(record: "AuditRecord") -> Shape:
    return {
        "id": record.id,
        "act": record.act,
        "actor": record.actor,
        "subject": record.subject,
        "details": dict(record.details),
        "sourceIp": record.source_ip,
        "at": record.at,
    }


def usage(day: Day, models: list[tuple[Model, int]]) -> Shape:
    """Return a Usage; `models` are those to show, each with its free images of a day."""
    by_model = [{"model": m.id, **_counts(day.of(m.id)), "freeLeft": day.free_left(m.id, free)} for m, free in models]
    return {"day": day.day, **_counts(day.total), "byModel": by_model}


def _counts(counts: Counts) -> Shape:
    return {"images": _int(counts.images), "points": _int(counts.points), "freeImages": _int(counts.free)}


def exchange_rate(rate: "Rate", now: datetime) -> Shape:
    return {
        "base": rate.base,
        "quote": rate.quote,
        "rate": float(rate.rate),
        "asOf": iso(rate.as_of),
        "ageSeconds": _int(max(0, int((now - rate.as_of).total_seconds()))),
        "source": rate.source,
    }


def points_entry(line: "Line") -> Shape:
    entry = line.entry
    return {
        "id": entry.id,
        "points": _int(entry.points),
        "balance": _int(line.balance),
        "reason": entry.reason,
        "jobId": entry.job_id,
        "paymentId": entry.payment_id,
        "note": entry.note,
        "at": entry.at,
    }


def point_package(package: "Package") -> Shape:
    return {"id": package.id, "points": package.points, "prices": [_money(price) for price in package.prices]}


def payment(payment_: "Payment") -> Shape:
    return {
        "id": payment_.id,
        "owner": payment_.owner,
        "provider": payment_.provider,
        "status": payment_.status,
        "version": payment_.version,
        "packageId": payment_.package_id,
        "orderId": None,
        "points": payment_.points,
        "creditedPoints": payment_.standing,
        "owedPoints": payment_.owed,
        "balance": _int(payment_.balance) if payment_.balance is not None else None,
        "amount": _money(payment_.amount),
        "worth": _money_or_none(payment_.worth),
        "failedRefund": _money_or_none(payment_.failed_refund),
        "reviewReason": payment_.review,
        "payUrl": payment_.pay_url,
        "createdAt": payment_.created_at,
        "updatedAt": payment_.updated_at,
        "expiresAt": payment_.expires_at,
        "paidAt": payment_.paid_at,
    }


def _money(money: "Money") -> Shape:
    return {"minor": money.minor, "currency": money.currency}


def _money_or_none(money: "Money | None") -> Shape | None:
    return _money(money) if money and money.minor <= _MOST_INT else None


def payment_event(event: "Event") -> Shape:
    return {
        "id": event.id,
        "provider": event.provider,
        "type": event.type,
        "state": event.state,
        "paymentId": event.payment_id,
        "outcome": event.outcome,
        "cause": event.cause,
        "at": event.at,
    }
