"""Finding people, as administrators do; whoever has left is not to be found."""

from dataclasses import dataclass

from studio.errors import ErrorType, StudioError
from studio.lists import Listed, Source, by_id, listed
from studio.people.address import LONGEST
from studio.people.find_or_create import LONGEST_ID
from studio.people.model import Person, Role
from studio.people.table import People
from studio.text import folded


@dataclass(frozen=True)
class PeopleLists:
    """Everybody who has a row."""

    people: People

    def user(self, id_: str | None, email: str | None) -> Person | None:
        """Find a person by the one or the other.

        Raises
        ------
        StudioError
            USER_NOT_NAMED.
        """
        if (id_ is None) == (email is None):
            raise StudioError(ErrorType.USER_NOT_NAMED, "Name a person by id or by email, and not by both.")
        if email is not None and len(email) > LONGEST:
            return None
        if email is not None:
            return max(_here(self.people.of_email(email)), key=lambda person: person.created_at, default=None)
        found = [self.people.find_mending(id_)] if id_ and len(id_) <= LONGEST_ID else []
        return next(iter(_here([person for person in found if person])), None)

    def page(
        self,
        limit: int | None,
        token: str | None,
        *,
        text: str | None = None,
        role: Role | None = None,
        disabled: bool | None = None,
    ) -> Listed[Person]:
        """Return one page of everybody who is as asked for, newest first, and the token of the next.

        `text` is part of a name or an address, in any case.

        Raises
        ------
        StudioError
            LIMIT_OUT_OF_RANGE, PAGE_TOKEN_INVALID.
        """
        words = folded(text or "")

        def keep(person: Person) -> bool:
            known = f"{person.email}\n{person.name or ''}"
            asked = role in (None, person.role) and disabled in (None, person.disabled)
            return person.left_at is None and asked and words in folded(known)

        load = by_id(self.people.find_many, keep)
        return listed("users", Source(self.people.everybody, ("id", "listed", "createdAt"), load), limit, token)


def _here(people: list[Person]) -> list[Person]:
    return [person for person in people if person.left_at is None]
