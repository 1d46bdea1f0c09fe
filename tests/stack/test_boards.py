"""Boards on the running stack: pictures are linked in Firestore, with their sizes, and unlinked when they go."""

import uuid
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from google.auth.credentials import AnonymousCredentials
from google.cloud.firestore import Client

from local.client import Person
from tests.stack import books
from tests.stack.asking import generate, generated, get, until
from tests.stack.behind import Behind
from tests.stack.client import StackClient
from tests.stack.event_log import event_log
from tests.stack.files import noise, png, send, ticket, upload
from tests.stack.provider import Wish

NOBODY = "127.0.0.1:9"  # the discard port, where nobody listens
PLACES = {"projectId": ("projects", "images"), "boardId": ("boards", "items"), "workflowId": ("workflows", "results")}
FAILED = "boards could not be brought up to date"
SIZES = {"original", "large", "medium", "thumbnail"}

Document = dict[str, Any]


@pytest.fixture
def firestore(client: StackClient, monkeypatch: pytest.MonkeyPatch) -> Iterator[Client]:
    monkeypatch.setenv("FIRESTORE_EMULATOR_HOST", client.outputs["firestoreHost"])
    store = Client(project="namo-local", credentials=AnonymousCredentials())
    yield store
    store.close()


def new_link() -> dict[str, str]:
    """A link to boards that nobody else uses."""
    return {name: uuid.uuid4().hex for name in PLACES}


def linked(store: Client, link: dict[str, str], id_: str) -> list[Document]:
    """The picture's documents, in all the places that the link names."""
    paths = [f"{PLACES[name][0]}/{value}/{PLACES[name][1]}/{id_}" for name, value in link.items()]
    found = [store.document(path).get(timeout=10).to_dict() for path in paths]
    return [document for document in found if document]


def whole(store: Client, link: dict[str, str], id_: str) -> bool:
    """Tell whether the picture is everywhere, with all its sizes."""
    found = linked(store, link, id_)
    return len(found) == len(link) and all(set(each["image"]) == SIZES for each in found)


def wish(client: StackClient) -> Wish:
    return Wish(client.outputs["modelsUrl"])


async def made(client: StackClient, person: Person, link: dict[str, str]) -> str:
    (job,) = await generated(client, person, wish(client).input(link=link))
    assert job["status"] == "COMPLETED"
    return job["id"]


async def test_a_result_is_linked_with_its_sizes_until_it_is_deleted(client: StackClient, firestore: Client) -> None:
    person, link = await client.new_user(2), new_link()
    id_ = await made(client, person, link)
    await until(lambda: whole(firestore, link, id_))
    for document in linked(firestore, link, id_):
        fields = {name: document[name] for name in ("id", "source", "owner", "kind", "model")}
        assert fields == {
            "id": id_,
            "source": "JOB",
            "owner": person.sub,
            "kind": "GENERATE",
            "model": "nanobanana-pro",
        }
        assert {name: document[name] for name in link} == link
        assert {each["key"] for each in document["image"].values()} <= set(Behind(client).objects_of(id_))
        assert "http" not in repr(document)
        assert "prompt" not in document
    await get(client, person, "deleteJob", id=id_)
    await until(lambda: not linked(firestore, link, id_))


async def test_an_upload_is_linked_once_it_is_ready_and_a_bad_one_never(client: StackClient, firestore: Client) -> None:
    person, link = await client.new_user(), new_link()
    good = await upload(client, person, png(noise(400, 300)), link=link, purpose="TEXTURE")
    bad = await ticket(client, person, b"bad", link=link)
    await send(bad, b"bad")
    await until(lambda: whole(firestore, link, good))
    (document, *_) = linked(firestore, link, good)
    assert (document["source"], document["purpose"], document["owner"]) == ("UPLOAD", "TEXTURE", person.sub)
    await until(lambda: bool(Behind(client).stored(f"quarantine/{person.sub}/")))
    assert linked(firestore, link, bad["id"]) == []


async def test_an_upload_is_unlinked_when_it_is_deleted_and_when_it_expires(
    client: StackClient, firestore: Client
) -> None:
    person, link = await client.new_user(), new_link()
    deleted = await upload(client, person, png(noise(400, 300)), link=link)
    expired = await upload(client, person, png(noise(300, 400)), link=link)
    await until(lambda: whole(firestore, link, deleted) and whole(firestore, link, expired))
    await get(client, person, "deleteUpload", id=deleted)
    Behind(client).remove_upload(expired)
    await until(lambda: not linked(firestore, link, deleted) and not linked(firestore, link, expired))


async def test_what_fails_or_has_no_link_is_on_no_board(client: StackClient, firestore: Client) -> None:
    person, link = await client.new_user(3), {"boardId": uuid.uuid4().hex}
    refused = await wish(client).meets("400")
    (failed,) = await generated(client, person, refused.input(link=link))
    (plain,) = await generated(client, person, wish(client).input())
    after = await made(client, person, link)
    await until(lambda: whole(firestore, link, after))
    on_board = {each.id for each in firestore.collection(f"boards/{link['boardId']}/items").stream()}
    assert on_board == {after}
    assert {failed["id"], plain["id"]}.isdisjoint(on_board)


async def test_what_a_frontend_keeps_beside_a_picture_stays(client: StackClient, firestore: Client) -> None:
    person, link = await client.new_user(2), {"boardId": uuid.uuid4().hex}
    slow = await wish(client).meets("slow:2")
    async with event_log(client, person) as events:
        (job,) = await generate(client, person, slow.input(link=link))
        place = firestore.document(f"boards/{link['boardId']}/items/{job['id']}")
        place.set({"position": {"x": 3, "y": 4}})
        await events.end_of(job["id"])
    await until(lambda: "thumbnail" in (place.get(timeout=10).to_dict() or {}).get("image", {}))
    assert (place.get(timeout=10).to_dict() or {})["position"] == {"x": 3, "y": 4}


async def test_firestore_away_delays_the_link_and_nothing_else(client: StackClient, firestore: Client) -> None:
    person, link, behind = await client.new_user(2), new_link(), Behind(client)
    earlier = len(behind.lines("boards", FAILED))
    with impatient(client):
        with behind.changed("boards", FIRESTORE_EMULATOR_HOST=NOBODY):
            async with event_log(client, person) as events:
                (job,) = await generate(client, person, wish(client).input(link=link))
                assert (await events.end_of(job["id"]))["status"] == "COMPLETED"
                await events.until(lambda events: events[-1]["image"] and events[-1]["image"]["thumbnail"])
            await until(lambda: len(behind.lines("boards", FAILED)) > earlier)
            assert linked(firestore, link, job["id"]) == []
        await until(lambda: whole(firestore, link, job["id"]))
    assert await client.points(person) == 1
    books.of(client, person.sub).check()


@contextmanager
def impatient(client: StackClient) -> Generator[None]:
    """Let what failed come again from the boards' queue after two seconds."""
    sqs = client.boto("sqs")
    (queue,) = [url for url in sqs.list_queues()["QueueUrls"] if "BoardsQueue" in url]
    usual = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["VisibilityTimeout"])["Attributes"]
    sqs.set_queue_attributes(QueueUrl=queue, Attributes={"VisibilityTimeout": "2"})
    try:
        yield
    finally:
        sqs.set_queue_attributes(QueueUrl=queue, Attributes=usual)
