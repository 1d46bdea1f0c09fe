"""What must be so when everything is over."""

import io
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from PIL import Image

from tests.chaos.causes import Causes
from tests.chaos.order_audit import ShopBooks
from tests.chaos.people import Subscriber
from tests.stack import books
from tests.stack.books import Books, Row
from tests.stack.client import ENDS, StackClient

REFUNDED = {"FAILED", "CANCELED"}
# Telling and leaving at the same moment is nobody's fault.
_MARGIN = 0.5


@dataclass
class Verdict:
    """Figures for the table, and every promise that was broken."""

    ends: Counter[str] = field(default_factory=Counter[str])
    codes: Counter[str] = field(default_factory=Counter[str])
    claims: Counter[int] = field(default_factory=Counter[int])
    refunds: int = 0
    drift: int = 0
    missed: int = 0
    dropped: int = 0
    left_behind: int = 0
    orders: Counter[str] = field(default_factory=Counter[str])
    money: Counter[str] = field(default_factory=Counter[str])
    broken: list[str] = field(default_factory=list[str])


def audit(
    client: StackClient,
    made: Sequence[str],
    ordered: Collection[str],
    steady: Sequence[Subscriber],
    wandering: Sequence[Subscriber],
    causes: Causes,
) -> Verdict:
    """Look at the tables, the bucket, the bank, the printer and what each subscriber received."""
    shop = ShopBooks.read(client)
    verdict = Verdict(orders=shop.ends, money=shop.money, broken=shop.broken())
    if {*shop.orders} != {*ordered}:
        verdict.broken.append(f"{len(ordered)} orders were answered, {len(shop.orders)} are on the table")
    owners = [who.person.sub for who in steady]
    shelves = books.every(client, [*owners, *shop.customers])
    for customer in shop.customers:
        _drift(verdict, customer, shelves[customer])
    shelves = {owner: shelves[owner] for owner in owners}
    jobs = {job["id"]: job for kept in shelves.values() for job in kept.jobs}
    if sorted(jobs) != sorted(made):
        verdict.broken.append(f"{len(made)} jobs were answered, {len(jobs)} are on the table")
    for owner, kept in shelves.items():
        _money(verdict, owner, kept)
    for job in jobs.values():
        _end(verdict, job, causes)
    _pictures(verdict, client, jobs)
    _received(verdict, jobs, steady, wandering)
    return verdict


def _money(verdict: Verdict, owner: str, kept: Books) -> None:
    """The ledger is exact and every charge that had to come back did, once: its line's id allows no second."""
    refunds = kept.lines("REFUND")
    verdict.refunds += len(refunds)
    _drift(verdict, owner, kept)
    back = {job["id"]: job["charge"]["points"] for job in kept.jobs if job["status"] in REFUNDED}
    checks = {
        "moves are not the number of lines": kept.person["moves"] == len(kept.ledger),
        "a balance below 0": kept.person["points"] >= 0,
        "charges are not one a job": kept.lines("CHARGE") == {j["id"]: -j["charge"]["points"] for j in kept.jobs},
        "refunds are not one a failed or canceled job": refunds == back,
        "a day's usage is not what was paid": _used(kept) == _paid(kept),
    }
    verdict.broken += [f"{owner}: {what}" for what, holds in checks.items() if not holds]


def _drift(verdict: Verdict, owner: str, kept: Books) -> None:
    verdict.drift += abs(kept.drift)
    if kept.drift:
        verdict.broken.append(f"{owner}: drift of {kept.drift}")


def _used(kept: Books) -> tuple[int, int]:
    return sum(int(day.get("images", 0)) for day in kept.usage), sum(int(day.get("points", 0)) for day in kept.usage)


def _paid(kept: Books) -> tuple[int, int]:
    paid = [job for job in kept.jobs if job["status"] not in REFUNDED]
    return len(paid), sum(int(job["charge"]["points"]) for job in paid)


def _end(verdict: Verdict, job: Row, causes: Causes) -> None:
    verdict.ends[job["status"]] += 1
    verdict.claims[int(job["claims"])] += 1
    if "errorCode" in job:
        verdict.codes[job["errorCode"]] += 1
    versions = [int(event["version"]) for event in job["history"]]
    checks = {
        "not ended": job["status"] in ENDS,
        "an end without its refund": job["status"] not in REFUNDED or "refundedAt" in job,
        "history has gaps": versions == [*range(1, int(job["version"]) + 1)],
        "left an end": not _left(job),
        "still on the sweeper's list": "open" not in job,
        f"no fault explains {job.get('errorCode')}": "errorCode" not in job or causes.explain(job),
    }
    verdict.broken += [f"job {job['id']}: {what}" for what, holds in checks.items() if not holds]


