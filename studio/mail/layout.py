"""The HTML of a mail: no tables, no pictures, nothing fetched; its style stands in its elements.

Programs that know dark mode are told both looks; others show the light one, or turn its colours round as they do.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from studio.mail.model import Fact, Link

_FONT = "font:16px/1.55 -apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,'Noto Sans',Arial,sans-serif"
_PAGE = f"margin:0;padding:24px 12px;background:#f8f6f1;color:#26231f;{_FONT}"
_CARD = "max-width:520px;margin:0 auto;padding:28px;background:#ffffff;border-radius:14px"
_MARK = "margin:0 0 20px;color:#b04e22;font-weight:600"
_HEADING = "margin:0 0 16px;font-size:22px;line-height:1.3"
_PARAGRAPH = "margin:0 0 14px"
_ROW = "margin:0;padding:10px 0;border-top:1px solid #e4ded2;overflow-wrap:anywhere"
_LABEL = "color:#6b655c;font-size:14px"
_FOOT = "max-width:520px;margin:16px auto 0;padding:0 28px;color:#6b655c;font-size:13px"
_DARK = (
    "@media (prefers-color-scheme:dark){.page{background:#1b1a1f!important;color:#f1eee8!important}"
    ".card{background:#26252c!important}.mark,.link{color:#f0a07a!important}.soft{color:#aaa59c!important}"
    ".row{border-color:#3d3b44!important}}"
)


@dataclass(frozen=True)
class Content:
    """What a mail says, in its reader's language; rows are labels, what they say, and what that is of."""

    subject: str
    lang: str
    heading: str
    greeting: str
    paragraphs: Sequence[str]
    rows: Sequence[tuple[str, str, Fact]]
    why: str
    stop: tuple[str, str] | None
    signature: str


def html(content: Content) -> str:
    """Write a mail as HTML; whatever it says is escaped."""
    body = [
        f'<p class="mark" style="{_MARK}">{escape(content.signature)}</p>',
        f'<h1 style="{_HEADING}">{escape(content.heading)}</h1>',
        *(f'<p style="{_PARAGRAPH}">{escape(each)}</p>' for each in (content.greeting, *content.paragraphs)),
        *(_row(*each) for each in content.rows),
    ]
    return (
        f'<!doctype html>\n<html lang="{content.lang}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        '<meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">'
        f"<title>{escape(content.subject)}</title><style>{_DARK}</style></head>\n"
        f'<body class="page" style="{_PAGE}">\n<div class="card" style="{_CARD}">\n'
        + "\n".join(body)
        + f'\n</div>\n<p class="soft" style="{_FOOT}">{escape(content.why)}{_stop(content.stop)}</p>\n</body></html>\n'
    )


def _row(label: str, value: str, fact: Fact) -> str:
    said = _led(fact) if isinstance(fact, Link) else f"<strong>{escape(value)}</strong>"
    return f'<p class="row" style="{_ROW}"><span class="soft" style="{_LABEL}">{escape(label)}</span><br>{said}</p>'


def _led(link: Link) -> str:
    of = f"<strong>{escape(link.of)}</strong><br>" if link.of else ""
    return of + _link(link.url, link.url)


def _stop(stop: tuple[str, str] | None) -> str:
    return f"<br>{_link(stop[1], stop[0])}" if stop else ""


def _link(url: str, label: str) -> str:
    return f'<a class="link" href="{escape(url)}" style="color:#b04e22">{escape(label)}</a>'
