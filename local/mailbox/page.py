"""The mailbox's page: templates whose values are escaped."""

from collections.abc import Sequence
from functools import cache
from html import escape
from pathlib import Path
from string import Template
from typing import Final

from local.mailbox.mails import Mail

FOLDER: Final = Path(__file__).with_name("pages")
SAID: Final = {"bounce": "bounced", "soft-bounce": "mailbox full", "complain": "complained"}


class Safe(str):
    """Text that is HTML already."""

    __slots__ = ()


@cache
def _template(name: str) -> Template:
    return Template((FOLDER / name).read_text())


def fill(name: str, /, **values: object) -> Safe:
    """Fill a template of the folder `pages`; what is not Safe is escaped."""
    escaped = {key: value if isinstance(value, Safe) else escape(str(value)) for key, value in values.items()}
    return Safe(_template(name).substitute(escaped))


def page(mails: Sequence[Mail], chosen: Mail | None, said: Sequence[str]) -> Safe:
    """Return the list, and one mail opened."""
    items = [_item(mail, chosen) for mail in mails]
    return fill(
        "page.html",
        style=Safe((FOLDER / "style.css").read_text()),
        count=len(mails),
        items=Safe("".join(items) or '<li class="empty">No mail yet.</li>'),
        opened=_opened(chosen, said) if chosen else "",
    )


def _item(mail: Mail, chosen: Mail | None) -> Safe:
    current = Safe(' aria-current="true"') if chosen and mail["id"] == chosen["id"] else Safe("")
    to = ", ".join(mail["to"])
    return fill("item.html", id=mail["id"], subject=mail["subject"], to=to, at=mail["at"][11:19], current=current)


def _opened(mail: Mail, said: Sequence[str]) -> Safe:
    about = {"From": mail["from"], "To": ", ".join(mail["to"]), **mail["headers"]}
    rows = [fill("header.html", name=name, value=value) for name, value in about.items()]
    return fill(
        "mail.html",
        id=mail["id"],
        subject=mail["subject"],
        kind=mail["tags"].get("kind", "COGNITO"),
        headers=Safe("".join(rows)),
        said=" · ".join(SAID[action] for action in said),
        body=fill("frame.html", id=mail["id"]) if mail["html"] else "",
        text=mail["text"],
    )


def framed(html: str) -> str:
    """Return a mail's HTML for its frame, which may not lead the page elsewhere: links open beside it."""
    base = '<base target="_blank">'
    return html.replace("<head>", f"<head>{base}", 1) if "<head>" in html else f"{base}{html}"
