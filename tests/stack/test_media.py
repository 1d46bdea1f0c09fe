"""Uploads and results on the running stack: what S3 takes, what becomes of it, and what goes with a job."""

import subprocess
import sys
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from local.ministack import ROOT
from tests.stack import books
from tests.stack.asking import ask, generate, generated, get, until
from tests.stack.behind import Behind
from tests.stack.client import StackClient
from tests.stack.event_log import EventLog, event_log
from tests.stack.files import asked, encoded, fetch, judged, noise, opened, png, send, ticket, upload
from tests.stack.provider import Wish

MEGABYTE = 1_000_000


def wish(client: StackClient) -> Wish:
    return Wish(client.outputs["modelsUrl"])


async def sized(events: EventLog, job_id: str) -> dict[str, Any]:
    """The event that tells of a result's smaller sizes."""

    def telling() -> list[dict[str, Any]]:
        return [event for event in events.of(job_id) if event["image"] and event["image"]["thumbnail"]]

    await events.until(lambda _: telling())
    return telling()[0]


# ---- uploads


async def test_an_upload_is_ready_with_its_smaller_sizes(client: StackClient) -> None:
    person = await client.new_user()
    exif = Image.Exif()
    exif[0x0112] = 6  # turn me a quarter to the right
    content = encoded(noise(1500, 2500), "JPEG", quality=60, exif=exif)
    form = await ticket(client, person, content, contentType="image/jpeg", fileName="me.jpg")
    assert form["maxBytes"] == 20 * MEGABYTE
    state = await get(client, person, "upload", id=form["id"])
    waiting = {"id": form["id"], "owner": person.sub, "ready": False, "rejected": None, "image": None}
    assert waiting.items() <= state.items()
    assert (await send(form, content)).status == 204
    image = (await judged(client, person, form["id"]))["image"]
    sizes = {name: (each["width"], each["height"]) for name, each in image.items()}
    assert sizes == {
        "original": (2500, 1500),
        "large": (2048, 1229),
        "medium": (1024, 614),
        "thumbnail": (320, 192),
    }
    for name, each in image.items():
        content_type, data = await fetch(each["url"])
        assert (content_type, len(data)) == (each["contentType"], each["byteSize"])
        if name != "original":
            assert content_type == "image/webp"
            assert opened(data).size == sizes[name]
            assert not opened(data).getexif()


@pytest.mark.parametrize(
    ("content", "other", "status"),
    [
        pytest.param(b"x" * (5 * MEGABYTE + 1), {}, 400, id="too large"),
        pytest.param(b"", {}, 400, id="empty"),
        pytest.param(b"GIF89a", {"Content-Type": "image/gif"}, 403, id="another type"),
        pytest.param(b"GIF89a", {"key": f"incoming/somebody/{uuid.uuid4()}"}, 403, id="another key"),
        pytest.param(b"GIF89a", {"policy": "e30="}, 403, id="another policy"),
    ],
)
async def test_s3_itself_refuses_what_the_form_does_not_allow(
    client: StackClient, content: bytes, other: dict[str, str], status: int
) -> None:
    person = await client.new_user()
    form = await ticket(client, person, b"12345", purpose="AVATAR")
    assert (await send(form, content, **other)).status == status
    keys: list[str] = [form["key"], *([other["key"]] if "key" in other else [])]
    assert Behind(client).stored(*keys) == []
    assert not (await get(client, person, "upload", id=form["id"]))["ready"]


async def test_a_form_that_is_used_again_changes_nothing(client: StackClient) -> None:
    person, behind, content = await client.new_user(), Behind(client), png(noise(40, 30))
    form = await ticket(client, person, content)
    await send(form, content)
    before = (await judged(client, person, form["id"]))["image"]["original"]
    assert (await send(form, b"<!doctype html><script>alert(1)</script>")).status == 204
    await until(lambda: not behind.stored(f"incoming/{person.sub}/"))
    after = (await get(client, person, "upload", id=form["id"]))["image"]["original"]
    assert {name: after[name] for name in after if name != "url"} == {n: before[n] for n in before if n != "url"}
    for each in (before, after):
        content_type, data = await fetch(each["url"])
        assert (content_type, data) == ("image/png", content)


async def test_a_bad_file_is_rejected_with_a_reason_and_put_aside(client: StackClient) -> None:
    person, behind = await client.new_user(), Behind(client)
    bad = png(noise(40, 40))[:-30]
    form = await ticket(client, person, bad)
    assert (await send(form, bad)).status == 204
    state = await judged(client, person, form["id"])
    assert state["image"] is None
    assert state["rejected"].endswith(".")
    await until(lambda: not behind.stored(form["key"]))
    assert behind.stored(f"quarantine/{person.sub}/") == [f"quarantine/{person.sub}/{form['id']}"]
    assert behind.stored(f"resized/{form['id']}/") == []


