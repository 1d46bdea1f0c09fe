"""Cognito's PostConfirmation trigger: a confirmed person gets their row and sign-up points."""

from typing import Any

from studio import settings
from studio.clock import now
from studio.people.join import Profile, join
from studio.people.model import Role
from studio.people.table import People
from studio.points.ledger import Ledger

config = settings.read(settings.SignUp)
_people = People(config.people_table)
_ledger = Ledger(config.ledger_table)


def handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    """Answer the event itself, as Cognito wants. It also comes after a forgotten password: joining twice is nothing."""
    attributes = event["request"]["userAttributes"]
    profile = Profile(attributes["sub"], attributes["email"], attributes.get("name"))
    join(_people, _ledger, profile, Role.USER, config.sign_up_points, now())
    return event
