"""People, their points, and what was done to them."""

from collections.abc import Collection

from resolvers.shapes.base import Shape, graphql_int
from resolvers.shapes.images import FILES, Sign, image_set
from studio.audit.model import AuditRecord
from studio.catalogue.model import Model
from studio.ledger.model import Counts, Day
from studio.media.avatar_files import avatar_images
from studio.people.address import shown
from studio.people.model import Person, Role
from studio.people.points_history import HistoryLine


def user(person: Person, role: Role, sign: Sign, files: Collection[str] = FILES) -> Shape:
    return {
        "id": person.id,
        "version": graphql_int(person.version),
        "email": shown(person.email) if person.email else None,
        "name": person.name,
        "language": person.language,
        "mailing": person.mailing,
        "avatar": _avatar(person, sign, files),
        "role": role,
        "points": graphql_int(person.points),
        "disabled": person.disabled,
        "createdAt": person.created_at,
    }


def _avatar(person: Person, sign: Sign, files: Collection[str]) -> Shape | None:
    if person.avatar is None:
        return None
    images = avatar_images(person.id, person.avatar)
    return image_set(images["original"], images, sign, files)


def usage(day: Day, models: list[tuple[Model, int]]) -> Shape:
    """Return a Usage; `models` are those to show, each with its free images of a day."""
    by_model = [{"model": m.id, **_counts(day.of(m.id)), "freeLeft": day.free_left(m.id, free)} for m, free in models]
    return {"day": day.day, **_counts(day.total), "byModel": by_model}


def _counts(counts: Counts) -> Shape:
    return {
        "images": graphql_int(counts.images),
        "points": graphql_int(counts.points),
        "freeImages": graphql_int(counts.free),
    }


def points_entry(line: HistoryLine) -> Shape:
    entry = line.entry
    return {
        "id": entry.id,
        "points": graphql_int(entry.points),
        "balance": graphql_int(line.balance),
        "reason": entry.reason,
        "jobId": entry.job_id,
        "paymentId": entry.payment_id,
        "note": entry.note,
        "at": entry.at,
    }


def audit_record(record: AuditRecord) -> Shape:
    return {
        "id": record.id,
        "act": record.act,
        "actor": record.actor,
        "subject": record.subject,
        "details": dict(record.details),
        "sourceIp": record.source_ip,
        "at": record.at,
    }
