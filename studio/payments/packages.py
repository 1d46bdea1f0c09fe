"""The packages of points on sale, and what each costs: data."""

from collections.abc import Sequence
from dataclasses import dataclass

from studio.errors import ErrorType, StudioError
from studio.money import Currency, Money
from studio.payments.providers.protocol import Provider


@dataclass(frozen=True)
class Package:
    """Points at one fixed price in each currency; a price does not follow the exchange rate."""

    id: str
    points: int
    prices: tuple[Money, ...]

    def price(self, provider: Provider, currency: Currency) -> Money:
        """Return what it costs.

        Raises
        ------
        StudioError
            CURRENCY_NOT_SUPPORTED.
        """
        found = [price for price in self.prices if price.currency == currency]
        if not found or currency not in provider.currencies:
            raise StudioError(
                ErrorType.CURRENCY_NOT_SUPPORTED,
                f"{provider.title} does not take {currency} for this.",
                allowed=[*provider.currencies],
            )
        return found[0]


def _package(points: int, cents: int, dong: int, sgd_cents: int) -> Package:
    prices = (Money(cents, Currency.USD), Money(dong, Currency.VND), Money(sgd_cents, Currency.SGD))
    return Package(f"points-{points}", points, prices)


PACKAGES: Sequence[Package] = (
    _package(100, 999, 249_000, 1_299),
    _package(500, 4_499, 1_119_000, 5_799),
    _package(2_000, 15_999, 3_999_000, 20_699),
)


def named(id_: str | None) -> Package:
    """Return the package of that id.

    Raises
    ------
    StudioError
        PACKAGE_UNKNOWN.
    """
    for package in PACKAGES:
        if package.id == id_:
            return package
    raise StudioError(ErrorType.PACKAGE_UNKNOWN, "There is no package of points with this id.")
