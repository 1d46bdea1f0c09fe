"""What each mail says, to the letter, in both languages; and that nobody writes HTML or headers into one."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from string import Template

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.mail.compose import compose
from studio.mail.model import Link, MailKind
from studio.mail.texts import COMMON, TEXTS
from studio.money import Currency, Money
from studio.people.model import Language, Person
from tests.unit.mail.conftest import ADA, FACTS, LAN, STOP

GOLDEN = Path(__file__).with_name("golden")
READERS = {Language.EN: ADA, Language.VI: LAN}
each_mail = pytest.mark.parametrize(("language", "kind"), [(lang, kind) for lang in Language for kind in MailKind])
HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "$points {points} %s",
    "a\r\nBcc: everybody@example.com",
    "</strong></p></body>",
    "&lt;b&gt;",
]


@each_mail
def test_it_says_what_was_read_and_proofread(language: Language, kind: MailKind) -> None:
    mail = compose(kind, READERS[language], FACTS, STOP)
    golden = GOLDEN / f"{kind.lower()}.{language.lower()}.txt"
    assert f"{mail.subject}\n\n{mail.text}" == golden.read_text(encoding="utf-8")


@each_mail
def test_html_and_text_say_the_same(language: Language, kind: MailKind) -> None:
    mail = compose(kind, READERS[language], FACTS, STOP)
    seen = _Seen()
    seen.feed(mail.html)
    for line in mail.text.replace("-- \n", "").splitlines():
        if not line.startswith(COMMON[language].stop):
            assert spaced(line) in spaced(seen.text) or spaced(line.replace(": ", " ", 1)) in spaced(seen.text)


def spaced(text: str) -> str:
    return " ".join(text.split())


@each_mail
def test_html_is_a_page_of_its_language_without_tables_scripts_or_anything_to_fetch(
    language: Language, kind: MailKind
) -> None:
    html = compose(kind, READERS[language], FACTS, STOP).html
    assert f'<html lang="{language.lower()}">' in html
    assert not re.search(r"<(table|script|img|link)|url\(|@import", html)
    assert '<meta name="color-scheme" content="light dark">' in html


@each_mail
def test_only_a_notice_says_how_to_stop_it_by_one_click(language: Language, kind: MailKind) -> None:
    mail = compose(kind, READERS[language], FACTS, STOP)
    assert (STOP in mail.text) == kind.is_notice
    assert dict(mail.headers) == (
        {"List-Unsubscribe": f"<{STOP}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
        if kind.is_notice
        else {}
    )


def test_every_kind_has_its_text_in_every_language_about_the_same_facts() -> None:
    assert {language: set(texts) for language, texts in TEXTS.items()} == {
        language: set(MailKind) for language in Language
    }
    for kind in MailKind:
        facts = [named(language, kind) for language in Language]
        assert facts[0] == facts[1]
        assert facts[0] <= FACTS.keys()


def named(language: Language, kind: MailKind) -> set[str]:
    text = TEXTS[language][kind]
    parts = [text.subject, text.heading, *text.paragraphs, *(f"${fact}" for _, fact in text.rows)]
    return {name for part in parts for name in Template(part).get_identifiers()}


@each_mail
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_or_fact_stays_text(language: Language, kind: MailKind, name: str) -> None:
    reader = replace(READERS[language], name=name)
    mail = compose(kind, reader, {**FACTS, "payment": name, "provider": name}, STOP)
    plain = compose(kind, READERS[language], FACTS, STOP)
    assert tags(mail.html) == tags(plain.html), "what people write adds no element"
    assert "\n" not in mail.subject
    assert "\r" not in mail.subject


@given(name=st.text(), fact=st.text(max_size=40))
def test_whatever_people_write_is_no_html_and_no_header(name: str, fact: str) -> None:
    for reader in (replace(ADA, name=name), replace(LAN, name=name)):
        mail = compose(MailKind.RECEIPT, reader, {**FACTS, "payment": fact, "amount": fact}, STOP)
        assert tags(mail.html) == tags(compose(MailKind.RECEIPT, reader, FACTS, STOP).html)
        assert mail.subject.isprintable() or not re.search(r"[\x00-\x1f\x7f-\x9f]", mail.subject)


def test_a_title_ends_where_it_is_to() -> None:
    assert "</title><script>" not in compose(MailKind.RECEIPT, ADA, {**FACTS, "amount": "</title><script>"}, STOP).html


def test_a_link_is_one_and_its_address_is_escaped() -> None:
    text = TEXTS[Language.EN][MailKind.RECEIPT]
    mail = compose(MailKind.RECEIPT, ADA, {**FACTS, "payment": Link('https://x.example/?a=1&b="2"')}, STOP)
    assert text.rows[-1] == ("Payment number", "payment")
    assert 'href="https://x.example/?a=1&amp;b=&quot;2&quot;"' in mail.html


def test_what_is_not_known_is_left_out() -> None:
    known = {name: fact for name, fact in FACTS.items() if name not in {"points", "taken", "returned"}}
    assert "points" not in compose(MailKind.RECEIPT, ADA, known, STOP).text
    refund = compose(MailKind.PAYMENT_REFUNDED, ADA, known, STOP)
    assert refund.subject == "Your refund"
    assert "$" not in refund.text


@pytest.mark.parametrize("name", [None, "", " ", "a\nb", "a\u202eb"])
def test_who_has_no_name_that_can_be_written_is_greeted_without(name: str | None) -> None:
    reader: Person = replace(ADA, name=name)
    assert compose(MailKind.RECEIPT, reader, FACTS, STOP).text.startswith("Hello,\n")


def test_the_same_facts_make_the_same_mail() -> None:
    facts = {**FACTS, "amount": Money(1, Currency.USD)}
    assert compose(MailKind.RECEIPT, ADA, facts, STOP) == compose(MailKind.RECEIPT, ADA, dict(facts), STOP)


class _Seen(HTMLParser):
    """What is shown of a page, and its elements."""

    def __init__(self) -> None:
        super().__init__()
        self.text = ""
        self.tags: list[tuple[str, tuple[str, ...]]] = []
        self._style = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, tuple(name for name, _ in attrs)))
        self._style = tag == "style"

    def handle_endtag(self, tag: str) -> None:
        del tag
        self._style = False

    def handle_data(self, data: str) -> None:
        self.text += "" if self._style else f" {data}"


def tags(html: str) -> list[tuple[str, tuple[str, ...]]]:
    seen = _Seen()
    seen.feed(html)
    return seen.tags
