"""What a request costs: the quote before and the charge after are made here, so they cannot differ."""

from dataclasses import dataclass

from studio.catalogue.model import Model
from studio.ledger.model import Charge
from studio.ledger.usage import Usage


@dataclass(frozen=True)
class Quote:
    """The price of a request, and the balance it would leave (below 0 where it cannot be paid)."""

    points: int
    free_images: int
    balance_after: int

    @property
    def affordable(self) -> bool:
        return self.balance_after >= 0


def free_left(usage: Usage, owner: str, model: Model, day: str, allowance: int) -> int:
    """Return how many free images of the model are left on a day; `allowance` is the stage's, a day."""
    most = model.free_per_day(allowance)
    return usage.day(owner, day).free_left(model.id, most) if most else 0


def charges(model: Model, count: int, free: int, day: str) -> list[Charge]:
    """Return each image's charge: the free images that are left first, then points."""
    return [Charge(0, 1, day) if i < free else Charge(model.points, 0, day) for i in range(count)]


def quote(each: list[Charge], balance: int) -> Quote:
    points = sum(charge.points for charge in each)
    return Quote(points, sum(charge.free_images for charge in each), balance - points)
