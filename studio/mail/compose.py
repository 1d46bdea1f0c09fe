"""A mail from its kind, its reader and its facts: the same ones make the same mail."""

import re
from collections.abc import Mapping, Sequence
from string import Template

from studio.mail.layout import Content, html
from studio.mail.model import Facts, MailKind, Message
from studio.mail.texts import COMMON, TEXTS
from studio.mail.texts.text import Text
from studio.mail.wording import written
from studio.people.model import Person
from studio.people.names import name_or_none

_SIGNATURE = "NamO Studio"


def compose(kind: MailKind, person: Person, facts: Facts, unsubscribe_url: str) -> Message:
    """Write a mail in its reader's language; `unsubscribe_url` is where they stop notices."""
    text, common = TEXTS[person.language][kind], COMMON[person.language]
    known = {name: written(fact, person.language) for name, fact in facts.items()}
    name = name_or_none(person.name)
    content = Content(
        subject=_line(next(iter(_paragraphs((text.subject, text.heading), known)))),
        lang=common.lang,
        heading=text.heading,
        greeting=_filled(common.greeting_of, {"name": name}) if name else common.greeting,
        paragraphs=_paragraphs((*_reason(text, known), *text.paragraphs), known),
        rows=[(label, known[name], facts[name]) for label, fact in text.rows for name in _all(fact, facts)],
        why=common.why_notice if kind.is_notice else common.why,
        stop=(common.stop, unsubscribe_url) if kind.is_notice else None,
        signature=_SIGNATURE,
    )
    return Message(content.subject, _plain(content), html(content), _headers(unsubscribe_url) if kind.is_notice else {})


def _paragraphs(paragraphs: Sequence[str], known: Mapping[str, str]) -> list[str]:
    return [_filled(each, known) for each in paragraphs if {*Template(each).get_identifiers()} <= known.keys()]


def _reason(text: Text, known: Mapping[str, str]) -> list[str]:
    reason = text.reasons.get(known.get("reason", ""))
    return [reason] if reason else []


def _all(fact: str, facts: Facts) -> list[str]:
    """Return the names of every fact of one name."""
    return [name for name in facts if name.partition("#")[0] == fact]


def _filled(text: str, known: Mapping[str, str]) -> str:
    return Template(text).substitute(known)


def _line(text: str) -> str:
    """Return a text on one line: a header has no other."""
    return re.sub("[\x00-\x20\x7f-\x9f\u2028\u2029]+", " ", text).strip()


def _headers(unsubscribe_url: str) -> dict[str, str]:
    """Let a mail program stop notices by one click (RFC 8058)."""
    return {"List-Unsubscribe": f"<{unsubscribe_url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def _plain(content: Content) -> str:
    parts = [content.greeting, *content.paragraphs, "\n".join(f"{label}: {value}" for label, value, _ in content.rows)]
    end = [content.why, *([f"{content.stop[0]}: {content.stop[1]}"] if content.stop else [])]
    return "\n\n".join([*filter(None, parts), content.signature, "-- \n" + "\n".join(end)]) + "\n"
