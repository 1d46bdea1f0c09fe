"""How a person's row begins: at sign-up, or at first use where the sign-up trigger was missed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import boto3

from studio.clock import iso
from studio.dynamo import ConditionFailed, transact
from studio.errors import ErrorType, StudioError
from studio.people.model import Person, Role
from studio.people.names import name_or_none
from studio.people.table import People
from studio.points.ledger import Ledger
from studio.points.model import Entry, PointsReason

if TYPE_CHECKING:
    from collections.abc import Callable

    from types_boto3_cognito_idp import CognitoIdentityProviderClient
    from types_boto3_cognito_idp.type_defs import AdminGetUserResponseTypeDef


@dataclass(frozen=True)
class Profile:
    """What Cognito knows of a user."""

    sub: str
    email: str
    name: str | None


def join(people: People, ledger: Ledger, profile: Profile, role: Role, points: int, now: datetime) -> None:
    """Make the row with its sign-up points, once, however often it is asked.

    Parameters
    ----------
    points
        The sign-up grant of the stage; with 0 there is no ledger line.
    """
    person = Person(
        id=profile.sub,
        email=profile.email.lower(),  # an address is looked for in small letters
        name=profile.name,
        role=role,
        points=points,
        moves=1 if points else 0,
        disabled=False,
        created_at=iso(now),
    )
    entry = Entry(profile.sub, PointsReason.SIGN_UP, profile.sub, points, iso(now), note="Welcome to the studio.")
    writes = [people.new(person), *([ledger.append(entry)] if points else [])]
    try:
        transact(people.client, writes)
    except ConditionFailed:
        return  # already joined


class Directory:
    """Cognito's user pool, asked only when a row is missing: an access token carries no e-mail address."""

    def __init__(self, user_pool_id: str, client: "Callable[[], CognitoIdentityProviderClient] | None" = None) -> None:
        self._pool = user_pool_id
        self._client = client or (lambda: boto3.client("cognito-idp"))

    def profile(self, username: str) -> Profile:
        """Look a user up by user name, which in this pool is the `sub`.

        Raises
        ------
        StudioError
            USER_UNKNOWN.
        """
        attributes = {a["Name"]: a.get("Value", "") for a in self._user(username)["UserAttributes"]}
        return profile_of(attributes)

    def has_second_factor(self, username: str) -> bool:
        """Tell whether Cognito asks a user for more than the password; no token says so.

        Raises
        ------
        StudioError
            USER_UNKNOWN.
        """
        return bool(self._user(username).get("UserMFASettingList"))

    def _user(self, username: str) -> "AdminGetUserResponseTypeDef":
        client = self._client()
        try:
            return client.admin_get_user(UserPoolId=self._pool, Username=username)
        except (client.exceptions.UserNotFoundException, client.exceptions.InvalidParameterException):
            raise unknown() from None


def profile_of(attributes: Mapping[str, str]) -> Profile:
    """Read a user's attributes. A name that was taken away is an empty one; others anybody may have set to anything."""
    return Profile(attributes["sub"], attributes.get("email", ""), name_or_none(attributes.get("name")))


def unknown() -> StudioError:
    return StudioError(ErrorType.USER_UNKNOWN, "There is no such user.")
