"""Pages that the webhook API shows to people: a card, with its own style and nothing fetched."""

import hashlib
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

STYLE = """
:root { color-scheme: light dark; font: 18px/1.5 system-ui, sans-serif; }
body { display: grid; place-items: center; min-height: 100vh; margin: 0; background: light-dark(#f8f6f1, #1b1a1f); }
main { max-width: 26rem; padding: 2.5rem; margin: 1rem; text-align: center; border-radius: 1rem;
  background: light-dark(#fff, #26252c); box-shadow: 0 1px 3px #0002, 0 8px 24px #0001; }
header { font-weight: 600; color: light-dark(#c45c30, #e98a60); margin-bottom: 1rem; }
h1 { font-size: 1.5rem; margin: 0 0 .5rem; }
p { margin: 0 0 .5rem; }
small { opacity: .6; overflow-wrap: anywhere; }
button, a { display: inline-block; margin: 1rem 0; padding: .7rem 1.4rem; border: 0; border-radius: .6rem;
  font: inherit; font-weight: 600; color: #fff; background: #b04e22; text-decoration: none; cursor: pointer; }
"""
_HASH = b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()


@dataclass(frozen=True)
class Words:
    """A sentence in both languages: whoever opens the page has not said which is theirs."""

    english: str
    vietnamese: str


def headers(*, form: bool = False) -> Mapping[str, str]:
    """Return the headers of a page: no script, no picture, in nobody's frame; a `form` posts to the page itself."""
    to = "'self'" if form else "'none'"
    policy = (
        f"default-src 'none'; style-src 'sha256-{_HASH}'; base-uri 'none'; form-action {to}; frame-ancestors 'none'"
    )
    return {
        "content-type": "text/html; charset=utf-8",
        "content-security-policy": policy,
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
        "cache-control": "no-store",
    }


def page(title: str, body: str) -> str:
    """Return a page; its body is HTML."""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>{escape(title)}</title><style>{STYLE}</style></head>"
        f"<body><main><header>NamO Studio</header>{body}</main></body></html>"
    )


def answer(status: int, title: Words, sentence: Words, button: Words | None = None) -> dict[str, Any]:
    """Return the HTTP API's answer with a page in both languages."""
    form = (
        f'<form method="post"><button>{escape(button.english)}<br><span lang="vi">{escape(button.vietnamese)}</span>'
        "</button></form>"
        if button
        else ""
    )
    body = (
        f"<h1>{escape(title.english)}</h1><p>{escape(sentence.english)}</p>{form}"
        f'<p lang="vi"><strong>{escape(title.vietnamese)}</strong><br>{escape(sentence.vietnamese)}</p>'
    )
    return {"statusCode": status, "headers": dict(headers(form=button is not None)), "body": page(title.english, body)}
