"""What a sign-up or a sign-in does to a person's row."""

from contextlib import suppress
from datetime import datetime

from studio.dynamo import ConditionFailed, update
from studio.people.address import kept
from studio.people.addresses import Addresses
from studio.people.join import PersonCreator, Profile
from studio.people.model import Person


def welcome(person_creator: PersonCreator, profile: Profile, now: datetime) -> None:
    """Make the row of somebody who has none, and bring up to date what only Cognito knows of the others."""
    people = person_creator.people
    person = people.find_mending(profile.sub)
    if person is None:
        person_creator.join(profile, now)
    elif news := _news(person, profile, person_creator.addresses):
        # Where the row changed just now, the next sign-in is soon enough.
        with suppress(ConditionFailed):
            seen = {"rev": person.rev}
            condition = "#rev = :rev AND attribute_not_exists(#leftAt)"
            people.apply(update({"id": person.id}, condition=condition, values=seen, set=news, add={"rev": 1}))


def _news(person: Person, profile: Profile, addresses: Addresses) -> dict[str, str]:
    """Return the address where it is another; and the name where the row has none, unless it was just taken away."""
    email = kept(profile.email, profile.sub)
    news = {"email": email} if email and email != person.email else {}
    if news and email != profile.email.lower():
        news["address"] = addresses.hashes(profile.email)[0]  # by its stand-in it would not be known again
    if profile.name and not person.name and not person.ahead:
        news["name"] = profile.name
    return news
