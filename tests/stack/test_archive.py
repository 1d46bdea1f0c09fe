"""What is written into the ledger is archived, and what is written over it is found."""

import argparse
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from local import ledger_check
from tests.stack.asking import generate, until
from tests.stack.behind import Behind
from tests.stack.client import StackClient

WISH = {"clientRequestId": "archived", "model": "nanobanana-pro", "prompt": "a lighthouse at dusk"}

pytestmark = pytest.mark.asyncio(loop_scope="module")


def archived(client: StackClient, owner: str) -> list[Mapping[str, Any]]:
    """Return the archive's records of somebody's lines."""
    s3, bucket = client.boto("s3"), client.outputs["archiveBucket"]
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix="Ledger/")
    keys = [each["Key"] for page in pages for each in page.get("Contents", []) if f"/{owner}%2F" in each["Key"]]
    return [json.loads(s3.get_object(Bucket=bucket, Key=key)["Body"].read()) for key in keys]


async def test_a_charge_is_archived_and_one_that_is_written_over_is_found_and_rings(
    client: StackClient, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    person = await client.new_user(50)
    (job,) = await generate(client, person, WISH)
    entry = f"charge#{job['id']}"

    def images(event: str) -> list[tuple[Any, Any]]:
        changes = [each["dynamodb"] for each in archived(client, person.sub) if each["eventName"] == event]
        return [(each.get("OldImage"), each.get("NewImage")) for each in changes if each["Keys"]["entry"]["S"] == entry]

    await until(lambda: len(images("INSERT")) == 1)
    [(nothing, line)] = images("INSERT")
    assert nothing is None
    assert int(line["points"]["N"]) < 0

    other = line | {"points": {"N": "0"}}
    client.boto("dynamodb").put_item(TableName=client.outputs["tables"]["Ledger"], Item=other)
    await until(lambda: images("MODIFY") == [(line, other)])
    await until(lambda: Behind(client).logged("archive", '"LINE_CHANGED"', entry, "MODIFY"))

    (tmp_path / "stack.json").write_text(json.dumps(dict(client.outputs)))
    parser = argparse.ArgumentParser()
    ledger_check.arguments(parser)
    given = parser.parse_args([], argparse.Namespace(dir=str(tmp_path)))
    assert ledger_check.run(given) == 1
    assert f"Ledger {person.sub} {entry} was changed: points" in capsys.readouterr().out.splitlines()
    client.boto("dynamodb").put_item(TableName=client.outputs["tables"]["Ledger"], Item=line)
