"""How a person's row begins: at sign-up, or at first use where the sign-up trigger was missed."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from studio.clock import iso, millis
from studio.dynamo import ConditionFailed, Write, transact
from studio.errors import ErrorType, StudioError
from studio.ledger.model import Entry, PointsReason
from studio.ledger.table import Ledger
from studio.ledger.usage import Usage
from studio.optimistic import retry
from studio.people.address import kept
from studio.people.addresses import Addresses
from studio.people.item import brakes_from_item, brakes_to_item
from studio.people.model import KnownAddress, Person, Role
from studio.people.names import name_or_none
from studio.people.table import People
from studio.secrets import Secret
from studio.settings import people as settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from types_boto3_cognito_idp import CognitoIdentityProviderClient
    from types_boto3_cognito_idp.type_defs import AdminGetUserResponseTypeDef
    from types_boto3_dynamodb import DynamoDBClient

_ROW = 0  # where it is in the transaction


@dataclass(frozen=True)
class Profile:
    """What Cognito knows of a user."""

    sub: str
    email: str
    name: str | None


@dataclass(frozen=True)
class PersonCreator:
    """Makes the rows of people. What is given once is given once to a mailbox, whoever signs up with it how often.

    `points` are the stage's sign-up grant; with 0 there is no ledger line.
    """

    people: People
    ledger: Ledger
    usage: Usage
    addresses: Addresses
    points: int

    def join(self, profile: Profile, now: datetime) -> None:
        """Make the row, once, however often it is asked. Nobody begins as an administrator, whatever Cognito says.

        Raises
        ------
        ContendedError
            Others joined with the same mailbox at every try.
        """
        hashes = self.addresses.hashes(profile.email)

        def attempt() -> None:
            known = self.addresses.find(*hashes)
            writes = self._again(profile, known, now) if known else self._first(profile, hashes[0], now)
            try:
                transact(self.people.client, writes)
            except ConditionFailed as failed:
                if _ROW not in failed.refused:
                    raise  # else they have joined already

        retry(attempt)

    def _first(self, profile: Profile, hash_: str, now: datetime) -> list[Write]:
        points, at = self.points, iso(now)
        person = replace(_person(profile, hash_, now), points=points, moves=1 if points else 0)
        entry = Entry(profile.sub, PointsReason.SIGN_UP, profile.sub, points, at, note="Welcome to the studio.")
        line = [self.ledger.append(entry)] if points else []
        return [self.people.new(person), self.addresses.begin(hash_, profile.sub, at), *line]

    def _again(self, profile: Profile, known: KnownAddress, now: datetime) -> list[Write]:
        """Describe the row of somebody whose mailbox had the grant before: brakes and the day's free images go on."""
        person, before = _person(profile, known.key, now), self._before(known)
        if before:
            # However it is spelt, it is somebody's still: one mailbox has one day's free images, and one lock.
            row = replace(person, disabled=before.disabled, **brakes_from_item(brakes_to_item(before)))
            writes = [self.addresses.unchanged(known), self.usage.give_none_free(person.id)]
            return [self.people.new(_shut(row, known)), *writes]
        day = now.date().isoformat()
        used = known.used if known.day == day else {}
        carried = [self.usage.carry(person.id, day, used)] if used else []
        row = replace(person, **brakes_from_item(known.brakes))
        return [self.people.new(_shut(row, known)), self.addresses.pass_on(known, person.id), *carried]

    def leave(self, person: Person, now: datetime) -> list[Write]:
        """Describe what stays of somebody who leaves: that their mailbox had its grant, and the day's free images."""
        day = self.usage.day(person.id, now.date().isoformat())
        hashes = self.addresses.hashes(person.email)
        mailboxes = [hashes, [person.address]] if person.address and person.address not in hashes else [hashes]
        writes: list[Write] = [self.usage.unchanged(person.id, day)]
        for each in mailboxes:
            known = self.addresses.find(*each)
            if known is None or known.owner == person.id:
                writes.append(self.addresses.leave(known.key if known else each[0], known, person, day.day, day.free))
        return writes

    def shut(self, person: Person, now: datetime) -> list[Write]:
        """Describe what an administrator decided about somebody's tokens, for whoever comes with their mailbox next.

        `person` is as they are then.
        """
        if not person.email:
            return []
        at = millis(now)
        first = [self.addresses.shut(person.address, person, at)] if person.address else []
        try:
            hashes = self.addresses.hashes(person.email)
        except (BotoCoreError, ClientError, ValueError):
            return first  # a lock waits for no keys, without which nobody joins
        if person.address in hashes:
            return first
        known = self.addresses.find(*hashes)  # their address is another by now
        return [*first, self.addresses.shut(known.key if known else hashes[0], person, at, new=known is None)]

    def _before(self, known: KnownAddress) -> Person | None:
        """Return who has the address, unless they have left."""
        owner = self.people.find_mending(known.owner) if known.owner else None
        return owner if owner and owner.left_at is None else None


def person_creator(config: settings.PersonCreation, client: "DynamoDBClient | None" = None) -> PersonCreator:
    """Return what makes people's rows, as a function's settings say."""
    return PersonCreator(
        People(config.people_table, client),
        Ledger(config.ledger_table, client),
        Usage(config.usage_table, client),
        Addresses(config.addresses_table, Secret(config.addresses_secret).current, client),
        config.sign_up_points,
    )


def _shut(person: Person, known: KnownAddress) -> Person:
    """Return a newcomer as what was decided about others of their mailbox has them, whichever account it was about."""
    times = [at for at in (person.signed_out_at, known.signed_out_at) if at is not None]
    disabled = person.disabled or bool(known.locked)
    return replace(person, disabled=disabled, signed_out_at=max(times, default=None))


def _person(profile: Profile, hash_: str, now: datetime) -> Person:
    return Person(
        id=profile.sub,
        email=kept(profile.email, profile.sub),
        name=profile.name,
        role=Role.USER,
        points=0,
        moves=0,
        disabled=False,
        created_at=iso(now),
        address=hash_,
    )


class UserDirectory:
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