async def test_only_ones_own_ready_pictures_can_be_named_and_nothing_else_is_charged(client: StackClient) -> None:
    person, other = await client.new_user(2), await client.new_user()
    content = png(noise(32, 32))
    theirs, mine = await upload(client, other, content), await upload(client, person, content)
    waiting = (await ticket(client, person, content))["id"]
    bad = await ticket(client, person, b"bad")
    await send(bad, b"bad")
    await judged(client, person, bad["id"])

    assert await get(client, person, "upload", id=theirs) is None
    named = {
        theirs: "UPLOAD_UNKNOWN",
        str(uuid.uuid4()): "UPLOAD_UNKNOWN",
        waiting: "UPLOAD_NOT_READY",
        bad["id"]: "UPLOAD_REJECTED",
        f"uploads/{person.sub}/{mine}/original": "ID_MALFORMED",
    }
    for id_, error in named.items():
        wanted = asked("nanobanana-pro", image=mine, mask=id_, mode="INPAINT_REMOVE")
        assert (await ask(client, person, "editImage", input=wanted)).error_types == [error]
        wanted = asked("nanobanana-pro", prompt="a boat", references=[mine, id_])
        assert (await ask(client, person, "generateImages", input=wanted)).error_types == [error]
    assert await client.points(person) == 2
    assert books.of(client, person.sub).jobs == []


async def test_events_that_come_again_change_nothing(client: StackClient) -> None:
    person, behind = await client.new_user(2), Behind(client)
    id_ = await upload(client, person, png(noise(600, 500)))
    async with event_log(client, person) as events:
        (job,) = await generate(client, person, wish(client).input())
        made = await sized(events, job["id"])
    keys = [f"incoming/{person.sub}/{id_}", *behind.results_of(job["id"])]
    before = _rows(client, id_, job["id"]), _tags(client, id_, job["id"])
    notified = {"Records": [{"s3": {"object": {"key": key}}} for key in keys]}
    for event in (notified, *({"detail": {"object": {"key": key}}} for key in keys), notified):
        behind.invoke("resizer", event)
    assert (_rows(client, id_, job["id"]), _tags(client, id_, job["id"])) == before
    assert (await get(client, person, "job", id=job["id"]))["version"] == made["version"]


def _rows(client: StackClient, *ids: str) -> list[books.Row]:
    return [row for table in ("Uploads", "Jobs") for row in books.rows(client, table) if row["id"] in ids]


def _tags(client: StackClient, *ids: str) -> dict[str, Any]:
    s3, bucket = client.boto("s3"), client.outputs["mediaBucket"]
    upload_id, job_id = ids
    places = [f"resized/{upload_id}/", *Behind(client).places_of(job_id)]
    keys = [key for key in Behind(client).stored(*places) if key.startswith("resized/")]
    heads = {key: s3.head_object(Bucket=bucket, Key=key) for key in keys}
    return {key: (head["ETag"], head["LastModified"]) for key, head in heads.items()}


async def test_events_of_what_belongs_to_nothing_do_no_harm(client: StackClient) -> None:
    strange = [
        f"incoming/x/{uuid.uuid4()}",
        f"uploads/x/{uuid.uuid4()}/original",
        f"results/vertex/{uuid.uuid4()}/original.png",
        "results/",
        "uploads/a b",
    ]
    Behind(client).invoke("resizer", {"Records": [{"s3": {"object": {"key": key}}} for key in strange]})


# ---- results


async def test_the_smaller_sizes_of_a_result_are_pushed(client: StackClient) -> None:
    person = await client.new_user(1)
    async with event_log(client, person) as events:
        (job,) = await generate(client, person, wish(client).input(size="TWO_K", aspectRatio="LANDSCAPE_16_9"))
        made = await sized(events, job["id"])
        sizes = {name: (each["width"], each["height"]) for name, each in made["image"].items()}
        assert sizes == {
            "original": (2048, 1152),
            "large": (2048, 1152),
            "medium": (1024, 576),
            "thumbnail": (320, 180),
        }
        for name, each in made["image"].items():
            assert opened((await fetch(each["url"]))[1]).size == sizes[name]
        assert [event["version"] for event in made["history"]] == list(range(1, made["version"] + 1))
        view = await get(client, "api_key", "jobStatus", id=job["id"])
        assert (view["status"], view["version"]) == ("COMPLETED", made["version"])


