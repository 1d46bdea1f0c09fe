"""Files that are not what they say, and forms used otherwise than they were given for."""

import asyncio
import io
import struct
import zlib
from typing import Any

import aiohttp
from PIL import Image

from local.client import Person
from tests.attack.arena import Arena, attack
from tests.stack.asking import get
from tests.stack.client import PATIENCE_SECONDS
from tests.stack.files import encoded, fetch, judged, noise, png, send, ticket

_MOST_BYTES = 20 * 1024 * 1024
_HTML = b"<!doctype html><script>alert(document.domain)</script>"


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _bomb(side: int) -> bytes:
    """A PNG of some kilobytes that claims so many pixels a side."""
    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    data = zlib.compress(bytes(1_000_000))
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", data) + _chunk(b"IEND", b"")


def _paletted(*, palette: bool) -> bytes:
    head = struct.pack(">IIBBBBB", 8, 8, 8, 3, 0, 0, 0)
    colours = _chunk(b"PLTE", bytes(768)) if palette else b""
    data = _chunk(b"IDAT", zlib.compress(bytes(72)))
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + colours + data + _chunk(b"IEND", b"")


def _located() -> bytes:
    """A photo that says where it was taken."""
    exif = Image.Exif()
    exif[0x010F], exif[0x8769] = "Maker", {0xA431: "SERIAL-4711"}
    exif.get_ifd(0x8825).update({1: "N", 2: (21.0, 1.0, 42.0), 3: "E", 4: (105.0, 51.0, 15.0)})
    return encoded(noise(640, 480), "JPEG", exif=exif)


