"""What SES says of mail that was sent: that it came back, or that its reader complained."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from studio.dynamo import ConditionFailed, update
from studio.errors import UnreadableError
from studio.mail.address import sent_as
from studio.people.table import People


@dataclass(frozen=True)
class Feedback:
    """An event of SES: whether it stops mail to the address, whom the mail was for, and the address as it was sent to.

    A full mailbox stops nothing.
    """

    stops: bool
    person: str | None
    address: str


def read(message: str) -> Feedback:
    """Read an event as the configuration set publishes it.

    Raises
    ------
    UnreadableError
    """
    try:
        event: Mapping[str, Any] = json.loads(message)
        mail: Mapping[str, Any] = event["mail"]
        person: list[str] = mail.get("tags", {}).get("person", [])
        (address,) = mail["destination"]
        return Feedback(_stops(event), person[0] if person else None, str(address))
    except (ValueError, TypeError, KeyError, AttributeError, IndexError, RecursionError) as error:
        raise UnreadableError(type(error).__name__) from None


def _stops(event: Mapping[str, Any]) -> bool:
    match event["eventType"]:
        case "Bounce":
            return event["bounce"]["bounceType"] == "Permanent"
        case "Complaint":  # a reader may also take a mail out of the junk
            return event["complaint"].get("complaintFeedbackType") != "not-spam"
        case _:
            return False


@dataclass(frozen=True)
class FeedbackHandler:
    """Marks addresses to which nothing is sent any more. Saying so again, or late, changes nothing."""

    people: People

    def handle(self, feedback: Feedback) -> bool:
        """Mark the address if it is still the person's; tell whether it was marked."""
        if not feedback.stops or feedback.person is None:
            return False
        person = self.people.find(feedback.person)
        if person is None or person.left_at or sent_as(person.email) != feedback.address:
            return False
        try:
            self.people.apply(
                update(
                    {"id": person.id},
                    condition="attribute_exists(#id) AND attribute_not_exists(#leftAt)",
                    set={"unreachable": feedback.address},
                )
            )
        except ConditionFailed:
            return False
        return True
