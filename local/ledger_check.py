"""The command that asks whether every balance is the sum of its ledger lines, and every refund one of a charge.

It compares the lines of the ledger and the audit trail with the archive as well. Looks at the local stack, or at any
stage with the caller's own AWS credentials, if all of its tables and its archive are named.
"""

import argparse
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3

from local.ministack import ROOT_KEY
from studio.archive import Archive
from studio.audit.table import AuditTrail
from studio.checks.balances import Account, BalanceCheck
from studio.checks.charges import ChargeCheck
from studio.checks.lines import LineCheck
from studio.clock import now
from studio.jobs.table import Jobs
from studio.ledger.table import Ledger
from studio.people.table import People
from studio.requests.table import Requests

_TABLES = ("People", "Jobs", "Ledger", "Requests", "Audit")


@dataclass(frozen=True)
class _Place:
    """Where to look: the tables' names by ours, the archive's bucket, and how AWS is reached."""

    tables: Mapping[str, str]
    bucket: str
    aws: Mapping[str, Any]

    def client(self, service: Any) -> Any:
        return boto3.client(service, **self.aws)


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--repair", action="store_true", help="add the line that explains a balance")
    for name in _TABLES:
        parser.add_argument(f"--{name.lower()}", help=f"the {name} table of a stage on AWS")
    parser.add_argument("--archive", help="its archive's bucket")


def run(given: argparse.Namespace) -> int:
    """Print what is wrong; return 1 if anything stays wrong."""
    place = _where(given)
    client = place.client("dynamodb")
    people, jobs, ledger, requests, _ = (place.tables[name] for name in _TABLES)
    audit = BalanceCheck(People(people, client), Ledger(ledger, client))
    charges = ChargeCheck(Jobs(jobs, client), audit.ledger, Requests(requests, client))
    accounts = list(audit.accounts())
    left = sum(_balance(audit, account, repair=given.repair) for account in accounts)
    findings = [f"{a.person.id}: {finding}" for a in accounts for finding in charges.findings(a.person)]
    print(*findings, sep="\n", end="\n" if findings else "")
    points, lines = sum(a.person.points for a in accounts), sum(a.lines for a in accounts)
    unsound = sum(not account.sound for account in accounts)
    print(
        f"{len(accounts)} accounts, {points} points, {lines} ledger lines: {unsound} unsound, {len(findings)} findings"
    )
    return 1 if _lines(place, audit.ledger) or left or findings else 0


def _lines(place: _Place, ledger: Ledger) -> int:
    """Print which lines are not what was archived, and return how many."""
    tables = {"Ledger": ledger, "Audit": AuditTrail(place.tables["Audit"], ledger.client)}
    compared = LineCheck(Archive(place.bucket, place.client("s3")), tables).compare()
    wrong = len(compared.findings)
    print(*compared.findings, sep="\n", end="\n" if wrong else "")
    print(f"{compared.archived} archived lines: {wrong} missing or changed; {compared.unarchived} lines not archived")
    return wrong


def _balance(audit: BalanceCheck, account: Account, *, repair: bool) -> bool:
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


def _where(given: argparse.Namespace) -> _Place:
    named = {name: getattr(given, name.lower()) for name in _TABLES}
    if all(named.values()) and given.archive:
        return _Place(named, given.archive, {})
    stack = json.loads((Path(given.dir) / "stack.json").read_text())
    here = {
        "endpoint_url": stack["awsEndpoint"],
        "region_name": stack["region"],
        "aws_access_key_id": ROOT_KEY,
        "aws_secret_access_key": ROOT_KEY,
    }
    return _Place(stack["tables"], stack["archiveBucket"], here)
