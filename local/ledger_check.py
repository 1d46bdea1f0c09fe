"""The command that asks whether every balance is the sum of its ledger lines.

Looks at the local stack, or at any stage's tables with the caller's own AWS credentials (`--people`, `--ledger`).
"""

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

import boto3

from local.ministack import ROOT_KEY
from studio.clock import now
from studio.people.table import People
from studio.points.audit import Account, Audit
from studio.points.ledger import Ledger

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--repair", action="store_true", help="add the line that explains a balance")
    parser.add_argument("--people", help="the People table of a stage on AWS")
    parser.add_argument("--ledger", help="its Ledger table")


def run(given: argparse.Namespace) -> int:
    """Print what is wrong; return 1 if anything stays wrong."""
    audit = _audit(given)
    accounts = list(audit.accounts())
    unsound = [account for account in accounts if not account.sound]
    for account in unsound:
        print(_line(account))
        if given.repair:
            entry = audit.repair(account, now())
            print(f"  repaired by adding {entry.points:+} points ({entry.id})" if entry else "  lines counted anew")
    points, lines = sum(a.person.points for a in accounts), sum(a.lines for a in accounts)
    print(f"{len(accounts)} accounts, {points} points, {lines} ledger lines: {len(unsound)} unsound")
    return 1 if unsound and not given.repair else 0


def _line(account: Account) -> str:
    person = account.person
    return (
        f"{person.id}: balance {person.points}, ledger {account.total} (drift {account.drift:+}); "
        f"{person.moves} moves, {account.lines} lines"
    )


def _audit(given: argparse.Namespace) -> Audit:
    if given.people and given.ledger:
        client = boto3.client("dynamodb")
        return Audit(People(given.people, client), Ledger(given.ledger, client))
    stack = json.loads((Path(given.dir) / "stack.json").read_text())
    client = _local(stack)
    return Audit(People(stack["tables"]["People"], client), Ledger(stack["tables"]["Ledger"], client))


def _local(stack: dict[str, str]) -> "DynamoDBClient":
    return boto3.client(
        "dynamodb",
        endpoint_url=stack["awsEndpoint"],
        region_name=stack["region"],
        aws_access_key_id=ROOT_KEY,
        aws_secret_access_key=ROOT_KEY,
    )
