"""Addresses: the world's are taken as they are written, and what a carrier could not use is refused by its field."""

from typing import Any

import pytest

from studio.errors import ErrorType
from studio.orders.address import checked_address, checked_country
from studio.orders.countries import COUNTRIES
from studio.orders.model import Address
from tests.unit.orders.counter import SAIGON, refusal, refused


def given(**changes: Any) -> Any:
    return SAIGON | changes


def test_an_address_is_kept_as_it_is_written_but_for_spaces_and_how_letters_are_composed() -> None:
    asked = given(
        name=" Đặng Thị Hoa ",
        line2=" ",
        city="Ho\u0302\u0300 Chi\u0301 Minh",
        countryCode="vn",
        phone="+84 (28) 38-23.45",
    )
    assert checked_address(asked) == Address(
        "Đặng Thị Hoa", "12 Nguyễn Huệ", "Hồ Chí Minh", "VN", None, None, "700000", "+8428382345"
    )


@pytest.mark.parametrize("name", ["山田太郎", "Zoë O'Brien-Ng", "Łukasz Żółć", "สมชาย ใจดี", "김민준", "Ю. Ким"])
def test_names_in_any_script_are_taken(name: str) -> None:
    assert checked_address(given(name=name)).name == name


@pytest.mark.parametrize("field", ["name", "line1", "line2", "city", "region"])
@pytest.mark.parametrize("text", ["a\nb", "a\x00b", "a\x1b[31mb", "\u202eb", "a\ufffe", "x" * 101])
def test_what_is_no_line_of_a_label_is_refused_by_its_field(field: str, text: str) -> None:
    error = refusal(lambda: checked_address(given(**{field: text})))
    assert error
    assert error.type == ErrorType.ADDRESS_MALFORMED
    assert error.message.startswith(f"An address's {field} ")


@pytest.mark.parametrize("field", ["name", "line1", "city"])
@pytest.mark.parametrize("text", ["", "  ", "\u200b", "\u3164"])
def test_what_a_label_needs_cannot_be_blank(field: str, text: str) -> None:
    error = refusal(lambda: checked_address(given(**{field: text})))
    assert error
    assert field in error.message


@pytest.mark.parametrize("country", COUNTRIES)
def test_every_country_needs_a_postal_code_of_its_own_form(country: str) -> None:
    there: dict[str, Any] = {"countryCode": country, "region": "A state"}
    example = COUNTRIES[country].example
    assert checked_address(given(**there, postalCode=f" {example.lower()} ")).postal_code == example
    for wrong in (None, "", "1", "X" * 13, f"{example}9" * 2, "\uff11\uff10\uff11\uff11\uff15", "12\x00345"):
        error = refusal(lambda wrong=wrong: checked_address(given(**there, postalCode=wrong)))
        assert error, wrong
        assert error.type == ErrorType.ADDRESS_MALFORMED
        assert error.message == f"An address's postalCode is needed in {country}, as in {example}."


@pytest.mark.parametrize("country", ["US", "CA", "AU"])
def test_where_there_are_states_one_is_needed(country: str) -> None:
    there = {"countryCode": country, "postalCode": COUNTRIES[country].example}
    error = refusal(lambda: checked_address(given(**there)))
    assert error
    assert error.message == "An address's region names the state or province there."
    assert checked_address(given(**there, region="Ontario")).region == "Ontario"


@pytest.mark.parametrize("phone", ["0912345678", "+84", "+0123456789", "+1234567890123456", "+84 call me", ""])
def test_a_phone_number_has_its_countrys_code(phone: str) -> None:
    error = refusal(lambda: checked_address(given(phone=phone)))
    assert error
    assert error.message.startswith("An address's phone ")


@pytest.mark.parametrize("country", ["", "V", "VNM", "84", "V1", "Việt Nam", "**"])
def test_a_country_is_two_letters(country: str) -> None:
    assert refused(lambda: checked_country(country)) == ErrorType.ADDRESS_MALFORMED


@pytest.mark.parametrize("country", ["KP", "XX", "HK", "ZZ"])
def test_a_country_that_is_not_served_is_refused(country: str) -> None:
    assert refused(lambda: checked_country(country)) == ErrorType.COUNTRY_NOT_SERVED


def test_an_address_is_not_in_what_logs_show_of_it() -> None:
    shown = repr(checked_address(given(phone="+84912345678", region="Quận 1", line2="Lầu 3")))
    assert shown == "Address(country='VN')"
