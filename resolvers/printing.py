"""The printer, as both functions that take orders further have it: at once by the table's stream, and by the clock."""

from datetime import datetime, timedelta
from typing import Final

import urllib3

from studio.media.links import Links
from studio.printing.advance import Printing
from studio.printing.prodigi.api import Api
from studio.printing.prodigi.provider import Prodigi
from studio.printing.submission import PrintFile
from studio.printing.table import PrintOrders
from studio.secrets import Secret
from studio.settings import printing as settings

# At least. The printer fetches a file when it prints it, which may be after its pause window.
_LINK_SECONDS: Final = int(timedelta(days=7).total_seconds())


def printing(config: settings.Printing) -> Printing:
    """Return the use case with its printer."""
    links = Links(config.downloads_url, Secret(config.downloads_secret).text)
    api = Api(Secret(config.printer_secret), config.printer_url, urllib3.PoolManager())

    def sign(file: PrintFile, now: datetime) -> str:
        return links.link(file, _LINK_SECONDS, now).url

    return Printing(PrintOrders(config.print_orders_table), Prodigi(api, config.printer_callback_url), sign)