async def test_references_are_looked_at_be_they_uploads_or_results(client: StackClient) -> None:
    person, asked_for = await client.new_user(3), wish(client)
    red = await upload(client, person, png(Image.new("RGB", (64, 64), (230, 20, 60))))
    (plain,) = await generated(client, person, asked_for.input(seed=5))
    references = [red, plain["id"]]
    (led,) = await generated(client, person, asked_for.input(seed=5, references=references))
    assert led["status"] == plain["status"] == "COMPLETED"
    one, other = [(await fetch(job["image"]["original"]["url"]))[1] for job in (plain, led)]
    assert opened(one).size == opened(other).size
    assert opened(one).convert("RGB").tobytes() != opened(other).convert("RGB").tobytes()
    too_many = await ask(client, person, "generateImages", input=asked_for.input(references=[red] * 7))
    assert too_many.error_types == ["TOO_MANY_REFERENCES"]


async def test_a_link_is_for_who_holds_the_id_and_is_never_kept(client: StackClient) -> None:
    person = await client.new_user(2)
    slow = await wish(client).meets("slow:2")
    (busy,) = await generate(client, person, slow.input())
    assert (await ask(client, "api_key", "download", jobId=busy["id"])).error_types == ["JOB_NOT_COMPLETED"]
    (made,) = await generated(client, person, wish(client).input())
    link = await get(client, "api_key", "download", jobId=made["id"])
    content_type, content = await fetch(link["url"])
    assert (content_type, opened(content).size) == ("image/png", (1024, 1024))
    assert "signature=" in link["url"]
    assert "signature=" not in repr(books.rows(client, "Jobs"))
    unknown = await ask(client, "api_key", "download", jobId=str(uuid.uuid4()))
    assert unknown.errors
    assert "signature=" not in repr(unknown.body)


async def test_a_link_stays_while_it_is_good_whoever_is_asked(client: StackClient) -> None:
    """Whatever function signs it: an answer, a list, an event and the public view hold the same one."""
    person = await client.new_user(1)
    async with event_log(client, person) as events:
        (made,) = await generate(client, person, wish(client).input())
        sized = await events.rest_of(made["id"])
    job = await get(client, person, "job", id=made["id"])
    listed = (await get(client, person, "jobs"))["items"][0]
    view = await get(client, "api_key", "jobStatus", id=made["id"])
    thumbnails = [each["image"]["thumbnail"] for each in (sized, job, listed, view)]
    assert len({each["url"].partition("?")[0] for each in thumbnails}) == 1
    assert len({each["url"] for each in thumbnails}) <= 2  # the half hour may end between two answers
    for each in thumbnails:
        lasts = datetime.fromisoformat(each["expiresAt"]) - datetime.now(UTC)
        assert timedelta(minutes=29) < lasts <= timedelta(hours=1)


@pytest.mark.parametrize("model", ["nanobanana-pro", "sdxl"])
async def test_deleting_a_job_takes_every_object_with_it(client: StackClient, model: str) -> None:
    person, behind = await client.new_user(1), Behind(client)
    async with event_log(client, person) as events:
        (job,) = await generate(client, person, wish(client).input(model=model))
        await sized(events, job["id"])
    await get(client, person, "download", jobId=job["id"])
    places = behind.places_of(job["id"])
    assert len(behind.stored(*places)) >= 4
    assert await get(client, person, "deleteJob", id=job["id"]) == job["id"]
    assert behind.stored(*places) == []
    assert await get(client, person, "job", id=job["id"]) is None


async def test_the_command_finds_what_belongs_to_nothing(client: StackClient) -> None:
    person = await client.new_user(1)
    kept = await upload(client, person, png(noise(50, 50)))
    stray = f"results/vertex/{uuid.uuid4()}/original.png"
    s3, place = client.boto("s3"), {"Bucket": client.outputs["mediaBucket"], "Key": stray}
    s3.put_object(**place, Body=b"stray")
    try:
        code, said = _orphans(client)
        assert code == 1
        assert f"object without a row: {stray}" in said
        assert kept not in said
        s3.delete_object(Bucket=place["Bucket"], Key=f"uploads/{person.sub}/{kept}/original")
        assert f"row without its object: {kept} misses uploads/{person.sub}/{kept}/original" in _orphans(client)[1]
    finally:
        s3.delete_object(**place)
    assert stray not in _orphans(client)[1]


def _orphans(client: StackClient) -> tuple[int, str]:
    folder = Path(client.outputs["caFile"]).parents[1]
    command = [sys.executable, "-m", "local", "orphans", "--dir", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert not done.stderr
    return done.returncode, done.stdout
