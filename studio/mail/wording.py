"""Amounts, numbers and times as each language writes them (Unicode's CLDR)."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta, timezone

from studio.mail.model import Fact, Link
from studio.money import Currency, Money
from studio.people.model import Language

_NBSP = "\u00a0"
_EN = {Currency.USD: "${}", Currency.VND: "₫{}", Currency.SGD: f"SGD{_NBSP}{{}}"}
_VI = {Currency.USD: f"{{}}{_NBSP}US$", Currency.VND: f"{{}}{_NBSP}₫", Currency.SGD: f"{{}}{_NBSP}SGD"}
_PATTERNS: Mapping[Language, Mapping[Currency, str]] = {Language.EN: _EN, Language.VI: _VI}
_IN_VIETNAMESE = str.maketrans(",.", ".,")
_VIETNAM = timezone(timedelta(hours=7))
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)


def written(fact: Fact, language: Language) -> str:
    """Write a fact as people who read this language do."""
    match fact:
        case Money():
            return money(fact, language)
        case datetime():
            return _MOMENTS[language](fact)
        case Link(url=url, of=of):
            return f"{of} {url}" if of else url
        case int():
            return number(fact, language)
        case str():
            return fact


def money(amount: Money, language: Language) -> str:
    """Write an amount to its smallest unit."""
    digits, minor = amount.currency.digits, abs(amount.minor)
    whole, rest = divmod(minor, 10**digits)
    text = f"{whole:,}" + (f".{rest:0{digits}}" if digits else "")
    sign = "-" if amount.minor < 0 else ""
    return sign + _PATTERNS[language][amount.currency].format(_spelt(text, language))


def number(value: int, language: Language) -> str:
    return _spelt(f"{value:,}", language)


def _spelt(text: str, language: Language) -> str:
    return text.translate(_IN_VIETNAMESE) if language == Language.VI else text


def _english(moment: datetime) -> str:
    return f"{moment.day} {_MONTHS[moment.month - 1]} {moment.year}, {moment:%H:%M} UTC"


def _vietnamese(moment: datetime) -> str:
    here = moment.astimezone(_VIETNAM)
    return f"{here:%H:%M} ngày {here.day}/{here.month}/{here.year} (giờ Việt Nam)"


_MOMENTS: Mapping[Language, Callable[[datetime], str]] = {Language.EN: _english, Language.VI: _vietnamese}
