"""Where it is remembered which mails were sent: the Mails table. A mark names an event, and nobody."""

from datetime import datetime, timedelta

from studio import ids
from studio.clock import iso, millis
from studio.dynamo import ConditionFailed, Table, update
from studio.mail.model import MailEvent, Outcome

# Longer than a call of the function that sends: who holds a lease that has ended has died.
LEASE = timedelta(minutes=1)


_FREE = "attribute_not_exists(#endedAt) AND (attribute_not_exists(#leaseEnd) OR #leaseEnd < :now)"


class InProgressError(Exception):
    """Another delivery of the same event is being worked on: it is looked at again later."""


class Mails(Table):
    """The Mails table. Its marks never expire: a message may be moved back from the dead letters at any time."""

    def claim(self, event: MailEvent, now: datetime) -> str | None:
        """Take an event to send it, for a minute; None where it was seen to before.

        Raises
        ------
        InProgressError
            Somebody else has it.
        """
        lease = ids.new()
        try:
            self.apply(
                update(
                    {"mail": event.key},
                    condition=_FREE,
                    values={"now": millis(now)},
                    set={"lease": lease, "leaseEnd": millis(now + LEASE)},
                )
            )
        except ConditionFailed:
            row = self.get({"mail": event.key})
            if row and "endedAt" in row:
                return None
            raise InProgressError(event.key) from None
        return lease

    def end(self, event: MailEvent, lease: str, outcome: Outcome, message_id: str | None, now: datetime) -> None:
        """Mark that an event was seen to, by whoever holds its lease."""
        self.apply(
            update(
                {"mail": event.key},
                condition="#lease = :mine",
                values={"mine": lease},
                set={"endedAt": iso(now), "outcome": outcome, "messageId": message_id},
                remove=("lease", "leaseEnd"),
            )
        )
