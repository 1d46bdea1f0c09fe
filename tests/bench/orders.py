"""An album of 20 photos, ordered as a file: from PAID to DELIVERED without its rendering, and what that is billed.

Times are the rows' own. Units are counted on the wire, of everything but the album's making: from `createOrder` to the
end, with its payment, its job and its mails.
"""

import asyncio
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import mean, median
from typing import Any, Final

from local.client import Person
from studio.dynamo import unpack
from tests.bench.cost import asked_of_dynamodb, read_units, write_units
from tests.bench.figure import Figure, plain
from tests.bench.meter import metered
from tests.bench.prices import READ_UNIT, WRITE_UNIT
from tests.bench.stand import Stand
from tests.stack.asking import get, until
from tests.stack.client import StackClient
from tests.stack.files import encoded, noise, upload
from tests.stack.paying import Bank, order

PHOTOS: Final = 20
TIMED_RUNS: Final = 10
METERED_RUNS: Final = 3
GOAL_MS: Final = 1500
_ORDERS: Final = 1000
_END: Final = "COMPLETED"


@dataclass(frozen=True)
class Ordering:
    """A customer with one album, which they order again and again."""

    client: StackClient
    person: Person
    album: str

    async def once(self) -> str:
        """Order the album as a file, pay for it, and return the order's id once it has ended."""
        item = {"kind": "ALBUM_PDF", "albumId": self.album, "quantity": 1}
        asked = {"clientRequestId": str(uuid.uuid4()), "items": [item], "currency": "USD"}
        made = await get(self.client, self.person, "createOrder", input=asked)
        given = order("STRIPE", packageId=None, orderId=made["id"])
        payment = await get(self.client, self.person, "createPayment", input=given)
        await Bank(self.client.outputs["bankUrl"]).act(payment, "pay")
        await until(lambda: self._row("Orders", made["id"])["status"] == _END)
        return made["id"]

    def own_ms(self, id_: str) -> float:
        """Return how long an order took, less the time in which its worker was at it."""
        row = self._row("Orders", id_)
        at = {step["kind"]: _moment(step["at"]) for step in row["steps"]}
        (job,) = row["renderings"].values()
        worked = {each["status"]: _moment(each["at"]) for each in self._row("Jobs", job)["history"]}
        taken = at["DELIVERED"] - at["PAID"] - (worked[_END] - worked["PROCESSING"])
        return taken.total_seconds() * 1000

    def _row(self, table: str, id_: str) -> Mapping[str, Any]:
        name, key = self.client.outputs["tables"][table], {"id": {"S": id_}}
        return unpack(self.client.boto("dynamodb").get_item(TableName=name, Key=key, ConsistentRead=True)["Item"])


def measure(stand: Stand) -> Sequence[Figure]:
    return asyncio.run(_measure(stand))


async def _measure(stand: Stand) -> Sequence[Figure]:
    ordering = await _begun(stand.client)
    await ordering.once()  # no function starts cold in what is measured
    own = [ordering.own_ms(await ordering.once()) for _ in range(TIMED_RUNS)]
    return [
        plain(f"an album of {PHOTOS}, PAID to DELIVERED, less its rendering", median(own), "ms", goal=GOAL_MS),
        *await _units(stand, ordering),
    ]


async def _begun(client: StackClient) -> Ordering:
    person = await client.new_user()
    pictures = [await upload(client, person, encoded(noise(640, 480, seed=n), "PNG")) for n in range(PHOTOS)]
    given = {"name": "Đà Lạt", "layout": "ONE_A_PAGE", "photos": [{"id": id_} for id_ in pictures]}
    return Ordering(client, person, (await get(client, person, "createAlbum", input=given))["id"])


async def _units(stand: Stand, ordering: Ordering) -> Sequence[Figure]:
    counts: list[tuple[int, int]] = []
    async with metered(stand) as meter:
        await ordering.once()
        for _ in range(METERED_RUNS):
            meter.clear()
            await ordering.once()
            await asyncio.sleep(1)  # its last mail has no event to wait for
            calls = asked_of_dynamodb(meter)
            counts.append((sum(map(write_units, calls)), sum(map(read_units, calls))))
    writes, reads = (mean(each) for each in zip(*counts, strict=True))
    dollars = (writes * WRITE_UNIT + reads * READ_UNIT) * _ORDERS
    return [
        plain("an order: DynamoDB writes", writes, "units"),
        plain("an order: DynamoDB reads", reads, "units"),
        plain(f"{_ORDERS:,} orders, DynamoDB alone", dollars, "$"),
    ]


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
