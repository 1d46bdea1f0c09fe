"""The fields about the caller and their points, and what an administrator does with people and points."""

import json
from collections.abc import Callable
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

import boto3
from aws_lambda_powertools.logging import Logger

from resolvers.fields.graphql import Answer, Fields, caller, files_at, follow_own, handler_of
from resolvers.shapes import people as people_shapes
from resolvers.shapes.base import connection
from studio.audit.lists import AuditLists
from studio.audit.table import AuditTrail
from studio.catalogue.rules import StageModels
from studio.clock import now
from studio.errors import ErrorType, StudioError
from studio.media.links import Link, Links
from studio.media.model import LinkedFile
from studio.people.change import Changes
from studio.people.cognito_sync import CognitoSync
from studio.people.find_or_create import PersonFinder
from studio.people.grant_points import Grants, grant
from studio.people.guard import Guard
from studio.people.join import UserDirectory, person_creator
from studio.people.lists import PeopleLists
from studio.people.model import Language, Person, Role
from studio.people.names import checked_name
from studio.people.points_history import PointsHistory
from studio.people.pool import UserPool
from studio.requests.table import Requests
from studio.secrets import Secret
from studio.settings import people as settings
from studio.settings.environment import read_settings

if TYPE_CHECKING:
    from studio.accounts.avatar import AvatarChanges
    from studio.inputs import GrantPointsInput, UpdateMeInput

log = Logger()
app = Fields()
config = read_settings(settings.PeopleApi)

_person_creator = person_creator(config)
_people, _ledger, _usage = _person_creator.people, _person_creator.ledger, _person_creator.usage
_directory = UserDirectory(config.user_pool_id)
_person_finder = PersonFinder(_person_creator, _directory)
_audit = AuditTrail(config.audit_table)
_audit_lists = AuditLists(_audit)
_people_lists = PeopleLists(_people)
_changes = Changes(_person_finder, _audit, CognitoSync(_people, UserPool(config.user_pool_id)))
_grants = Grants(_person_finder, Requests(config.requests_table), _audit)
_history = PointsHistory(_people, _ledger)
_links = Links(config.downloads_url, Secret(config.downloads_secret).text)
_models = StageModels(config.workers, config.retirements)


@app.resolver(type_name="Query", field_name="me")
def me() -> Answer:
    who = caller(app)
    return _user(_person_finder.caller(who, now()), who.role)


@app.resolver(type_name="Subscription", field_name="onMe")
def on_me(owner: str) -> None:
    follow_own(app, owner, "yourself")


@app.resolver(type_name="Query", field_name="usage")
def usage(day: str | None = None) -> Answer:
    who, today = caller(app), now().date()
    row = _usage.day(who.sub, _day(day).isoformat() if day else today.isoformat())
    known = [(model, model.free_per_day(config.free_images_per_day)) for model in _models.listed(who, today)]
    return people_shapes.usage(row, [(model, free) for model, free in known if free or model.id in row.models])


@app.resolver(type_name="Query", field_name="pointsHistory")
def points_history(limit: int | None = None, nextToken: str | None = None) -> Answer:  # noqa: N803
    return _ledger_of(_person_finder.caller(caller(app), now()), limit, nextToken)


@app.resolver(type_name="Query", field_name="pointsHistoryOf", role=Role.ADMIN)
def points_history_of(userId: str, limit: int | None = None, nextToken: str | None = None) -> Answer:  # noqa: N803
    return _ledger_of(_person_finder.user(userId, now()), limit, nextToken)


def _ledger_of(person: Person, limit: int | None, token: str | None) -> Answer:
    return connection(_history.page(person, limit, token), people_shapes.points_entry)


@app.resolver(type_name="Query", field_name="user", role=Role.ADMIN)
def user(id: str | None = None, email: str | None = None) -> Answer | None:  # noqa: A002 - the schema's name
    person = _people_lists.user(id, email)
    return _user(person) if person else None


