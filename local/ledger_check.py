"""The command that asks whether every balance is the sum of its ledger lines, and every refund one of a charge.

Looks at the local stack, or at any stage's tables with the caller's own AWS credentials, if all of them are named.
"""

import argparse
import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import boto3

from local.ministack import ROOT_KEY
from studio.checks.charges import Charges
from studio.clock import now
from studio.jobs.table import Jobs
from studio.people.table import People
from studio.points.audit import Account, Audit
from studio.points.ledger import Ledger
from studio.requests.table import Requests

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

_TABLES = ("People", "Jobs", "Ledger", "Requests")


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--repair", action="store_true", help="add the line that explains a balance")
    for name in _TABLES:
        parser.add_argument(f"--{name.lower()}", help=f"the {name} table of a stage on AWS")


def run(given: argparse.Namespace) -> int:
    """Print what is wrong; return 1 if anything stays wrong."""
    names, client = _where(given)
    people, jobs, ledger, requests = (names[name] for name in _TABLES)
    audit = Audit(People(people, client), Ledger(ledger, client))
    charges = Charges(Jobs(jobs, client), audit.ledger, Requests(requests, client))
    accounts = list(audit.accounts())
    left = sum(_balance(audit, account, repair=given.repair) for account in accounts)
    findings = [f"{a.person.id}: {finding}" for a in accounts for finding in charges.findings(a.person)]
    print(*findings, sep="\n", end="\n" if findings else "")
    points, lines = sum(a.person.points for a in accounts), sum(a.lines for a in accounts)
    unsound = sum(not account.sound for account in accounts)
    print(
        f"{len(accounts)} accounts, {points} points, {lines} ledger lines: {unsound} unsound, {len(findings)} findings"
    )
    return 1 if left or findings else 0


def _balance(audit: Audit, account: Account, *, repair: bool) -> bool:
    """Print what is wrong with a balance, and tell whether it stays so."""
    if account.sound:
        return False
    print(_line(account))
    if repair:
        entry = audit.repair(account, now())
        print(f"  repaired by adding {entry.points:+} points ({entry.id})" if entry else "  lines counted anew")
    return not repair


def _line(account: Account) -> str:
    person = account.person
    return (
        f"{person.id}: balance {person.points}, ledger {account.total} (drift {account.drift:+}); "
        f"{person.moves} moves, {account.lines} lines"
    )


def _where(given: argparse.Namespace) -> tuple[Mapping[str, str], "DynamoDBClient"]:
    """Return the tables' names, and a client that finds them."""
    named = {name: getattr(given, name.lower()) for name in _TABLES}
    if all(named.values()):
        return named, boto3.client("dynamodb")
    stack = json.loads((Path(given.dir) / "stack.json").read_text())
    return stack["tables"], _local(stack)


def _local(stack: dict[str, str]) -> "DynamoDBClient":
    return boto3.client(
        "dynamodb",
        endpoint_url=stack["awsEndpoint"],
        region_name=stack["region"],
        aws_access_key_id=ROOT_KEY,
        aws_secret_access_key=ROOT_KEY,
    )
