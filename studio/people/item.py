"""The rows of the People and Addresses tables, and back."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from studio import rows
from studio.people.address import checked_address
from studio.people.model import COUNTED, LISTED, Avatar, AvatarFile, KnownAddress, Language, Person, Role
from studio.rows import Row


def person_to_item(person: Person) -> dict[str, Any]:
    """Return the row of a new person."""
    return {
        "id": person.id,
        "listed": LISTED,
        "email": person.email or None,
        "address": person.address,
        "name": person.name,
        "role": person.role,
        "points": person.points,
        "moves": person.moves,
        "disabled": person.disabled,
        "createdAt": person.created_at,
        "closedUntil": person.closed_until,
        "closedBy": person.closed_by,
        **{name: list(times) for name, times in person.counted.items()},
        "running": person.running or None,  # DynamoDB has no empty sets
        "signedOutAt": person.signed_out_at,
        "rev": person.rev,
        "language": person.language,
        "mailing": person.mailing,
        "unreachable": person.unreachable,
        "avatar": avatar_to_item(person.avatar) if person.avatar else None,
    }


def person_from_item(item: Mapping[str, Any]) -> Person:
    """Read a person's row.

    Raises
    ------
    UnreadableError
    """
    row = Row(item)
    return Person(
        id=row.get("id", rows.text),
        email=row.find("email", checked_address) or "",
        name=row.find("name", rows.text),
        role=row.get("role", Role),
        points=row.get("points", rows.total),
        moves=row.get("moves", rows.total),
        disabled=row.get("disabled", rows.flag),
        created_at=row.get("createdAt", rows.time),
        closed_until=row.get("closedUntil", rows.millis),
        closed_by=row.find("closedBy", rows.text),
        counted={name: row.find(name, rows.list_of(rows.millis)) or () for name in COUNTED},
        running=row.find("running", rows.set_of(rows.text)) or frozenset(),
        paying=row.find("paying", rows.set_of(rows.text)) or frozenset(),
        ordering=row.find("ordering", rows.set_of(rows.text)) or frozenset(),
        rev=row.get("rev", rows.total),
        signed_out_at=row.find("signedOutAt", rows.millis),
        left_at=row.find("leftAt", rows.time),
        ahead=row.find("ahead", rows.list_of(rows.text)) or (),
        address=row.find("address", rows.text),
        language=row.find("language", Language) or Language.EN,
        mailing=row.find("mailing", rows.flag) is not False,
        unreachable=row.find("unreachable", rows.text),
        avatar=row.find("avatar", avatar_from_item),
    )


def own_to_item(fields: Mapping[str, str | bool | Avatar | None]) -> dict[str, Any]:
    """Return fields of a person as the attributes of their row."""
    return {name: avatar_to_item(value) if isinstance(value, Avatar) else value for name, value in fields.items()}


def avatar_to_item(avatar: Avatar) -> dict[str, Any]:
    return asdict(avatar)


def avatar_from_item(item: Any) -> Avatar:
    row = rows.row(item)
    files = row.get("files", rows.map_of(_avatar_file_from_item))
    Row(files).get("original", lambda file: file)
    return Avatar(row.get("id", rows.text), row.get("upload", rows.text), files)


def _avatar_file_from_item(item: Any) -> AvatarFile:
    row = rows.row(item)
    return AvatarFile(
        content_type=row.get("content_type", rows.text),
        width=row.get("width", rows.count),
        height=row.get("height", rows.count),
        byte_size=row.get("byte_size", rows.total),
    )


def known_from_item(item: Mapping[str, Any]) -> KnownAddress:
    return KnownAddress(
        key=item["address"],
        owner=item.get("owner"),
        day=item.get("day"),
        used=item.get("used", {}),
        brakes=item.get("brakes", {}),
        locked=frozenset(item.get("locked", ())),
        signed_out_at=item.get("signedOutAt"),
        rev=item.get("rev", 0),
    )


def brakes_to_item(person: Person) -> dict[str, Any]:
    """Return what an administrator or the studio keeps a person from, by attributes of their row.

    That is generating for a while, and becoming an administrator by Cognito's group alone, after a demotion.
    """
    counted = {name: list(person.counted[name]) for name in COUNTED}
    return {
        "closedUntil": person.closed_until,
        "closedBy": person.closed_by,
        "signedOutAt": person.signed_out_at,
        **counted,
    }


def brakes_from_item(item: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a person that `brakes_to_item` wrote as attributes."""
    if not item:
        return {}
    counted = {name: tuple(item.get(name, ())) for name in COUNTED}
    times = {"closed_until": item["closedUntil"], "signed_out_at": item.get("signedOutAt")}
    return {**times, "closed_by": item["closedBy"], "counted": counted}
