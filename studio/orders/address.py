"""Where parcels go, checked as far as can be without asking anybody."""

import re
from typing import TYPE_CHECKING, Final

from studio import text
from studio.errors import ErrorType, StudioError
from studio.orders.countries import COUNTRIES, Country
from studio.orders.model import Address

if TYPE_CHECKING:
    from studio.inputs import AddressInput

MAX_LINE: Final = 100
MAX_POSTAL_CODE: Final = 12
_COUNTRY = re.compile(r"[A-Z]{2}")
# E.164: without a country's code AppSync takes a number for an American one.
_PHONE = re.compile(r"\+[1-9][0-9]{6,14}")
_BETWEEN_DIGITS = re.compile(r"[ ().-]")


def checked_address(given: "AddressInput") -> Address:
    """Check an address, and write it as it is printed on a parcel.

    Raises
    ------
    StudioError
        ADDRESS_MALFORMED, COUNTRY_NOT_SERVED.
    """
    code = checked_country(given["countryCode"])
    return Address(
        name=_line(given["name"], "name"),
        line1=_line(given["line1"], "line1"),
        line2=_line_or_none(given.get("line2"), "line2"),
        city=_line(given["city"], "city"),
        region=_region(given.get("region"), COUNTRIES[code]),
        postal_code=_postal_code(given.get("postalCode"), code),
        country=code,
        phone=_phone(given.get("phone")),
    )


def checked_country(code: str) -> str:
    """Return the code of a country that we send to.

    Raises
    ------
    StudioError
        ADDRESS_MALFORMED, COUNTRY_NOT_SERVED.
    """
    written = code.strip().upper()
    if not _COUNTRY.fullmatch(written):
        raise _malformed("countryCode", "has two letters, as in VN")
    if written not in COUNTRIES:
        raise StudioError(ErrorType.COUNTRY_NOT_SERVED, "We do not send parcels to this country.")
    return written


def _line(given: str, field: str) -> str:
    line = text.composed(given.strip())
    if flaw := text.flaw_of_name(line, MAX_LINE):
        raise _malformed(field, flaw)
    return line


def _line_or_none(given: str | None, field: str) -> str | None:
    return None if given is None or text.is_blank(given) else _line(given, field)


def _region(given: str | None, country: Country) -> str | None:
    region = _line_or_none(given, "region")
    if region is None and country.has_regions:
        raise _malformed("region", "names the state or province there")
    return region


def _postal_code(given: str | None, country: str) -> str:
    code, rule = " ".join((given or "").upper().split()), COUNTRIES[country]
    if len(code) > MAX_POSTAL_CODE or not rule.postal.fullmatch(code):
        raise _malformed("postalCode", f"is needed in {country}, as in {rule.example}")
    return code


def _phone(given: str | None) -> str | None:
    if given is None:
        return None
    phone = _BETWEEN_DIGITS.sub("", given)
    if not _PHONE.fullmatch(phone):
        raise _malformed("phone", "begins with + and the country's code, and has 7 to 15 digits")
    return phone


def _malformed(field: str, flaw: str) -> StudioError:
    return StudioError(ErrorType.ADDRESS_MALFORMED, f"An address's {field} {flaw}.")
