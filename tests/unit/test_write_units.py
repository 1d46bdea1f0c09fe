"""What an image is written for, row by row: each unit is paid for every image that anybody makes."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from infra.tables import TABLES
from studio.jobs import states
from studio.media.keys import resized_key
from studio.media.model import StoredImage
from studio.provenance.model import Fingerprint
from studio.provenance.table import Fingerprints
from tests.bench import units
from tests.unit.world import World, picture_of

KEYS = {spec.name: [key[0] for key in (spec.partition, spec.sort) if key] for spec in TABLES}
WRITES = {"PutItem": "Put", "UpdateItem": "Update"}
Row = Mapping[str, Any]


@pytest.fixture
def spent(world: World) -> Iterator[list[tuple[str, int]]]:
    """Give a list that fills with the table of each row that is written, and its units."""
    client, seen = world.client, list[tuple[str, int]]()
    call = client._make_api_call

    def row(table: str, key: Row) -> Row:
        return call("GetItem", {"TableName": table, "Key": key}).get("Item", {})

    def counted(operation: str, request: Any) -> Any:
        together = operation == "TransactWriteItems"
        each = request["TransactItems"] if together else [{WRITES[operation]: request}] if operation in WRITES else []
        writes = [next(iter(write.values())) for write in each]
        rows = [(w["TableName"], {k: (w.get("Key") or w["Item"])[k] for k in KEYS[w["TableName"]]}) for w in writes]
        before = [row(*place) for place in rows]
        answer = call(operation, request)
        seen.extend(
            (place[0], units.write_units(place[0], old, row(*place), in_transaction=together))
            for place, old in zip(rows, before, strict=True)
        )
        return answer

    client._make_api_call = counted
    yield seen
    client._make_api_call = call


def taken(spent: list[tuple[str, int]]) -> dict[str, int]:
    found = dict(spent)
    assert len(found) == len(spent), "a row is written twice"
    spent.clear()
    return found


def test_an_image_is_written_for_33_units(world: World, spent: list[tuple[str, int]]) -> None:
    world.joined()
    spent.clear()
    (job,) = world.generate()
    # A transaction counts a row twice; of a new job's four indexes, each once.
    assert taken(spent) == {"Requests": 2, "People": 2, "Usage": 2, "Jobs": 2 + 4, "Ledger": 2 + 1}
    job = world.jobs.step(states.claim(job, "worker", world.later(1), 150))
    # Whose order changes in an index leaves it and comes again: by change, by status, by when it is due.
    assert taken(spent) == {"Jobs": 1 + 2 + 2 + 2}
    job = world.jobs.step(states.complete(job, picture_of(job), world.later(14)))
    assert taken(spent) == {"Jobs": 1 + 2 + 2 + 1}
    Fingerprints("Fingerprints", world.client).add(Fingerprint(job.id, "0" * 64, job.expires_at))
    sizes = {
        name: StoredImage(resized_key(job.prefix, name), "image/webp", side, side, 99_999)
        for name, side in {"large": 1024, "medium": 1024, "thumbnail": 320}.items()
    }
    world.jobs.step(states.resized(job, sizes, "tag", world.later(1)))
    # With its sizes a row has more than 1 KB.
    assert taken(spent) == {"Fingerprints": 1, "Jobs": 2 + 2}
