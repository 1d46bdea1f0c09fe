"""The mailbox's page."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from local.mailbox.mails import Mail
from local.pages import Safe, Templates, frame, join

NOTE: Final = "A local stand-in for everybody's mailbox: nothing leaves this machine"
SAID: Final = {"bounce": "bounced", "soft-bounce": "mailbox full", "complain": "complained"}
fill = Templates(Path(__file__).with_name("pages")).fill


def page(mails: Sequence[Mail], chosen: Mail | None, said: Sequence[str]) -> Safe:
    """Return the list, and one mail opened."""
    items = [_item(mail, chosen) for mail in mails]
    body = fill(
        "page.html",
        count=len(mails),
        items=join(items) or Safe('<li class="empty">No mail yet.</li>'),
        opened=_opened(chosen, said) if chosen else "",
    )
    return frame("The mailbox", NOTE, body, look="mailbox")


def _item(mail: Mail, chosen: Mail | None) -> Safe:
    current = Safe(' aria-current="true"') if chosen and mail["id"] == chosen["id"] else Safe("")
    to = ", ".join(mail["to"])
    return fill("item.html", id=mail["id"], subject=mail["subject"], to=to, at=mail["at"][11:19], current=current)


def _opened(mail: Mail, said: Sequence[str]) -> Safe:
    about = {"From": mail["from"], "To": ", ".join(mail["to"])}
    return fill(
        "mail.html",
        id=mail["id"],
        subject=mail["subject"],
        kind=mail["tags"].get("kind", "COGNITO"),
        about=_rows(about),
        headers=fill("headers.html", rows=_rows(mail["headers"])) if mail["headers"] else "",
        said=" · ".join(SAID[action] for action in said),
        body=fill("frame.html", id=mail["id"]) if mail["html"] else "",
        text=mail["text"],
        text_open=Safe("" if mail["html"] else " open"),
    )


def _rows(values: dict[str, str]) -> Safe:
    return join([fill("header.html", name=name, value=value) for name, value in values.items()])


def framed(html: str) -> str:
    """Return a mail's HTML for its frame, which may not lead the page elsewhere: links open beside it."""
    base = '<base target="_blank">'
    return html.replace("<head>", f"<head>{base}", 1) if "<head>" in html else f"{base}{html}"
