"""Prodigi, as a printer of the studio's."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from studio.printing.model import PrintOrder
from studio.printing.prodigi import orders, quotes, requests
from studio.printing.prodigi.api import Answer, Api
from studio.printing.prodigi.failures import refusal
from studio.printing.prodigi.values import Values, found_text, is_order_id, part, parts, text
from studio.printing.protocol import AnswerNotUnderstoodError, PrintRefusedError, Refusal
from studio.printing.request import PrintAction, PrintRequest, Quote, QuoteItem

_QUOTED = frozenset({"created", "createdwithissues", "ok"})
_PLACED = frozenset({"created", "createdwithissues", "onhold", "alreadyexists"})
_TRIED = frozenset({"cancelled", "failedtocancel", "actionnotavailable"})
_ACTIONS = {
    "cancel": PrintAction.CANCEL,
    "changeRecipientDetails": PrintAction.CHANGE_RECIPIENT,
    "changeShippingMethod": PrintAction.CHANGE_SHIPPING,
}


@dataclass(frozen=True)
class Prodigi:
    """Orders of one account at Prodigi; `callback_url` is where it tells of their changes."""

    api: Api
    callback_url: str | None = None

    def quote(self, items: Sequence[QuoteItem], country: str, currency: str) -> tuple[Quote, ...]:
        answer = self.api.post("/quotes", requests.quote(items, country, currency))
        return quotes.read(_agreed(answer, _QUOTED), currency)

    def submit(self, request: PrintRequest) -> str:
        """Place an order.

        Prodigi remembers idempotency keys for ever and answers `alreadyExists` with the order of that key, whatever it
        is asked for now; so the order it answers is compared with ours.
        """
        body = _agreed(self.api.post("/orders", requests.order(request, self.callback_url)), _PLACED)
        order = part(body, "order") or {"id": body.get("id")}
        id_ = orders.order_id(order)
        if not _is_of(order, request):
            raise PrintRefusedError(Refusal.KEY_REUSED, [f"idempotencyKey: is of {id_}"])
        return id_

    def find(self, id_: str) -> PrintOrder | None:
        """Return an order; one in its pause window is not shown yet."""
        answer = self.api.get(f"/orders/{_checked(id_)}")
        return None if answer.is_unknown else _order(_agreed(answer, {"ok"}), id_)

    def actions(self, id_: str) -> frozenset[PrintAction]:
        body = _agreed(self.api.get(f"/orders/{_checked(id_)}/actions"), {"ok"})
        return frozenset(action for name, action in _ACTIONS.items() if part(body, name).get("isAvailable") == "Yes")

    def cancel(self, id_: str) -> PrintOrder:
        """Try to cancel an order.

        All of it may be canceled, or some of its parcels alone, and the answer to a first attempt may have been lost:
        only the order says what came of it.
        """
        _agreed(self.api.post(f"/orders/{_checked(id_)}/actions/cancel", {}), _TRIED)
        order = self.find(id_)
        if order is None:
            raise AnswerNotUnderstoodError("an order that was to be canceled is gone")
        return order


def _checked(id_: str) -> str:
    if not is_order_id(id_):
        raise ValueError("no id of an order at Prodigi")
    return id_


def _agreed(answer: Answer, outcomes: Iterable[str]) -> Values:
    """Return what was answered with one of these outcomes."""
    if answer.is_unknown:
        raise PrintRefusedError(Refusal.UNKNOWN_ORDER)
    if answer.is_refusal:
        raise refusal(answer.body)
    if answer.outcome not in outcomes:
        raise AnswerNotUnderstoodError("the outcome is none that is known of this request")
    return answer.body


def _order(body: Values, id_: str) -> PrintOrder:
    order = orders.read(part(body, "order"))
    if order.id != id_:
        raise AnswerNotUnderstoodError("the order is another one than was asked for")
    return order


def _is_of(order: Values, request: PrintRequest) -> bool:
    """Tell whether an order is the one that was asked for, as far as it is shown: on hold, only its id is."""
    reference, items = found_text(order, "merchantReference"), parts(order, "items")
    if reference is not None and reference != request.reference:
        return False
    if not items:
        return True
    asked = Counter((item.product.sku.upper(), item.copies) for item in request.items)
    files = {md5.lower() for item in items for asset in parts(item, "assets") if (md5 := found_text(asset, "md5Hash"))}
    same = Counter((text(item, "sku").upper(), item.get("copies")) for item in items) == asked
    return same and files <= {item.md5.lower() for item in request.items}
