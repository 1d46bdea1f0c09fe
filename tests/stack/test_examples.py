"""The examples as a developer meets them: copied, built and run as their README says, beside the running stack."""

import asyncio
import os
import re
import shutil
import sys
import threading
import uuid
from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from PIL import Image
from playwright.async_api import Browser, Locator, Page, ViewportSize, WebSocketRoute, async_playwright, expect

from local.appsync.explorer.node import NODE, install, npm
from local.chromium.find import find
from local.client import Person
from local.ministack import ROOT
from tests.stack.asking import get
from tests.stack.client import PATIENCE_SECONDS, StackClient
from tests.stack.client_runs import CLIENTS
from tests.stack.files import fetch, opened
from tests.stack.mailbox import Mailbox
from tests.stack.provider import Wish

pytestmark = pytest.mark.asyncio(loop_scope="module")

EXAMPLES = ROOT / "examples"
REACT = EXAMPLES / "react"
CHROMIUM = find()
in_a_browser = pytest.mark.skipif(not CHROMIUM, reason="there is no Chromium on this machine")
PATIENCE_MS = PATIENCE_SECONDS * 1000
DESK: ViewportSize = {"width": 1200, "height": 860}
Stack = Mapping[str, Any]

expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="module")
def project(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout with the examples, and the file that this stack wrote; packages are the project's own."""
    root = tmp_path_factory.mktemp("project")
    shutil.copytree(EXAMPLES, root / "examples", ignore=shutil.ignore_patterns("node_modules", "dist", "gql"))
    (root / "docs").symlink_to(ROOT / "docs")
    own = Path(stack["caFile"]).parent.parent / "amplify_outputs.json"
    shutil.copy(own if own.exists() else ROOT / own.name, root)
    for folder, packages in (("react", REACT), ("apollo", CLIENTS)):
        install(packages)
        (root / "examples" / folder / "node_modules").symlink_to(packages / "node_modules")
    return root


@pytest.fixture(scope="module")
def address(project: Path) -> Iterator[str]:
    """Where the built page is served."""
    npm(project / "examples/react", "run", "build")
    files = partial(Quiet, directory=str(project / "examples/react/dist"))
    with ThreadingHTTPServer(("127.0.0.1", 0), files) as server:
        threading.Thread(target=server.serve_forever).start()
        yield f"http://localhost:{server.server_port}/"
        server.shutdown()


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        pass


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        flags = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
        chromium = await playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
        yield chromium
        await chromium.close()


@dataclass(frozen=True)
class Visitor:
    """Somebody at the page."""

    page: Page
    person: Person
    asked: list[str]
    sockets: list[WebSocketRoute]

    async def leave(self) -> None:
        """Go offline. Chromium leaves sockets open then."""
        await self.page.context.set_offline(offline=True)
        for socket in self.sockets:
            await socket.close()
        await expect(self.page.get_by_role("status")).to_have_text("offline")

    async def come_back(self) -> None:
        await self.page.context.set_offline(offline=False)
        await expect(self.page.get_by_role("status")).to_have_text("live")

    async def make(self, prompt: str, price: str) -> Locator:
        """Ask for a picture at the price that the button says; the card of it."""
        await self.page.get_by_placeholder("What shall it show?").fill(prompt)
        await self.page.get_by_role("button", name=f"Generate · {price}").click()
        return self.card(prompt)

    def card(self, prompt: str) -> Locator:
        return self.page.get_by_role("article", name=prompt)

    async def shows(self, *cards: Locator) -> None:
        await expect(self.page.get_by_role("article")).to_have_count(len(cards))
        for card in cards:
            await expect(card).to_be_visible()

    async def has(self, points: int) -> None:
        await expect(self.page.locator("header strong")).to_have_text(f"{points} points")


@asynccontextmanager
async def visiting(browser: Browser, address: str) -> AsyncGenerator[tuple[Page, list[str], list[WebSocketRoute]]]:
    # For the certificate, which a person accepts once.
    context = await browser.new_context(ignore_https_errors=True, viewport=DESK, locale="en-US")
    context.set_default_timeout(PATIENCE_MS)
    page, asked, broken, sockets = await context.new_page(), list[str](), list[str](), list[WebSocketRoute]()
    await page.route_web_socket(
        re.compile("/realtime"), lambda socket: sockets.append(socket.connect_to_server() and socket)
    )
    page.on("request", lambda request: asked.append(request.post_data or "") if "/graphql" in request.url else None)
    page.on("pageerror", lambda error: broken.append(error.message))
    await page.goto(address)
    yield page, asked, sockets
    await context.close()
    assert set(broken) <= {"Object"}  # what Amplify throws is no Error; the page shows it


@pytest_asyncio.fixture(loop_scope="module")
async def visitor(browser: Browser, address: str, client: StackClient) -> AsyncIterator[Visitor]:
    person = await client.new_user(points=20)
    async with visiting(browser, address) as (page, asked, sockets):
        await page.get_by_label("Email").fill(person.email)
        await page.get_by_label("Password", exact=True).fill(person.password)
        await page.get_by_role("button", name="Sign in").click()
        await expect(page.get_by_role("status")).to_have_text("live")
        await page.get_by_label("model").select_option("nanobanana-pro")
        yield Visitor(page, person, asked, sockets)


@in_a_browser
async def test_somebody_new_signs_up(browser: Browser, address: str, client: StackClient) -> None:
    email, password = f"{uuid.uuid4().hex}@namo.test", f"Namo-{uuid.uuid4()}"
    async with visiting(browser, address) as (page, *_):
        await page.get_by_role("tab", name="Create Account").click()
        await page.get_by_label("Email").fill(email)
        for label in ("Password", "Confirm Password"):
            await page.get_by_label(label, exact=True).fill(password)
        await page.get_by_role("button", name="Create Account").click()
        await page.get_by_label("Confirmation Code").fill(await Mailbox(client.outputs["mailboxUrl"]).code_for(email))
        await page.get_by_role("button", name="Confirm").click()
        await expect(page.get_by_role("status")).to_have_text("live")


@in_a_browser
async def test_the_price_is_said_and_charged_and_comes_back(visitor: Visitor, stack: Stack) -> None:
    good, bad = Wish(stack["modelsUrl"]).prompt, f"Something forbidden, {uuid.uuid4().hex}"
    await visitor.has(20)
    done, failed = await visitor.make(good, "1 points"), await visitor.make(bad, "1 points")
    await expect(done).to_have_class("done")
    await expect(done.locator("img")).to_be_visible()
    await expect(failed).to_have_class("failed")
    await expect(failed).to_contain_text("1 point returned.")
    await visitor.has(19)


@in_a_browser
async def test_what_ended_while_offline_is_there_without_a_reload(
    visitor: Visitor, stack: Stack, client: StackClient
) -> None:
    slow, forbidden = await Wish(stack["modelsUrl"]).meets("slow:2"), f"A forbidden tree, {uuid.uuid4().hex}"
    cards = [await visitor.make(prompt, "1 points") for prompt in (slow.prompt, forbidden)]
    await visitor.leave()
    jobs = (await get(client, visitor.person, "jobs"))["items"]
    for job in jobs:
        await client.ended(job["id"], visitor.person)
    before = len(visitor.asked)
    await visitor.come_back()
    await expect(cards[0]).to_have_class("done")
    await expect(cards[1]).to_contain_text("1 point returned.")
    await visitor.has(19)
    questions = [asked for asked in visitor.asked[before:] if "jobs(" in asked]
    assert questions
    assert all('"updatedSince"' in asked for asked in questions)


@in_a_browser
async def test_the_gallery_is_narrowed(visitor: Visitor, stack: Stack, client: StackClient) -> None:
    words = [uuid.uuid4().hex for _ in range(3)]
    made = [f"A boat {words[0]}", f"A forbidden boat {words[1]}", f"A kite {words[2]}"]
    boat, forbidden, kite = [await visitor.make(prompt, "1 points") for prompt in made]
    for card, state in ((boat, "done"), (forbidden, "failed"), (kite, "done")):
        await expect(card).to_have_class(state)
    await kite.get_by_role("button", name="Favorite").click()
    await expect(kite.get_by_role("button", name="Favorite")).to_have_attribute("aria-pressed", "true")

    page = visitor.page
    await visitor.shows(boat, forbidden, kite)
    await page.get_by_label("status").select_option("FAILED")
    await visitor.shows(forbidden)
    await page.get_by_label("status").select_option("")
    await page.get_by_placeholder("Search prompts").fill("BOAT")
    await visitor.shows(boat, forbidden)
    await page.get_by_placeholder("Search prompts").fill("")
    await page.get_by_label("Favorites").check()
    await visitor.shows(kite)
    await page.get_by_label("kind").select_option("EDIT")
    await visitor.shows()
    await page.reload()
    await visitor.shows(boat, forbidden, kite)


@in_a_browser
async def test_an_edit_inside_a_mask(visitor: Visitor, stack: Stack, client: StackClient) -> None:
    page = visitor.page
    card = await visitor.make(Wish(stack["modelsUrl"]).prompt, "1 points")
    await card.get_by_role("button", name="Edit").click()
    await paint_across(page, page.locator("canvas"))
    prompt = f"A red kite, {uuid.uuid4().hex}"
    await page.get_by_placeholder("What shall be there?").fill(prompt)
    await page.get_by_role("button", name="Edit · 1 points").click()
    await expect(visitor.card(prompt)).to_have_class("done")
    await visitor.has(18)

    (edit, *_) = (await get(client, visitor.person, "jobs"))["items"]
    mask = await get(client, visitor.person, "upload", id=edit["input"]["mask"])
    drawn = opened((await fetch(mask["image"]["original"]["url"]))[1]).convert("L")
    assert (edit["kind"], edit["prompt"]) == ("EDIT", prompt)
    assert [drawn.getpixel((drawn.width // 2, drawn.height * y // 10)) for y in (1, 5, 9)] == [0, 255, 0]


async def paint_across(page: Page, canvas: Locator) -> None:
    box = await canvas.bounding_box()
    assert box
    middle = box["y"] + box["height"] / 2
    await page.mouse.move(box["x"] + box["width"] * 0.3, middle)
    await page.mouse.down()
    await page.mouse.move(box["x"] + box["width"] * 0.7, middle, steps=5)
    await page.mouse.up()


@in_a_browser
@pytest.mark.parametrize("price", ["₫", "$"])
async def test_points_are_bought(visitor: Visitor, price: str) -> None:
    page = visitor.page
    await page.get_by_text("Buy points").click()
    await page.get_by_role("button", name=re.compile(rf"^100 points · .*{re.escape(price)}")).click()
    await page.locator("#pay").click()
    await expect(page.get_by_text("100 points: paid")).to_be_visible()
    await visitor.has(120)


# ---- on a terminal


async def run(project: Path, stack: Stack, folder: Path, *command: str | Path) -> tuple[str, Image.Image]:
    """What an example says, and the picture that it leaves."""
    environment = os.environ | {"NODE_EXTRA_CA_CERTS": stack["caFile"], "SSL_CERT_FILE": stack["caFile"]}
    process = await asyncio.create_subprocess_exec(
        *command, cwd=folder, env=environment, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    async with asyncio.timeout(PATIENCE_SECONDS):
        said, _ = await process.communicate()
    assert process.returncode == 0, said.decode()
    return said.decode(), opened((folder / "picture.png").read_bytes())


@pytest.mark.parametrize(("program", "example"), [(NODE, "apollo/main.mjs"), (sys.executable, "python/main.py")])
async def test_on_a_terminal(
    project: Path, stack: Stack, client: StackClient, tmp_path: Path, program: Path, example: str
) -> None:
    person = await client.new_user(points=5)
    command = (program, project / "examples" / example, person.email, person.password, "A lighthouse in fog")
    said, picture = await run(project, stack, tmp_path, *command)
    assert re.search(r"5 points.*\n(.*\n)*.*PROCESSING\n.*COMPLETED\n", said), said
    assert picture.size == (1024, 1024)
    assert await client.points(person) == 4
