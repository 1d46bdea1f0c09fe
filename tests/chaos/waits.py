"""Time that passes more quickly: whatever waits to be looked at again is due soon."""

import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from tests.stack import books
from tests.stack.books import Row
from tests.stack.client import StackClient

# So long a row has to wait unchanged. Longer than any call, so that nobody is at it any more who has not died.
LONGEST_SECONDS = 15.0


@dataclass
class Waits:
    """Shortens leases and pauses, which are minutes, of orders, of refunds and of what is at the printer.

    What waits for its payer goes on waiting.
    """

    client: StackClient
    _since: dict[Any, float] = field(default_factory=dict[Any, float])

    def shorten(self) -> None:
        """Make due what has waited for long."""
        found = {(table, row["id"], row.get("version"), row["due"]) for table, row in self._waiting()}
        self._since = {each: self._since.get(each, time.monotonic()) for each in found}
        for (table, id_, *_), since in self._since.items():
            if time.monotonic() - since > LONGEST_SECONDS:
                self._make_due(table, id_)

    def _waiting(self) -> list[tuple[str, Row]]:
        tables = ("Orders", "PrintOrders", "Payments", "PaymentEvents")
        rows = [(table, row) for table in tables for row in books.rows(self.client, table)]
        return [(table, row) for table, row in rows if "due" in row and row.get("status") != "PENDING"]

    def _make_due(self, table: str, id_: str) -> None:
        dynamodb = self.client.boto("dynamodb")
        with suppress(dynamodb.exceptions.ConditionalCheckFailedException):
            dynamodb.update_item(
                TableName=self.client.outputs["tables"][table],
                Key={"id": {"S": id_}},
                UpdateExpression="SET #due = :due",
                ConditionExpression="attribute_exists(#due)",
                ExpressionAttributeNames={"#due": "due"},
                ExpressionAttributeValues={":due": {"N": "1"}},
            )
