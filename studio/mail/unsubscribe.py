"""The link by which a person stops notices, signed: whoever has it may do this and nothing else."""

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import parse_qs, urlencode

from studio.dynamo import ConditionFailed, update
from studio.people.table import People
from studio.secrets import Values

_PURPOSE = "unsubscribe"


@dataclass(frozen=True)
class UnsubscribeLinks:
    """Signs and checks. `keys` are by name: the first signs, and what any of them signed is good."""

    keys: Callable[[], Values]
    url: str = ""

    def of(self, person: str) -> str:
        name, key = next(iter(self.keys().items()))
        return f"{self.url}?{urlencode({'person': person, 'key': name, 'signature': _signature(key, person)})}"

    def person_of(self, query: str) -> str | None:
        """Return whose notices a link stops, if it is one of ours."""
        given = {name: values[0] for name, values in parse_qs(query).items()}
        person, key = given.get("person", ""), self.keys().get(given.get("key", ""))
        right = key is not None and hmac.compare_digest(
            _signature(key, person).encode(), given.get("signature", "").encode()
        )
        return person if person and right else None


def unsubscribe(people: People, person: str) -> None:
    """Note that a person wants no notices; of who has left, or has said so, there is nothing to note."""
    try:
        people.apply(
            update(
                {"id": person},
                condition="attribute_exists(#id) AND attribute_not_exists(#leftAt)"
                " AND (attribute_not_exists(#mailing) OR #mailing = :wanted)",
                values={"wanted": True},
                set={"mailing": False},
                add={"rev": 1},
            )
        )
    except ConditionFailed:
        return


def _signature(key: str, person: str) -> str:
    return hmac.new(key.encode(), f"{_PURPOSE}:{person}".encode(), hashlib.sha256).hexdigest()
