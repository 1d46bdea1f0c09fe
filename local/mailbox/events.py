"""What SES says of a mail that was sent, as its configuration set publishes it by SNS."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from local.mailbox.mails import Mail

# By the action that a button is named after: the kind of event, and what it says.
ACTIONS: Final[Mapping[str, tuple[str, Mapping[str, Any]]]] = {
    "bounce": ("Bounce", {"bounceType": "Permanent", "bounceSubType": "NoEmail"}),
    "soft-bounce": ("Bounce", {"bounceType": "Transient", "bounceSubType": "MailboxFull"}),
    "complain": ("Complaint", {"complaintFeedbackType": "abuse"}),
}
_RECIPIENTS = {"Bounce": "bouncedRecipients", "Complaint": "complainedRecipients"}


def event(mail: Mail, action: str) -> dict[str, Any]:
    """Return the event. Each tag is a list, as SES has it."""
    kind, said = ACTIONS[action]
    recipients = [{"emailAddress": address} for address in mail["to"]]
    now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return {
        "eventType": kind,
        kind.lower(): {**said, _RECIPIENTS[kind]: recipients, "timestamp": now, "feedbackId": f"local-{mail['id']}"},
        "mail": {
            "timestamp": mail["at"],
            "source": mail["from"],
            "messageId": mail["messageId"].partition("@")[0],
            "destination": mail["to"],
            "tags": {name: [value] for name, value in mail["tags"].items()},
        },
    }
