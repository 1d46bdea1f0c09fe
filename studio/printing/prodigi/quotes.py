"""What Prodigi answers to a quote's request (https://www.prodigi.com/print-api/docs/reference/#quote-object).

Beside what is documented, `costSummary` has `totalTax`, as clients have recorded.
"""

from studio.printing.cost import Cost
from studio.printing.prodigi.requests import METHODS
from studio.printing.prodigi.values import Values, cost, part, parts, state
from studio.printing.protocol import AnswerNotUnderstoodError
from studio.printing.request import Quote

_METHODS = {name.lower(): method for method, name in METHODS.items()}


def read(body: Values, currency: str) -> tuple[Quote, ...]:
    """Return the quotes in the currency that was asked for; a shipping method that we do not know is left out."""
    quotes = [each for each in parts(body, "quotes") if state(each, "shipmentMethod") in _METHODS]
    return tuple(_quote(each, currency) for each in quotes)


def _quote(quote: Values, currency: str) -> Quote:
    summary = part(quote, "costSummary")
    tax = cost(summary, "totalTax") if summary.get("totalTax") is not None else Cost(0, currency)
    goods, shipping = cost(summary, "items"), cost(summary, "shipping")
    for each in (goods, shipping, tax):
        if each.currency != currency or each.minor < 0:
            raise AnswerNotUnderstoodError("costSummary is in another currency, or less than nothing")
    return Quote(_METHODS[state(quote, "shipmentMethod")], goods, shipping, tax, len(parts(quote, "shipments")))
