"""A user pool in memory, in the calls that the studio makes. Every call can be repeated, as with Cognito."""

import uuid
from dataclasses import dataclass, field
from typing import Any, Self

from studio.people.model import Caller


class UserNotFoundException(Exception):  # noqa: N818 - Cognito's word
    """There is no such user."""


class InvalidParameterException(Exception):  # noqa: N818 - Cognito's word
    """This can be no user's name."""


class NotAuthorizedException(Exception):  # noqa: N818 - Cognito's word
    """Of somebody who is disabled this cannot be asked."""


class Exceptions:
    """What a client of Cognito's raises."""

    UserNotFoundException = UserNotFoundException
    InvalidParameterException = InvalidParameterException
    NotAuthorizedException = NotAuthorizedException


@dataclass
class User:
    """A user; `signed_out` counts how often every session of theirs was ended."""

    attributes: dict[str, str]
    groups: set[str] = field(default_factory=set[str])
    enabled: bool = True
    signed_out: int = 0


@dataclass
class Cognito:
    """Users by user name, which is their `sub`."""

    users: dict[str, User] = field(default_factory=dict[str, User])
    exceptions = Exceptions

    @classmethod
    def of(cls, *callers: Caller) -> Self:
        return cls({who.sub: User({"sub": who.sub, "email": f"{who.sub}@namo.test"}) for who in callers})

    def add(self, email: str, name: str) -> str:
        sub = str(uuid.uuid4())
        self.users[sub] = User({"sub": sub, "email": email, "name": name})
        return sub

    def admin_get_user(self, *, UserPoolId: str, Username: str) -> dict[str, Any]:  # noqa: N803 - Cognito's, as below
        attributes = self._user(UserPoolId, Username).attributes
        return {"UserAttributes": [{"Name": name, "Value": value} for name, value in attributes.items()]}

    def admin_add_user_to_group(self, *, UserPoolId: str, Username: str, GroupName: str) -> None:  # noqa: N803
        self._user(UserPoolId, Username).groups.add(GroupName)

    def admin_remove_user_from_group(self, *, UserPoolId: str, Username: str, GroupName: str) -> None:  # noqa: N803
        self._user(UserPoolId, Username).groups.discard(GroupName)

    def admin_enable_user(self, *, UserPoolId: str, Username: str) -> None:  # noqa: N803
        self._user(UserPoolId, Username).enabled = True

    def admin_disable_user(self, *, UserPoolId: str, Username: str) -> None:  # noqa: N803
        self._user(UserPoolId, Username).enabled = False

    def admin_user_global_sign_out(self, *, UserPoolId: str, Username: str) -> None:  # noqa: N803
        user = self._user(UserPoolId, Username)
        if not user.enabled:
            raise NotAuthorizedException
        user.signed_out += 1

    def admin_update_user_attributes(self, *, UserPoolId: str, Username: str, UserAttributes: Any) -> None:  # noqa: N803
        self._user(UserPoolId, Username).attributes.update({each["Name"]: each["Value"] for each in UserAttributes})

    def admin_delete_user(self, *, UserPoolId: str, Username: str) -> None:  # noqa: N803
        self._user(UserPoolId, Username)
        del self.users[Username]

    def _user(self, pool: str, name: str) -> User:
        assert pool == "pool"
        if not name or " " in name:
            raise InvalidParameterException
        if name not in self.users:
            raise UserNotFoundException
        return self.users[name]
