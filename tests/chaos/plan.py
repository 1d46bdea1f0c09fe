"""What will happen, all of it drawn from one seed: what people ask for, and what goes wrong when."""

import random
from collections.abc import Iterator
from dataclasses import dataclass

from tests.chaos import order_plan
from tests.chaos.order_plan import Order

PEOPLE = 6
ATTEMPTS = 6
MOST_IN_ONE = 8
# The studio closes generation after more than 10 blocked images in an hour.
MOST_BLOCKED = 10
SHORTEST = 10.0
SECONDS_PER_JOB = 0.25
ATTEMPT_SECONDS = 10  # stage local's
# Each costs a small machine a second or two to start and 100 MB.
MOST_WORKERS = 16

# What the provider does, how often, and to how many of a request's calls: one of the faults each, in turn.
_TROUBLES: tuple[tuple[str, int, tuple[str, ...]], ...] = (
    ("fine", 38, ()),
    ("bad moment", 14, ("429", "500")),
    ("429 for ever", 6, ("429",) * ATTEMPTS),
    ("5xx for ever", 6, ("500", "503") * (ATTEMPTS // 2)),
    ("late once", 6, (f"slow:{ATTEMPT_SECONDS + 1}",)),
    ("cut off", 6, ("drop", "drop")),
    ("garbage", 8, ("garbage", "truncated", "empty", "not-json")),
    ("blocked", 5, ("blocked", "prompt-blocked")),
    ("refused", 4, ("400",)),
    ("slow", 7, ("slow:1.5",) * 4),
)
# Which function's process dies; a worker's most often.
_VICTIMS = ("vertex",) * 5 + ("jobs-api", "jobs-stream", "publish", "sweeper")
# Whoever takes, makes, pays back and sends orders.
_SELLERS = (
    *("fulfilment", "documents", "printing-stream", "printing-reconciler", "printer-callbacks"),
    *("orders-api", "orders-reconciler", "payments-api", "payments-stream", "payments-reconciler", "webhooks"),
)


@dataclass(frozen=True)
class Request:
    """One generateImages: when (seconds from the start), whose, how many, and what befalls it."""

    at: float
    person: int
    mark: str
    count: int
    trouble: str
    faults: tuple[str, ...]
    cancel_after: float | None
    twice: bool


@dataclass(frozen=True)
class Window:
    """Something is away from `at` for some seconds."""

    at: float
    seconds: float


@dataclass(frozen=True)
class Kill:
    """A process of a function dies: which of those that run then, `pick` (0..1) says."""

    at: float
    function: str
    pick: float


@dataclass(frozen=True)
class Replay:
    """Some of the stream's records so far come again, out of order, as `seed` chooses."""

    at: float
    records: int
    seed: int


@dataclass(frozen=True)
class Absence:
    """A subscriber is offline."""

    person: int
    window: Window


@dataclass(frozen=True)
class Plan:
    """Everything that is injected."""

    seed: int
    jobs: int
    seconds: float
    requests: tuple[Request, ...]
    orders: tuple[Order, ...]
    kills: tuple[Kill, ...]
    replays: tuple[Replay, ...]
    store_away: tuple[Window, ...]
    telling_away: tuple[Window, ...]
    api_stalls: tuple[Window, ...]
    workers_away: tuple[Window, ...]
    absences: tuple[Absence, ...]


def make(seed: int, jobs: int) -> Plan:
    """Return the same plan for the same seed and number of jobs."""
    dice = random.Random(seed)
    seconds = max(SHORTEST, jobs * SECONDS_PER_JOB)
    some = max(1, jobs // 100)
    kills = [(_VICTIMS, max(3, jobs // 20)), (_SELLERS, max(4, jobs // 20))]
    return Plan(
        seed=seed,
        jobs=jobs,
        seconds=seconds,
        requests=tuple(_requests(dice, jobs, seconds)),
        kills=tuple(
            Kill(at, dice.choice(of), dice.random()) for of, number in kills for at in _times(dice, number, seconds)
        ),
        replays=tuple(
            Replay(at, dice.randint(10, 25), dice.getrandbits(32)) for at in _times(dice, max(2, jobs // 60), seconds)
        ),
        store_away=tuple(_windows(dice, some, seconds, 4)),
        telling_away=tuple(_windows(dice, some, seconds, 6)),
        api_stalls=tuple(_windows(dice, some, seconds, 2)),
        workers_away=tuple(_windows(dice, some, seconds, 4)),
        absences=tuple(
            Absence(person, window) for person in range(PEOPLE) for window in _windows(dice, some, seconds, 6)
        ),
        orders=tuple(order_plan.draw(dice, jobs, seconds)),
    )


def _requests(dice: random.Random, jobs: int, seconds: float) -> Iterator[Request]:
    blocked = [0] * PEOPLE
    counts = list(_counts(dice, jobs))
    for i, (count, at) in enumerate(zip(counts, _times(dice, len(counts), seconds), strict=True)):
        person = dice.randrange(PEOPLE)
        trouble, _, faults = dice.choices(_TROUBLES, [weight for _, weight, _ in _TROUBLES])[0]
        if trouble == "blocked":
            blocked[person] += count
            if blocked[person] > MOST_BLOCKED:
                trouble, faults = "fine", ()
        yield Request(
            at=at,
            person=person,
            mark=f"chaos-{i:04d}-",
            count=count,
            trouble=trouble,
            faults=_for_all(faults, count),
            cancel_after=dice.uniform(0, 2) if dice.random() < 0.12 else None,
            twice=dice.random() < 0.15,
        )


def _counts(dice: random.Random, jobs: int) -> Iterator[int]:
    left = jobs
    while left:
        count = min(left, dice.choice((1, 1, 2, 3, 4, MOST_IN_ONE)))
        left -= count
        yield count


def _for_all(faults: tuple[str, ...], count: int) -> tuple[str, ...]:
    """Enough of them that each of a request's images meets as many as one image would."""
    return tuple(fault for fault in faults for _ in range(count))


def _times(dice: random.Random, number: int, seconds: float) -> list[float]:
    return sorted(dice.uniform(0, seconds) for _ in range(number))


def _windows(dice: random.Random, number: int, seconds: float, longest: float) -> Iterator[Window]:
    """Some windows that do not overlap, each in its own part of the time."""
    part = seconds / number
    for i in range(number):
        length = min(dice.uniform(longest / 2, longest), part / 2)
        yield Window(part * i + dice.uniform(0, part - length), length)
