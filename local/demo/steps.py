"""The demo, step by step."""

import asyncio
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from local import console, documents
from local.chromium.find import find as find_chromium
from local.demo import requests, samples
from local.demo.albums import Albums
from local.demo.browser import browsing
from local.demo.ordering import Ordering
from local.demo.patience import DemoError
from local.demo.pictures import FOLDER, Pictures
from local.demo.purchase import Purchase
from local.demo.user import DemoRequest, DemoUser, File, Job
from local.ministack import ROOT

_OF_ADMIN = {requests.ADMINS_MODEL, "edit-night"}
_UNUSABLE = {"UNAVAILABLE", "RETIRED"}
# More than the demo costs each of them.
_USER_NEEDS, _ADMIN_NEEDS = 20, 5
_PACKAGE = {"packageId": "points-100"}


@dataclass
class Demo:
    """A user and an administrator, and what they have made."""

    user: DemoUser
    admin: DemoUser
    pictures: Pictures = field(default_factory=Pictures)
    jobs: dict[str, Job] = field(default_factory=dict[str, Job])
    _models_here: list[str] = field(default_factory=list[str])
    _known: int = 0

    async def all(self) -> None:
        await self.sign_in()
        await self.generate()
        ids = await self._uploads()
        await self._changes(ids)
        await self._refusal()
        await self._ledger()
        self._sheet()
        album = await self._albums(ids)
        await self._order(album)
        await self._purchase()

    # ---- steps

    async def sign_in(self) -> None:
        """Say who is there; in a studio that has been used, they may have too few points left for all of it."""
        await self._supply(self.user, _USER_NEEDS)
        await self._supply(self.admin, _ADMIN_NEEDS)
        me = (await self.user.ask(documents.ME))["me"]
        console.line(f"Signed in as {me['email']} through Cognito: {me['points']} points.", "cyan")
        self._known = len(await self._entries())

    async def _supply(self, user: DemoUser, needed: int) -> None:
        me = (await user.ask(documents.ME))["me"]
        if me["points"] < needed:
            console.line(f"{me['email']} has {me['points']} points left, too few: more are bought first.", "yellow")
            await Purchase(user, _PACKAGE).make(None)

    async def generate(self) -> None:
        self._begin("1  A picture from each model")
        listed = (await self.admin.ask(documents.MODELS))["models"]  # who sees those for administrators, too
        states = {model["id"]: model["state"] for model in listed}
        models = self._models_here = [model for model in requests.PROMPTS if states[model] not in _UNUSABLE]
        prices = await asyncio.gather(*(self._price(model) for model in models))
        for model, price in zip(models, prices, strict=True):
            print(f"  {model:<17} {console.styled(f'{price:<13}', 'cyan')} “{requests.PROMPTS[model]}”")
        for model in requests.PROMPTS.keys() - set(models):
            console.line(f"{model} is left out: the studio says that it is {states[model]}.", "yellow")
        self._start_clocks()
        await asyncio.gather(*(self._made(self._user(model), requests.generation(model)) for model in models))

    async def _uploads(self) -> Mapping[str, str]:
        """Bring a photo, a texture and a mask; their ids by name."""
        self._begin("2  A photo, a texture and a mask of one's own")
        photo, texture = await asyncio.gather(asyncio.to_thread(samples.photo), asyncio.to_thread(samples.texture))
        mask = samples.mask("mask.png", samples.PHOTO_SIZE, (0.56, 0.06, 0.86, 0.46))
        self._start_clocks()
        sent = await asyncio.gather(*(self._sent(self.user, file) for file in (photo, texture, mask)))
        await self.pictures.keep_sizes("photo", sent[0][1])
        return dict(zip(("photo", "pattern", "mask"), (id_ for id_, _ in sent), strict=True))

    async def _changes(self, ids: Mapping[str, str]) -> None:
        self._begin("3  Changes: inside a mask, from elsewhere, in another material, cut out, anew, larger, wider")
        oval = samples.mask("night-mask.png", (1024, 1024), (0.08, 0.06, 0.42, 0.40))
        night, _ = await self._sent(self.admin, oval)
        again = {"image": self.jobs[requests.ADMINS_MODEL]["id"], "mask": night}
        theirs = requests.edit("edit-night", requests.ADMINS_MODEL, "A balloon at night, stars", again)
        mine = requests.changes(ids["photo"], ids["mask"], ids["pattern"])
        await asyncio.gather(*(self._made(self.user, request) for request in mine), self._made(self.admin, theirs))
        self._compare("photo", "edit", "mask")
        self._compare(requests.ADMINS_MODEL, "edit-night", "night-mask")

    async def _refusal(self) -> None:
        self._begin("4  One that the provider refuses")
        failed = await self._made(self.user, requests.REFUSED, expected="FAILED")
        console.line(f"{failed['errorMessage']}", "red")
        console.line(f"Points back by themselves: {failed['charge']['refundedPoints']}.", "green")

    async def _ledger(self) -> None:
        self._begin("5  The ledger")
        entries = await self._entries()
        names = {job["id"]: name for name, job in self.jobs.items()}
        for entry in reversed(entries[: len(entries) - self._known]):
            style = "green" if entry["points"] > 0 else "yellow"
            points = console.styled(f"{entry['points']:+5d}", style)
            what = f"{names.get(entry['jobId'], '')}  {entry['note'] or ''}".strip()
            note = console.styled(textwrap.shorten(what, width=console.width() - 28, placeholder=" …"), "dim")
            print(f"  {entry['reason']:<9} {points}  → {entry['balance']:4d}   {note}")
        me = (await self.user.ask(documents.ME))["me"]
        total = sum(entry["points"] for entry in entries)
        console.line(f"Balance {me['points']}, sum of the entries {total}.", "bold")

    def _sheet(self) -> None:
        self._begin("6  The pictures")
        path = self.pictures.contact(self._models_here)
        console.line(f"{len(self.pictures.by_name)} files from their signed links, and all of them on one sheet:")
        print(f"  {FOLDER.relative_to(ROOT)}/")
        self.pictures.name(path)

    async def _albums(self, ids: Mapping[str, str]) -> str:
        """Make a collage and an album; the album's id."""
        self._begin("7  The photo booth: a collage and a book")
        made = [job["id"] for name, job in self.jobs.items() if job["image"] and name not in _OF_ADMIN]
        albums = Albums(self.user, [ids["photo"], *made][:6])
        collage = await albums.collage()
        path = await self.pictures.keep("collage", collage["output"]["original"])
        self._start_clocks()
        album = await albums.album()
        book = await self.pictures.keep_file("album.pdf", album["pdf"]["url"])
        console.line("In print size, and with bleed for a printer:")
        self.pictures.name(path, book)
        return album["id"]

    async def _order(self, album: str) -> None:
        self._begin("8  The photo booth: the book ordered, printed and sent")
        await Ordering(self.user, self.pictures).play(album)

    async def _purchase(self) -> None:
        self._begin("9  Points from the bank")
        if not find_chromium():
            console.line("Left out: there is no Chromium.", "yellow")
            return
        purchase = Purchase(self.user, _PACKAGE)
        async with browsing() as page:
            paid = await purchase.make(page)
        points = console.styled(f"{paid['creditedPoints']:+d} points", "green")
        console.line(f"{points}, and with them came the new balance: {paid['balance']}.", "bold")
        console.line("The bank's page, and the one after it, as the browser showed them:")
        self.pictures.name(*self.pictures.keep_views(purchase.views))

    # ---- what steps are made of

    async def _entries(self) -> list[Any]:
        """Read the user's whole ledger, newest first."""
        found: list[Any] = []
        token: str | None = None
        while True:
            page = (await self.user.ask(documents.HISTORY, token=token))["pointsHistory"]
            found += page["items"]
            token = page["nextToken"]
            if not token:
                return found

    def _begin(self, heading: str) -> None:
        console.heading(heading)
        self._start_clocks()

    def _start_clocks(self) -> None:
        for user in (self.user, self.admin):
            user.start_clock()

    def _user(self, model: str) -> DemoUser:
        return self.admin if model == requests.ADMINS_MODEL else self.user

    async def _price(self, model: str) -> str:
        wanted = {"model": model, "kind": "GENERATE"}
        quote = (await self._user(model).ask(documents.QUOTE, input=wanted))["quote"]
        return "1 free image" if quote["freeImages"] else f"{quote['points']} point{'s' * (quote['points'] != 1)}"

    async def _made(self, user: DemoUser, request: DemoRequest, expected: str = "COMPLETED") -> Job:
        job = self.jobs[request.name] = await user.make(request, expected)
        if job["image"]:
            await self.pictures.keep(request.name, job["image"]["original"])
        return job

    async def _sent(self, user: DemoUser, file: File) -> tuple[str, Any]:
        id_, image = await user.upload(file)
        await self.pictures.keep(file.name.partition(".")[0], image["original"])
        return id_, image

    def _compare(self, before: str, after: str, mask: str) -> None:
        differing, of = self.pictures.differing(before, after, mask)
        if differing:
            raise DemoError(f"{after}: {differing} pixels outside the mask differ")
        console.line(f"{after}: outside the mask {differing} of {of:,} pixels differ.", "green")