@app.resolver(type_name="Query", field_name="users", role=Role.ADMIN)
def users(
    text: str | None = None,
    role: str | None = None,
    disabled: bool | None = None,  # noqa: FBT001 - the schema's
    limit: int | None = None,
    nextToken: str | None = None,  # noqa: N803
) -> Answer:
    wanted = None if role is None else Role(role)
    page = _people_lists.page(limit, nextToken, text=text, role=wanted, disabled=disabled)
    files = files_at(app, "items/avatar")
    return connection(page, lambda person: people_shapes.user(person, person.role, _sign, files))


@app.resolver(type_name="Query", field_name="auditTrail", role=Role.ADMIN)
def audit_trail(
    day: str | None = None,
    subject: str | None = None,
    limit: int | None = None,
    nextToken: str | None = None,  # noqa: N803
) -> Answer:
    on = _day(day).isoformat() if day else None
    if subject:
        records = _audit_lists.of_subject(subject, on, limit, nextToken)
    else:
        records = _audit_lists.of_day(on or now().date().isoformat(), limit, nextToken)
    return connection(records, people_shapes.audit_record)


@app.resolver(type_name="Mutation", field_name="updateMe")
def update_me(input: "UpdateMeInput") -> Answer:  # noqa: A002
    fields: dict[str, str | bool | None] = {"name": checked_name(input.get("name"))} if "name" in input else {}
    if (language := input.get("language")) is not None:
        fields["language"] = Language(language)
    if (mailing := input.get("mailing")) is not None:
        fields["mailing"] = mailing
    who = caller(app)
    if "avatar" in input:
        return _user(_avatar_changes().set_own(who, input.get("avatar"), fields, now()), who.role)
    return _user(_changes.set_own(who, fields, now()).after, who.role) if fields else me()


@app.resolver(type_name="Mutation", field_name="setRole", role=Role.ADMIN)
def set_role(userId: str, role: str) -> Answer:  # noqa: N803
    return _user(_changes.set_role(caller(app), userId, Role(role), now()))


@app.resolver(type_name="Mutation", field_name="setDisabled", role=Role.ADMIN)
def set_disabled(userId: str, disabled: bool) -> Answer:  # noqa: FBT001, N803
    return _user(_changes.set_disabled(caller(app), userId, disabled, now()))


@app.resolver(type_name="Mutation", field_name="deleteMe")
def delete_me() -> str:
    who = caller(app)
    _changes.leave(who, now())
    _start_reconciler(who.sub)
    return who.sub


def _start_reconciler(id_: str) -> None:
    """Have the reconciler begin at once; it would by itself within a minute."""
    try:
        boto3.client("lambda").invoke(
            FunctionName=config.accounts_reconciler,
            InvocationType="Event",
            Payload=json.dumps({"person": id_}).encode(),
        )
    except Exception:
        log.exception("the reconciler was not called")


@app.resolver(type_name="Mutation", field_name="grantPoints", role=Role.ADMIN)
def grant_points(input: "GrantPointsInput") -> Answer:  # noqa: A002
    return _user(_grants.give(caller(app), grant(input), now()))


@cache
def _avatar_changes() -> "AvatarChanges":
    # Files would take their time at every start, and few change their avatar.
    from studio.accounts.avatar import AvatarChanges  # noqa: PLC0415
    from studio.media.avatars import Avatars  # noqa: PLC0415
    from studio.media.store import Media  # noqa: PLC0415
    from studio.media.table import Uploads  # noqa: PLC0415

    return AvatarChanges(_changes, Avatars(Uploads(config.uploads_table), Media(config.media_bucket)))


def _user(person: Person, role: Role | None = None) -> Answer:
    return people_shapes.user(person, role or person.role, _sign, files_at(app, "avatar"))


def _sign(image: LinkedFile) -> Link:
    return _links.link(image, config.link_seconds, now())


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        raise StudioError(ErrorType.DAY_MALFORMED, "day must be a date such as 2026-11-20.") from None


_second_factor = _directory.has_second_factor if config.second_factor else None
handler: Callable[[Answer, Any], Answer] = handler_of(app, Guard(_people, has_second_factor=_second_factor))