@attack("uploads", short=True)
async def what_is_no_picture_is_rejected(arena: Arena) -> None:
    whole, photo = png(noise(64, 64)), encoded(noise(640, 480), "JPEG")
    files = {
        "HTML": _HTML,
        "SVG": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        "a zip": b"PK\x03\x04" + bytes(200),
        "a PDF": b"%PDF-1.7\n" + bytes(200),
        "zeros": bytes(500),
        "a PNG's first half": whole[: len(whole) // 2],
        "a JPEG's first third": photo[: len(photo) // 3],
        "a bomb of 50,000 pixels a side": _bomb(50_000),
        "a bomb of 2^31 - 1 pixels a side": _bomb(2**31 - 1),
        "a palette that is not there": _paletted(palette=False),
        "a GIF": encoded(noise(32, 32).convert("P"), "GIF"),
        "a TIFF": encoded(noise(32, 32), "TIFF"),
    }
    person = await arena.client.new_user(0)

    async def one(what: str, content: bytes) -> None:
        form = await ticket(arena.client, person, content)
        await send(form, content)
        state: Any = await judged(arena.client, person, form["id"])
        arena.holds(state["rejected"] and not state["ready"], f"{what} was taken as a picture")

    await asyncio.gather(*(one(what, content) for what, content in files.items()))


@attack("uploads", short=True)
async def a_form_is_good_for_what_was_asked_only(arena: Arena) -> None:
    person, content = await arena.client.new_user(0), png(noise(64, 64))
    other = await arena.client.new_user(0)
    for what, fields, sent in (
        ("another key", {"key": f"results/{other.sub}/original.png"}, content),
        ("another's folder", {"key": f"uploads/{other.sub}/x/original"}, content),
        ("a way up", {"key": "../../x"}, content),
        ("another type", {"Content-Type": "text/html"}, content),
        ("more bytes", {}, content + bytes(_MOST_BYTES)),
        ("other access", {"acl": "public-read"}, content),
    ):
        form = await ticket(arena.client, person, content)
        answer = await send(form, sent, **fields)
        arena.holds(answer.status in {400, 403}, f"S3 took a form with {what}: {answer.status}")


@attack("uploads", short=True)
async def what_was_accepted_is_not_exchanged(arena: Arena) -> None:
    """The same form again, once the picture is ready: what is served stays what was inspected."""
    person, content = await arena.client.new_user(2), png(noise(200, 100))
    form = await ticket(arena.client, person, content)
    await send(form, content)
    ready: Any = await judged(arena.client, person, form["id"])
    arena.holds(ready["ready"], f"a picture was not taken: {ready}")
    for other in (_HTML.ljust(len(content), b" ")[: len(content)], png(noise(200, 100, seed=2))[: len(content)]):
        await send(form, other)
    await _quiet(arena, person)
    now = await get(arena.client, person, "upload", id=form["id"])
    arena.holds(now["ready"], f"the picture is no longer ready: {now}")
    kind, served = await fetch(now["image"]["original"]["url"])
    arena.holds(served[:8] == content[:8] and Image.open(io.BytesIO(served)).size == (200, 100), "it was exchanged")
    arena.holds(kind == "image/png", f"it is served as {kind}")
    before = Image.open(io.BytesIO(content)).convert("RGB").tobytes()
    arena.holds(Image.open(io.BytesIO(served)).convert("RGB").tobytes() == before, "its pixels were exchanged")


async def _quiet(arena: Arena, person: Person) -> None:
    """Let the resizer look at everything that came before: a later picture is ready only after it."""
    content = png(noise(40, 40))
    form = await ticket(arena.client, person, content)
    await send(form, content)
    await judged(arena.client, person, form["id"])


@attack("uploads", short=True)
async def what_others_see_tells_nobody_where_it_was_taken(arena: Arena) -> None:
    person, content = await arena.client.new_user(0), _located()
    form = await ticket(arena.client, person, content, contentType="image/jpeg", fileName="a.jpg")
    await send(form, content)
    state: Any = await judged(arena.client, person, form["id"])
    for name, file in (state["image"] or {}).items():
        if not file:
            continue
        _, served = await fetch(file["url"])
        exif = Image.open(io.BytesIO(served)).getexif()
        arena.holds(not exif.get_ifd(0x8825), f"the {name} size tells where it was taken")
        arena.holds(b"SERIAL-4711" not in served, f"the {name} size tells the camera's number")


@attack("uploads", short=True)
async def a_link_is_served_as_the_picture_that_it_is(arena: Arena) -> None:
    """A type that only says so, and a name that only says so: what the bytes are counts."""
    person = await arena.client.new_user(0)
    for declared, kind, real in (
        ("image/png", "JPEG", "image/jpeg"),
        ("image/jpeg", "PNG", "image/png"),
        ("image/jpg", "WEBP", "image/webp"),
        ("IMAGE/PJPEG; charset=binary", "JPEG", "image/jpeg"),
    ):
        content = encoded(noise(64, 48), kind)
        form = await ticket(arena.client, person, content, contentType=declared)
        await send(form, content)
        state: Any = await judged(arena.client, person, form["id"])
        arena.holds(state["ready"], f"a {kind} declared {declared} was refused")
        if state["ready"]:
            served, _ = await fetch(state["image"]["original"]["url"])
            arena.holds(served == real, f"a {kind} declared {declared} is served as {served}")


@attack("uploads")
async def open_forms_are_limited(arena: Arena) -> None:
    person = await arena.client.new_user(0)
    given = {"fileName": "a.png", "contentType": "image/png", "byteSize": 9, "purpose": "REFERENCE"}
    refused: set[str] = set()
    for _ in range(15):
        asking = (arena.ask("Mutation.createUpload", {"input": given}, person) for _ in range(8))
        refused |= {type_ for each in await asyncio.gather(*asking) for type_ in each.error_types}
    arena.holds("TOO_MANY_UPLOADS" in refused, "one person opened 120 forms")
    arena.holds(refused <= {"TOO_MANY_UPLOADS", "BUSY"}, f"they heard {refused}")


@attack("uploads")
async def links_end_and_lead_nowhere_else(arena: Arena) -> None:
    person = await arena.client.new_user(1)
    (job,) = await arena.client.generate(person)
    await arena.client.ended(job["id"], person)
    link = (await arena.ask("Query.download", {"jobId": job["id"]}, "api_key")).data["download"]["url"]
    arena.holds(job["id"] not in link and job["id"].replace("-", "") not in link, "a link tells the job's id")
    async with aiohttp.ClientSession() as session:
        for changed in (link.replace("original", "../original"), link.split("?")[0], link[:-6], link + "&x=1"):
            async with session.get(changed) as answer:
                arena.holds(answer.status in {400, 403, 404} or changed == link + "&x=1", f"S3 served {changed[:80]}")


@attack("uploads", short=True)
async def no_link_says_which_job_it_is_of(arena: Arena) -> None:
    """Not in its address and not in what is sent with the picture: who holds a job's id has new links for ever."""
    person = await arena.client.new_user(1)
    (job,) = await arena.client.generate(person)
    image = (await arena.client.ended(job["id"], person))["image"]
    given = {"name": "Mine", "photos": [{"id": job["id"]}]}
    album = (await arena.ask("Mutation.createAlbum", {"input": given}, person)).data["createAlbum"]
    sets = {"image": image, "album": album["photos"][0]["image"]}
    async with aiohttp.ClientSession() as session:
        for what, size, file in ((what, size, each) for what, set_ in sets.items() for size, each in set_.items()):
            async with session.get(file["url"]) as answer:
                said = file["url"] + str(answer.headers)
                arena.holds(answer.status == 200, f"the {what}'s {size} is not served")
                arena.holds(job["id"] not in said, f"the {what}'s {size} tells the job's id")


@attack("uploads")
async def a_file_that_ends_a_look_at_it_holds_up_nobody(arena: Arena) -> None:
    """Broken in a hundred ways, beside a good one."""
    person, good = await arena.client.new_user(0), png(noise(48, 48))
    broken = [bytes(good[:i]) + bytes([good[i] ^ 0xFF]) + bytes(good[i + 1 :]) for i in range(8, 60, 2)]
    state: Any = {}
    async with asyncio.timeout(2 * PATIENCE_SECONDS):
        for content in (*broken, good):
            form = await ticket(arena.client, person, content)
            await send(form, content)
            state = await judged(arena.client, person, form["id"])
            arena.holds(state["ready"] or state["rejected"], "a broken file is neither ready nor rejected")
    arena.holds(state["ready"], "after broken files a good one is not taken")
