"""What people order, how it is paid for, and what the printer makes of it; all of it drawn from one seed."""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import cycle, islice

# A person may have five payments that wait.
_ORDERS_OF_ONE = 3
FILE, BOOK = ("ALBUM_PDF",), ("ALBUM_PRINT",)
BOTH = FILE + BOOK
PRINTED = ("start", "ship", "ship", "complete")
# What may become of the refunds that are asked for; None is nothing special.
_REFUNDS = (None, None, "refunds_lost", "refunds_down", "refunds_refused")


@dataclass(frozen=True)
class Fate:
    """What becomes of an order: what is done at the bank for each of its payments, and at the printer."""

    kinds: tuple[str, ...]
    pay: str | None = "pay"
    payments: int = 1
    printer: tuple[str, ...] = PRINTED
    canceled: bool = False
    overdue: bool = False


# The first ones are what a short run has.
FATES: Mapping[str, Fate] = {
    "a file and a book": Fate(BOTH),
    "canceled by its customer": Fate(BOTH, canceled=True),
    "rejected by the printer": Fate(BOOK, printer=("reject",)),
    "paid when its time was over": Fate(FILE, overdue=True),
    "rejected while it is printed": Fate(BOOK, printer=("start", "reject")),
    "paid by two payments": Fate(FILE, payments=2),
    "half is paid": Fate(FILE, "pay_wrong_amount"),
    "a file, told of late": Fate(FILE, "pay_late"),
    "a book, told of twice": Fate(BOOK, "pay_twice"),
    "refused by the bank": Fate(FILE, "refuse"),
    "never paid": Fate(BOOK, None),
}
SHORTEST = 8


@dataclass(frozen=True)
class Order:
    """One order: when (seconds from the start), whose, what befalls it, and how long its customer hesitates."""

    at: float
    buyer: int
    fate: Fate
    provider: str
    refund: str | None
    hesitates: float
    twice: bool


def draw(dice: random.Random, jobs: int, seconds: float) -> Iterator[Order]:
    """Draw as many orders as go with so many jobs."""
    for i, fate in enumerate(islice(cycle(FATES.values()), max(SHORTEST, jobs // 10))):
        yield Order(
            at=dice.uniform(0, seconds * 0.7),
            buyer=i // _ORDERS_OF_ONE,
            fate=fate,
            provider=dice.choice(("STRIPE", "VNPAY")),
            refund=dice.choice(_REFUNDS),
            hesitates=dice.uniform(0, 4),
            twice=dice.random() < 0.3,
        )
