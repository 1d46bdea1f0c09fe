"""The command that finds objects without a row, and rows without their object.

Looks at the local stack, or at any stage with the caller's own AWS credentials (`--jobs`, `--uploads`, `--people`,
`--bucket`).
"""

import argparse
import json
from pathlib import Path
from typing import Any

import boto3

from local.ministack import ROOT_KEY
from studio.checks.orphans import Orphans
from studio.clock import now
from studio.jobs.table import Jobs
from studio.media.store import Media
from studio.media.table import Uploads
from studio.people.table import People


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--jobs", help="the Jobs table of a stage on AWS")
    parser.add_argument("--uploads", help="its Uploads table")
    parser.add_argument("--people", help="its People table")
    parser.add_argument("--bucket", help="its media bucket")


def run(given: argparse.Namespace) -> int:
    """Print what belongs to nothing; return 1 if there is any."""
    orphans = _orphans(given)
    strays = list(orphans.objects())
    losses = list(orphans.rows(now()))
    for key in strays:
        print(f"object without a row: {key}")
    for loss in losses:
        print(f"row without its object: {loss.id} misses {loss.key}")
    print(f"{len(strays)} objects without a row, {len(losses)} objects missing")
    return 1 if strays or losses else 0


def _orphans(given: argparse.Namespace) -> Orphans:
    if given.jobs and given.uploads and given.people and given.bucket:
        return Orphans(Jobs(given.jobs), Uploads(given.uploads), People(given.people), Media(given.bucket))
    stack = json.loads((Path(given.dir) / "stack.json").read_text())
    here: dict[str, Any] = {
        "endpoint_url": stack["awsEndpoint"],
        "region_name": stack["region"],
        "aws_access_key_id": ROOT_KEY,
        "aws_secret_access_key": ROOT_KEY,
    }
    client = boto3.client("dynamodb", **here)
    tables = stack["tables"]
    media = Media(stack["mediaBucket"], lambda: boto3.client("s3", **here))
    people = People(tables["People"], client)
    return Orphans(Jobs(tables["Jobs"], client), Uploads(tables["Uploads"], client), people, media)
