"""Cognito's triggers PostConfirmation and PostAuthentication: everybody has a row, and it has their present address."""

from typing import Any

from aws_lambda_powertools.logging import Logger

from studio import settings
from studio.clock import now
from studio.people.join import profile_of
from studio.people.table import People
from studio.people.welcome import welcome
from studio.points.ledger import Ledger

log = Logger()
config = settings.read(settings.SignUp)
_people = People(config.people_table)
_ledger = Ledger(config.ledger_table)


def handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    """Answer the event itself, as Cognito wants. An error would keep people out, and the first use makes up for it."""
    try:
        welcome(_people, _ledger, profile_of(event["request"]["userAttributes"]), config.sign_up_points, now())
    except Exception:
        log.exception("a person could not be welcomed", extra={"owner": event.get("userName")})
    return event
