"""The page that a payer comes back to where a frontend has none of its own. It shows, and changes nothing."""

from collections.abc import Mapping
from html import escape

from resolvers.webhooks.page import page
from studio.payments.notice import Result
from studio.payments.providers.protocol import PayerReturn

# Of what nobody signed nothing is believed, neither that it was paid nor that it was canceled.
_NEUTRAL = "You can close this page", "If you have paid, your points arrive as soon as we are told."
_SIGNED: Mapping[Result | None, tuple[str, str]] = {
    Result.PAID: ("The bank has your payment", "Your points arrive as soon as it has told us too."),
    Result.FAILED: (
        "No payment was made",
        "The bank says that it took nothing. You can close this page and try again.",
    ),
}


def return_page(back: PayerReturn | None) -> str:
    """Return the page; `back` is what the provider signed: of what it did not, nothing is said."""
    title, sentence = _SIGNED.get(back.result if back else None, _NEUTRAL)
    reference = f"<p><small>{escape(back.reference)}</small></p>" if back else ""
    return page(title, f"<h1>{title}</h1><p>{sentence}</p>{reference}")
