"""The caller's own row, made at first use where the sign-up trigger was missed."""

from dataclasses import dataclass
from datetime import datetime

from studio.ledger.table import Ledger
from studio.people.join import PersonCreator, UserDirectory, unknown
from studio.people.model import Caller, Person
from studio.people.table import People

LONGEST_ID = 128  # of a user name at Cognito


@dataclass(frozen=True)
class PersonFinder:
    """Finds people by their Cognito `sub`, asking the directory only for those who have no row yet."""

    person_creator: PersonCreator
    directory: UserDirectory

    @property
    def people(self) -> People:
        return self.person_creator.people

    @property
    def ledger(self) -> Ledger:
        return self.person_creator.ledger

    def caller(self, caller: Caller, now: datetime) -> Person:
        return self.people.find_mending(caller.sub) or self.join(caller.sub, now)

    def user(self, id_: str, now: datetime) -> Person:
        """Find anyone who has not left, for an administrator.

        Raises
        ------
        StudioError
            USER_UNKNOWN.
        """
        person = self.anyone(id_, now)
        if person.left_at:
            raise unknown()
        return person

    def anyone(self, id_: str, now: datetime) -> Person:
        """Find anyone, even who has left.

        Raises
        ------
        StudioError
            USER_UNKNOWN.
        """
        if not 0 < len(id_) <= LONGEST_ID:
            raise unknown()
        return self.people.find_mending(id_) or self.join(id_, now)

    def join(self, id_: str, now: datetime) -> Person:
        self.person_creator.join(self.directory.profile(id_), now)
        person = self.people.find(id_)
        if person is None:
            raise unknown()
        return person
