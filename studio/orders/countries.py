"""Where printed things are sent: data.

These are the countries that the local printer serves, but for Hong Kong, which has no postal codes: Prodigi wants one
of every address. The forms of postal codes are those that the countries' posts publish, as the Universal Postal Union
collects them (https://www.upu.int/en/postal-solutions/programmes-services/addressing-solutions).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from studio.orders.price_list import Zone


@dataclass(frozen=True)
class Country:
    """What an address there has: `postal` is the form of its postal codes, with an example of one.

    `has_regions` says whether it names a state or a province.
    """

    zone: Zone
    postal: re.Pattern[str]
    example: str
    has_regions: bool = False


def _country(zone: Zone, postal: str, example: str, *, has_regions: bool = False) -> Country:
    return Country(zone, re.compile(postal), example, has_regions)


def _digits(zone: Zone, count: int, example: str, *, has_regions: bool = False) -> Country:
    return _country(zone, f"[0-9]{{{count}}}", example, has_regions=has_regions)


COUNTRIES: Final[Mapping[str, Country]] = {
    # Since 2018 codes have five digits there; those before had six, and both are written.
    "VN": _country(Zone.NEAR, "[0-9]{5,6}", "100000"),
    "SG": _digits(Zone.NEAR, 6, "238801"),
    "TH": _digits(Zone.NEAR, 5, "10110"),
    "JP": _country(Zone.PACIFIC, "[0-9]{3}-?[0-9]{4}", "100-0001"),
    "KR": _digits(Zone.PACIFIC, 5, "04524"),
    "AU": _digits(Zone.PACIFIC, 4, "2000", has_regions=True),
    "NZ": _digits(Zone.PACIFIC, 4, "6011"),
    "US": _country(Zone.AMERICA, "[0-9]{5}(-[0-9]{4})?", "10001", has_regions=True),
    "CA": _country(Zone.AMERICA, "[A-Z][0-9][A-Z] ?[0-9][A-Z][0-9]", "K1A 0B1", has_regions=True),
    "GB": _country(Zone.EUROPE, "[A-Z]{1,2}[0-9][A-Z0-9]? ?[0-9][A-Z]{2}", "SW1A 1AA"),
    "IE": _country(Zone.EUROPE, "[A-Z][0-9][0-9W] ?[A-Z0-9]{4}", "D02 AF30"),
    "DE": _digits(Zone.EUROPE, 5, "10115"),
    "FR": _digits(Zone.EUROPE, 5, "75001"),
    "ES": _digits(Zone.EUROPE, 5, "28001"),
    "IT": _digits(Zone.EUROPE, 5, "00118"),
    "NL": _country(Zone.EUROPE, "[0-9]{4} ?[A-Z]{2}", "1012 JS"),
    "PL": _country(Zone.EUROPE, "[0-9]{2}-[0-9]{3}", "00-001"),
    "CH": _digits(Zone.EUROPE, 4, "8001"),
}
