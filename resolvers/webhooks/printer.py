"""The printer's callbacks, which nobody signs: one only has an order of ours looked at again.

What is not ours is answered alike, and forgotten. Nothing of a callback is logged but the id that it names.
"""

from typing import Any

from aws_lambda_powertools.logging import Logger

from resolvers.webhooks.http import Answer, Event, body_of, json_answer
from studio.clock import now
from studio.printing.prodigi.callback import order_of
from studio.printing.table import PrintOrders
from studio.settings import printing as settings
from studio.settings.environment import read_settings

log = Logger()
config = read_settings(settings.PrinterCallbacks)
_orders = PrintOrders(config.print_orders_table)


def handler(event: Event, _context: Any) -> Answer:
    """Answer a request to the HTTP API."""
    printer_id = order_of(body_of(event))
    if printer_id is None:
        return json_answer(400, {"message": "Bad Request"})
    id_ = _orders.by_printer_id(printer_id)
    woken = id_ is not None and _orders.look_again(id_, now())
    log.info("callback heard", extra={"printer_id": printer_id, "order": id_, "woken": woken})
    return json_answer(200, {})
