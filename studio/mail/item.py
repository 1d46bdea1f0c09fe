"""Mail events as messages of the queue, and back."""

import json
from datetime import UTC, datetime
from typing import Any

from studio import rows
from studio.clock import iso
from studio.errors import UnreadableError
from studio.mail.model import Fact, Link, MailEvent, MailKind
from studio.money import Money
from studio.payments.item import money_from_item, money_to_item


def event_to_message(event: MailEvent) -> str:
    facts = {name: _fact_to_json(fact) for name, fact in event.facts.items()}
    return json.dumps({"kind": event.kind, "event": event.event, "person": event.person, "facts": facts})


def event_from_message(body: str) -> MailEvent:
    """Read a message.

    Raises
    ------
    UnreadableError
    """
    try:
        row = rows.row(json.loads(body))
    except (ValueError, TypeError, RecursionError) as error:
        raise UnreadableError("message") from error
    return MailEvent(
        kind=row.get("kind", MailKind),
        event=row.get("event", rows.text),
        person=row.get("person", rows.text),
        facts=row.get("facts", rows.map_of(_fact_from_json)),
    )


def _fact_to_json(fact: Fact) -> Any:
    match fact:
        case Money():
            return money_to_item(fact)
        case datetime():
            return {"at": iso(fact)}
        case Link(url=url, of=of):
            return {"url": url, "of": of} if of else {"url": url}
        case _:
            return fact


def _fact_from_json(value: Any) -> Fact:
    if isinstance(value, str):
        return rows.text(value)
    if not isinstance(value, dict):
        return rows.total(value)
    row = rows.row(value)
    if "at" in row.item:
        return datetime.fromisoformat(row.get("at", rows.time)).astimezone(UTC)
    if "url" in row.item:
        return Link(row.get("url", rows.url), row.find("of", rows.text))
    return money_from_item(value)
