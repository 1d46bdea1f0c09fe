"""Downloads on the running stack: signed when they are asked for, marked, and labelled where that is wanted."""

import io
from typing import Any

import c2pa
import pytest
from PIL import Image

from infra.secrets import secret_name
from tests.stack.asking import generate, get
from tests.stack.client import StackClient
from tests.stack.event_log import event_log
from tests.stack.files import fetch, png, upload
from tests.stack.provider import Wish
from tests.stack.test_media import sized
from tests.unit.imaging.readers import Said, by_exiv2
from workers.credentials.c2pa_context import context

TRAINED = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
COMPOSITE = "http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia"


def wish(client: StackClient) -> Wish:
    return Wish(client.outputs["modelsUrl"])


def manifest(client: StackClient, content: bytes) -> dict[str, Any]:
    """Return the manifest of a file, which the stage's own root must make trusted."""
    name = secret_name("local", "credentials-anchors")
    anchors = client.boto("secretsmanager").get_secret_value(SecretId=name)["SecretString"]
    with c2pa.Reader("image/png", io.BytesIO(content), context=context(anchors)) as found:
        assert found.get_validation_state() == "Trusted"
        said = found.get_active_manifest()
    assert said
    return said


async def downloaded(client: StackClient, job: str, **more: Any) -> bytes:
    link = await get(client, "api_key", "download", jobId=job, **more)
    return (await fetch(link["url"]))[1]


async def test_what_is_downloaded_is_signed_and_so_is_what_is_made_of_it(client: StackClient) -> None:
    person = await client.new_user(3)
    (made,) = await generate(client, person, wish(client).input())
    await client.ended(made["id"], person)
    plain, labelled = await downloaded(client, made["id"]), await downloaded(client, made["id"], label=True)
    assert await downloaded(client, made["id"], label=False) == plain != labelled
    for content in (plain, labelled):
        manifest(client, content)
        assert by_exiv2(content).source == TRAINED
    link = await get(client, "api_key", "download", jobId=made["id"], format="JPEG", attachment=True)
    content_type, content = await fetch(link["url"])
    assert (content_type, by_exiv2(content).source) == ("image/jpeg", TRAINED)
    photo = await upload(client, person, png(Image.new("RGB", (256, 192), (90, 120, 200))))
    grown = {"mode": "OUTPAINT", "outpaint": {"left": 32}}
    edits = [
        await get(client, person, "editImage", input=dict(wish(client).input(image=image, **grown)))
        for image in (made["id"], photo)
    ]
    for edit, source, parent_is_signed in zip(edits, (TRAINED, COMPOSITE), (True, False), strict=True):
        await client.ended(edit["id"], person)
        content = await downloaded(client, edit["id"])
        (parent,) = manifest(client, content)["ingredients"]
        assert (parent["relationship"], "active_manifest" in parent) == ("parentOf", parent_is_signed)
        assert by_exiv2(content).source == source


@pytest.mark.parametrize("model", ["nanobanana-pro", "stable-image", "sdxl"])
async def test_every_size_of_every_workers_results_is_marked(client: StackClient, model: str) -> None:
    person = await client.new_user(1)
    async with event_log(client, person) as events:
        (job,) = await generate(client, person, wish(client).input(model=model))
        made = await sized(events, job["id"])
    files = [(await fetch(each["url"]))[1] for each in made["image"].values()]
    titles = {each["id"]: each["title"] for each in await get(client, person, "models")}
    said = Said(TRAINED, f"NamO Studio, {titles[model]}", job["createdAt"])
    assert [by_exiv2(content) for content in files] == [said] * 4


async def verified(client: StackClient, person: Any, content: bytes) -> dict[str, Any]:
    return await get(client, "api_key", "verifyImage", uploadId=await upload(client, person, content))


async def test_a_picture_that_comes_back_is_told_by_its_signature_its_mark_and_its_look(client: StackClient) -> None:
    person = await client.new_user(1)
    (made,) = await generate(client, person, wish(client).input())
    job = await client.ended(made["id"], person)
    signed = await downloaded(client, made["id"])
    said = {"madeAt": job["createdAt"], "model": "Nano Banana Pro"}
    assert await verified(client, person, signed) == {"provenance": "CREDENTIAL_VALID", **said}
    marked = (await fetch(job["image"]["original"]["url"]))[1]
    assert await verified(client, person, marked) == {"provenance": "MARK_FOUND", **said}
    with Image.open(io.BytesIO(marked)) as image:
        bare = png(image.convert("RGB").resize((500, 500)))
    assert await verified(client, person, bare) == {"provenance": "KNOWN_PICTURE", **said}
    nothing = {"provenance": "UNKNOWN", "madeAt": None, "model": None}
    assert await verified(client, person, png(Image.new("RGB", (64, 48), (20, 60, 220)))) == nothing
