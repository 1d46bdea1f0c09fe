"""The fields about the caller and their points, and what an administrator does with points."""

from collections.abc import Callable
from datetime import date
from typing import Any

from resolvers import shape
from resolvers.graphql import Answer, Fields, caller, handler_of
from studio import settings
from studio.catalogue import rules
from studio.clock import now
from studio.errors import ErrorType, StudioError
from studio.people.join import Directory
from studio.people.presence import Presence
from studio.people.table import People
from studio.points.grant import Grants, grant
from studio.points.history import History
from studio.points.ledger import Ledger
from studio.points.usage import Usage
from studio.requests.table import Requests

app = Fields()
config = settings.read(settings.PeopleApi)

_people = People(config.people_table)
_ledger = Ledger(config.ledger_table)
_usage = Usage(config.usage_table)
_presence = Presence(_people, _ledger, Directory(config.user_pool_id), config.sign_up_points)
_grants = Grants(_presence, Requests(config.requests_table))
_history = History(_people, _ledger)


@app.resolver(type_name="Query", field_name="me")
def me() -> Answer:
    who = caller(app)
    return shape.user(_presence.caller(who, now()), who.role)


@app.resolver(type_name="Query", field_name="usage")
def usage(day: str | None = None) -> Answer:
    who, today = caller(app), now().date()
    row = _usage.day(who.sub, _day(day).isoformat() if day else today.isoformat())
    known = [
        (model, model.free_per_day(config.free_images_per_day)) for model in rules.listed(who, today, config.workers)
    ]
    return shape.usage(row, [(model, free) for model, free in known if free or model.id in row.models])


@app.resolver(type_name="Query", field_name="pointsHistory")
def points_history(limit: int | None = None, nextToken: str | None = None) -> Answer:  # noqa: N803
    lines, token = _history.page(_presence.caller(caller(app), now()), limit, nextToken)
    return {"items": [shape.points_entry(line) for line in lines], "nextToken": token}


@app.resolver(type_name="Mutation", field_name="grantPoints")
def grant_points(input: Answer) -> Answer:  # noqa: A002
    person = _grants.give(caller(app), grant(input), now())
    return shape.user(person, person.role)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        raise StudioError(ErrorType.DAY_MALFORMED, "day must be a date such as 2026-11-20.") from None


handler: Callable[[Answer, Any], Answer] = handler_of(app)
