"""The settings of functions of the printer."""

from studio.settings.media import Signing


class Printing(Signing):
    """Settings of what takes orders further at the printer.

    `printer_secret` holds {apiKey}; at `printer_url` is its API, at `printer_callback_url` it tells us of changes.
    """

    print_orders_table: str
    printer_url: str
    printer_secret: str
    printer_callback_url: str


class PrinterCallbacks:
    """Settings of the function that the printer calls: it has no key of the printer's."""

    print_orders_table: str
