"""Albums and collages on the running stack: sent, made, rendered, changed and removed."""

import asyncio
from datetime import timedelta
from typing import Any

from local.client import Person
from studio.albums.table import Documents, Photos, mark_deleted
from studio.clock import now
from tests.stack.asking import until
from tests.stack.behind import Behind
from tests.stack.client import PATIENCE_SECONDS, StackClient
from tests.stack.files import encoded, fetch, noise, opened, send, ticket, upload

_IMAGE = "{ url contentType width height byteSize expiresAt }"
_PHOTOS = f"photos {{ id caption focalX focalY image {{ original {_IMAGE} thumbnail {_IMAGE} }} }}"
ALBUM = f"id customer name description layout status imageCount {_PHOTOS} pdf {{ url expiresAt }} errorMessage"
COLLAGE = (
    f"id customer name template status sources {_PHOTOS} caption background preview {_IMAGE}"
    f" output {{ original {_IMAGE} large {_IMAGE} thumbnail {_IMAGE} }} errorMessage"
)
SHAPES = {"Album": ALBUM, "Collage": COLLAGE}


async def create(client: StackClient, person: Person, kind: str, **given: Any) -> dict[str, Any]:
    document = f"mutation M($input: {kind}Input!) {{ create{kind}(input: $input) {{ {SHAPES[kind]} }} }}"
    return (await client.graphql(document, {"input": given}, person)).data[f"create{kind}"]


async def find(client: StackClient, person: Person, kind: str, id_: str) -> Any:
    document = f"query Q($id: ID!) {{ {kind.lower()}(id: $id) {{ {SHAPES[kind]} }} }}"
    return (await client.graphql(document, {"id": id_}, person)).data[kind.lower()]


async def change(client: StackClient, person: Person, kind: str, field: str, id_: str, more: str = "") -> Any:
    document = f"mutation M($id: ID!) {{ {field}{kind}(id: $id{more}) {{ {SHAPES[kind]} }} }}"
    return (await client.graphql(document, {"id": id_}, person)).data[f"{field}{kind}"]


async def follow(client: StackClient, person: Person, kind: str, id_: str, enough: Any) -> dict[str, Any]:
    """Wait for an event of a document that is enough, or find it so already."""
    document = f"subscription S($customer: ID!) {{ on{kind}(customer: $customer) {{ {SHAPES[kind]} }} }}"
    async with client.subscribe(document, {"customer": person.sub}, person) as events:
        found = await find(client, person, kind, id_)
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not enough(found):
                event = await anext(events)
                if (changed := event[f"on{kind}"])["id"] == id_:
                    found = changed
    return await find(client, person, kind, id_)


async def pictures(client: StackClient, person: Person, count: int) -> list[str]:
    return [await upload(client, person, encoded(noise(640, 480, seed=n), "PNG")) for n in range(count)]


async def test_a_collage_is_previewed_by_itself_and_rendered_when_asked(client: StackClient) -> None:
    person = await client.new_user()
    sources = await pictures(client, person, 4)
    made = await create(
        client, person, "Collage", name="Tết", template="GRID_2X2", sources=sources, caption="Chúc mừng năm mới"
    )
    assert (made["status"], made["sources"], made["customer"]) == ("DRAFT", sources, person.sub)
    shown = await follow(client, person, "Collage", made["id"], lambda each: each["preview"])
    assert max(shown["preview"]["width"], shown["preview"]["height"]) <= 1024
    assert (await change(client, person, "Collage", "render", made["id"]))["status"] == "PROCESSING"
    done = await follow(
        client, person, "Collage", made["id"], lambda each: each["output"] and each["output"]["thumbnail"]
    )
    assert (done["status"], done["errorMessage"]) == ("COMPLETED", None)
    content_type, data = await fetch(done["output"]["original"]["url"])
    assert content_type == "image/jpeg"
    assert max(opened(data).size) >= 3000


async def test_an_album_takes_what_is_sent_to_it_and_becomes_a_book(client: StackClient) -> None:
    person = await client.new_user()
    made = await create(client, person, "Album", name="Đà Lạt", photos=[{"id": (await pictures(client, person, 1))[0]}])
    assert (made["status"], made["imageCount"]) == ("READY", 1)
    content = encoded(noise(1600, 1200), "JPEG", quality=85)
    form = await ticket(
        client, person, content, contentType="image/jpeg", fileName="a.jpg", purpose="ALBUM", albumId=made["id"]
    )
    awaiting = await find(client, person, "Album", made["id"])
    assert (awaiting["status"], len(awaiting["photos"]), awaiting["imageCount"]) == ("UPLOADING", 2, 1)
    assert (await send(form, content)).status == 204
    ready = await follow(client, person, "Album", made["id"], lambda each: each["status"] == "READY")
    assert ready["imageCount"] == 2
    assert all(0 <= photo["focalX"] <= 1 for photo in ready["photos"])
    await change(client, person, "Album", "render", made["id"], ", product: PRINT")
    book = await follow(client, person, "Album", made["id"], lambda each: each["pdf"])
    content_type, data = await fetch(book["pdf"]["url"])
    assert (book["status"], content_type) == ("COMPLETED", "application/pdf")
    assert data.startswith(b"%PDF-")
    changed = await client.graphql(
        "mutation M($id: ID!, $input: AlbumInput!) { updateAlbum(id: $id, input: $input) { status pdf { url } } }",
        {"id": made["id"], "input": {"name": "Đà Lạt 2026"}},
        person,
    )
    assert changed.data["updateAlbum"] == {"status": "READY", "pdf": None}


async def test_deleting_a_document_leaves_nothing_of_it(client: StackClient) -> None:
    person = await client.new_user()
    made = await create(
        client, person, "Collage", name="a", template="POLAROID", sources=await pictures(client, person, 1)
    )
    await follow(client, person, "Collage", made["id"], lambda each: each["preview"])
    answer = await client.graphql("mutation M($id: ID!) { deleteCollage(id: $id) }", {"id": made["id"]}, person)
    assert answer.data == {"deleteCollage": made["id"]}
    assert await find(client, person, "Collage", made["id"]) is None
    s3 = client.boto("s3")
    kept = s3.list_objects_v2(Bucket=client.outputs["mediaBucket"], Prefix=f"documents/{person.sub}/")
    assert kept["KeyCount"] == 0


async def test_a_deletion_that_was_cut_off_after_its_mark_is_finished_by_the_sweeper(client: StackClient) -> None:
    behind, person = Behind(client), await client.new_user()
    made = await create(
        client, person, "Collage", name="a", template="POLAROID", sources=await pictures(client, person, 1)
    )
    await follow(client, person, "Collage", made["id"], lambda each: each["preview"])
    documents = Documents(client.outputs["tables"]["Documents"], client.boto("dynamodb"))
    photos = Photos(client.outputs["tables"]["Photos"], client.boto("dynamodb"))
    document = documents.find(made["id"])
    assert document
    assert photos.of_document(made["id"])
    places = [f"documents/{person.sub}/", *(place for job in document.jobs for place in behind.places_of(job))]
    assert len(behind.stored(*places)) > 1
    documents.apply(mark_deleted(document, now() - timedelta(hours=1)))
    assert await find(client, person, "Collage", made["id"]) is None

    def is_gone() -> bool:
        behind.sweep()
        return documents.find_even_deleted(made["id"]) is None

    await until(is_gone)
    assert (behind.stored(*places), photos.of_document(made["id"])) == ([], {})
