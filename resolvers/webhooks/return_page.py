"""The page that a payer comes back to where a frontend has none of its own. It shows, and changes nothing."""

import hashlib
from base64 import b64encode
from collections.abc import Mapping
from html import escape

from studio.payments.notice import Result
from studio.payments.providers.protocol import PayerReturn

_STYLE = """
:root { color-scheme: light dark; font: 18px/1.5 system-ui, sans-serif; }
body { display: grid; place-items: center; min-height: 100vh; margin: 0; background: light-dark(#f8f6f1, #1b1a1f); }
main { max-width: 26rem; padding: 2.5rem; margin: 1rem; text-align: center; border-radius: 1rem;
  background: light-dark(#fff, #26252c); box-shadow: 0 1px 3px #0002, 0 8px 24px #0001; }
header { font-weight: 600; color: light-dark(#c45c30, #e98a60); margin-bottom: 1rem; }
h1 { font-size: 1.5rem; margin: 0 0 .5rem; }
p { margin: 0 0 .5rem; }
small { opacity: .6; overflow-wrap: anywhere; }
"""
_HASH = b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
# Its own style alone: no script, no picture, no form, and in nobody's frame.
CONTENT_SECURITY_POLICY = (
    f"default-src 'none'; style-src 'sha256-{_HASH}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

# Of what nobody signed nothing is believed, neither that it was paid nor that it was canceled.
_NEUTRAL = "You can close this page", "If you have paid, your points arrive as soon as we are told."
_SIGNED: Mapping[Result | None, tuple[str, str]] = {
    Result.PAID: ("The bank has your payment", "Your points arrive as soon as it has told us too."),
    Result.FAILED: (
        "No payment was made",
        "The bank says that it took nothing. You can close this page and try again.",
    ),
}


def page(back: PayerReturn | None) -> str:
    """Return the page; `back` is what the provider signed: of what it did not, nothing is said."""
    title, sentence = _SIGNED.get(back.result if back else None, _NEUTRAL)
    reference = f"<p><small>{escape(back.reference)}</small></p>" if back else ""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>{title}</title><style>{_STYLE}</style></head>"
        f"<body><main><header>NamO Studio</header><h1>{title}</h1><p>{sentence}</p>{reference}</main></body></html>"
    )
