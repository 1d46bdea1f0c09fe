"""The act in which an album is ordered: the book and its file, paid, printed, sent and written about."""

from collections.abc import Sequence
from dataclasses import dataclass

from local import console
from local.chromium.find import find as find_chromium
from local.demo.browser import browsing
from local.demo.following import Event
from local.demo.order import BookOrder
from local.demo.pictures import Pictures
from local.demo.user import DemoUser


@dataclass(frozen=True)
class Ordering:
    """One person, and where what they get is kept."""

    user: DemoUser
    pictures: Pictures

    async def play(self, album: str) -> None:
        """Order an album, and say what comes of it."""
        ordering = BookOrder(self.user, album)
        quote = await ordering.quote()
        self._offer(quote)
        self.user.start_clock()
        order = await ordering.place(quote)
        if not find_chromium():
            console.line("Left out, as there is no Chromium: the bank, and what is made and sent after it.", "yellow")
            return
        async with browsing() as page:
            order = await ordering.fulfil(order, page)
            mails = await ordering.mails(order, page)
        for parcel in order["parcels"]:
            console.line(f"On its way: {parcel['carrier']} {parcel['trackingNumber']}", "green")
        console.line("The file, from the order's own link; the printer's page, and the last mail:")
        files = [await self.pictures.keep_file("ordered.pdf", url) for url in await ordering.files(order)]
        self.pictures.name(*files, *self.pictures.keep_views(ordering.views))
        self._mails(mails)

    def _offer(self, quote: Event) -> None:
        for item in quote["items"]:
            self._price(item["kind"], item["unitPrice"], f"{item['pages']} pages" if item["pages"] else "")
        self._price("shipping", quote["shipping"])
        self._price("in all", quote["totalPrice"])
        for warning in quote["warnings"]:
            console.line(warning["message"], "yellow")

    def _price(self, what: str, price: Event, note: str = "") -> None:
        amount = console.styled(f"{price['minor']:>9,} {price['currency']}", "cyan")
        print(f"  {what:<17} {amount}  {console.styled(note, 'dim')}".rstrip(), flush=True)

    def _mails(self, mails: Sequence[Event]) -> None:
        console.line(f"What was written about it, at {self.user.outputs['mailboxUrl']}:")
        for mail in mails:
            print(f"  {mail['tags']['kind']:<17} “{mail['subject']}”", flush=True)
