"""The caller's own row, made at first use where the sign-up trigger was missed."""

from dataclasses import dataclass
from datetime import datetime

from studio.errors import ErrorType, StudioError
from studio.people.join import Directory, join
from studio.people.model import Caller, Person, Role
from studio.people.table import People
from studio.points.ledger import Ledger


@dataclass(frozen=True)
class Presence:
    """Finds people by their Cognito `sub`, asking the directory only for those who have no row yet."""

    people: People
    ledger: Ledger
    directory: Directory
    sign_up_points: int

    def caller(self, caller: Caller, now: datetime) -> Person:
        return self.people.find(caller.sub) or self.join(caller.sub, caller.role, now)

    def user(self, id_: str, now: datetime) -> Person:
        """Find anyone, for an administrator.

        Raises
        ------
        StudioError
            USER_UNKNOWN.
        """
        return self.people.find(id_) or self.join(id_, Role.USER, now)

    def join(self, id_: str, role: Role, now: datetime) -> Person:
        join(self.people, self.ledger, self.directory.profile(id_), role, self.sign_up_points, now)
        person = self.people.find(id_)
        if person is None:
            raise StudioError(ErrorType.USER_UNKNOWN, "There is no such user.")
        return person


def refuse_disabled(person: Person) -> None:
    """Refuse a disabled person everything.

    Raises
    ------
    StudioError
        USER_DISABLED.
    """
    if person.disabled:
        raise StudioError(ErrorType.USER_DISABLED, "This account has been disabled. Please contact support.")