def _left(job: Row) -> bool:
    """Tell whether a job went on from one end to another state."""
    states = [event["status"] for event in job["history"]]
    return any(here in ENDS and there != here for here, there in pairwise(states))


def unshown(client: StackClient) -> set[str]:
    """The keys of pictures that no job shows."""
    done = [job for job in books.rows(client, "Jobs") if job["status"] == "COMPLETED" and "image" in job]
    return _stored(client) - {job["image"]["key"] for job in done}


def _stored(client: StackClient) -> set[str]:
    """The keys of what models made: in the bucket is also what belongs to orders."""
    return {key for key in books.stored(client) if "/vertex/" in key}


def _pictures(verdict: Verdict, client: StackClient, jobs: Mapping[str, Row]) -> None:
    stored = _stored(client)
    wanted = {job["image"]["key"]: job for job in jobs.values() if job["status"] == "COMPLETED"}
    sized = {each["key"] for job in wanted.values() for each in job.get("variants", {}).values()}
    verdict.left_behind = len(stored - set(wanted) - sized)
    verdict.broken += [f"job {job['id']}: no picture" for key, job in wanted.items() if key not in stored]
    verdict.broken += [
        f"job {wanted[key]['id']}: {wrong}"
        for key in sorted(stored & set(wanted))
        if (wrong := _wrong(client, key, wanted[key]["image"]))
    ]


def _wrong(client: StackClient, key: str, recorded: Row) -> str | None:
    content = client.boto("s3").get_object(Bucket=client.outputs["mediaBucket"], Key=key)["Body"].read()
    try:
        with Image.open(io.BytesIO(content)) as image:
            image.load()
            size = image.size
    except OSError as error:
        return f"its picture cannot be decoded: {error}"
    right = (*size, len(content)) == (recorded["width"], recorded["height"], recorded["byte_size"])
    return None if right else "its picture is not the one that it names"


def _received(
    verdict: Verdict, jobs: Mapping[str, Row], steady: Sequence[Subscriber], wandering: Sequence[Subscriber]
) -> None:
    everyone = [*steady, *wandering]
    verdict.dropped = sum(who.dropped for who in everyone)
    missed = [line for who in steady for line in _not_received(who, jobs)]
    missed += [line for who, other in zip(wandering, steady, strict=True) for line in _missed(who, other, jobs)]
    verdict.missed = len(missed)
    verdict.broken += missed
    verdict.broken += [f"{who.person.sub} received events of somebody else" for who in everyone if who.foreign]
    verdict.broken += [f"{who.person.sub} knows another end of {id_}" for who in everyone for id_ in _astray(who, jobs)]


def _astray(who: Subscriber, jobs: Mapping[str, Row]) -> Iterator[str]:
    """Jobs of which a subscriber, with what it received and read, does not know the last version."""
    for id_, job in _own(who, jobs):
        known: dict[str, Any] = who.jobs.get(id_, {})
        if (known.get("version"), known.get("status")) != (job["version"], job["status"]):
            yield id_


def _own(who: Subscriber, jobs: Mapping[str, Row]) -> Iterator[tuple[str, Row]]:
    return ((id_, job) for id_, job in jobs.items() if job["owner"] == who.person.sub)


def _terminal(job: Row) -> list[int]:
    """The versions that tell of an end, and of the refund after it."""
    return [int(event["version"]) for event in job["history"] if event["status"] in ENDS]


def _not_received(who: Subscriber, jobs: Mapping[str, Row]) -> Iterator[str]:
    """Whoever was connected all the time received every end and every refund as an event."""
    received = {key for session in who.sessions for key in session.received}
    for id_, job in _own(who, jobs):
        yield from (f"{id_} version {v} was never received" for v in _terminal(job) if (id_, v) not in received)


def _missed(who: Subscriber, steady: Subscriber, jobs: Mapping[str, Row]) -> Iterator[str]:
    """Whoever was connected when the other one of the same person received an end received it too."""
    received_at = {key: at for session in steady.sessions for key, at in session.received.items()}
    for id_, job in _own(who, jobs):
        for version in _terminal(job):
            at = received_at.get((id_, version))
            there = [s for s in who.sessions if at and s.began + _MARGIN < at < s.ended - _MARGIN]
            if there and (id_, version) not in there[0].received:
                yield f"{id_} version {version} was missed while connected"
