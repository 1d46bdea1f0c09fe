"""Changing images on the running stack: in every way at every provider, nothing changes where nothing may."""

import asyncio
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
import pytest_asyncio
from PIL import Image

from local.client import Person
from tests.stack import books
from tests.stack.asking import ask, get
from tests.stack.client import StackClient
from tests.stack.event_log import Event, event_log
from tests.stack.files import asked, encoded, fetch, noise, opened, oval, png, upload

pytestmark = pytest.mark.asyncio(loop_scope="module")

SIZE = (321, 207)  # of no model's taste
MARGINS = {"left": 40, "top": 0, "right": 25, "bottom": 33}
MASKED = ("INPAINT_INSERT", "INPAINT_REMOVE", "BACKGROUND_SWAP")
EDITORS = ("nanobanana-pro", "nanobanana-2", "nanobanana-lite", "stable-image")
VERTEX = ("nanobanana-pro", "nanobanana-2", "nanobanana-lite")
UPSCALERS = ("nanobanana-pro", "stable-image")
VARIERS = ("nanobanana-lite", "stable-image", "stable-image-ultra", "stable-diffusion-3.5-large")
Made = Mapping[tuple[str, str], Image.Image]


@dataclass(frozen=True)
class Studio:
    """An administrator, who may use every model, and the ids of what was uploaded."""

    client: StackClient
    person: Person
    picture: Image.Image
    ids: Mapping[str, str]

    async def change(self, field: str, model: str, **more: Any) -> Event:
        """Ask for one change of the picture; the job as answered."""
        return await get(self.client, self.person, field, input=asked(model, image=self.ids["picture"]) | more)


CELLS: list[tuple[str, str]] = [
    *((model, mode) for model in EDITORS for mode in (*MASKED, "OUTPAINT")),
    *((model, "TEXTURE") for model in VERTEX),
    *((model, "TEXTURE IN MASK") for model in VERTEX),
    *((model, "CAMERA") for model in VERTEX),
    *((model, "UPSCALE") for model in UPSCALERS),
    ("stable-image", "CUT OUT"),
    *((model, "VARIATION") for model in VARIERS),
]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def studio(client: StackClient) -> Studio:
    person = await client.new_user(len(CELLS) + 10, admin=True)
    picture = noise(*SIZE, "RGBA")
    files = {
        "picture": png(picture),
        "mask": png(oval(*SIZE)),
        "black": png(Image.new("L", SIZE)),
        "texture": encoded(noise(90, 70, seed=2), "JPEG"),
    }
    sent = await asyncio.gather(*(upload(client, person, content, **_kind(name)) for name, content in files.items()))
    return Studio(client, person, picture, dict(zip(files, sent, strict=True)))


def _kind(name: str) -> dict[str, str]:
    if name == "texture":
        return {"contentType": "image/jpeg", "purpose": "TEXTURE"}
    return {"purpose": "MASK" if name in {"mask", "black"} else "REFERENCE"}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def made(studio: Studio) -> Made:
    """All changes at once, as they are stored."""
    async with event_log(studio.client, studio.person) as events:

        async def live(model: str, what: str) -> Image.Image:
            field, more = _wanted(what, studio.ids)
            job = await studio.change(field, model, **more)
            end = await events.end_of(job["id"])
            assert end["status"] == "COMPLETED", (model, what, end)
            original = end["image"]["original"]
            image = opened((await fetch(original["url"]))[1])
            assert image.size == (original["width"], original["height"])
            return image

        images = await asyncio.gather(*(live(*cell) for cell in CELLS))
    kept = books.of(studio.client, studio.person.sub)
    kept.check()
    assert len(kept.lines("CHARGE")) == len(CELLS)
    return dict(zip(CELLS, images, strict=True))


def _wanted(what: str, ids: Mapping[str, str]) -> tuple[str, dict[str, Any]]:
    prompt = {} if what == "INPAINT_REMOVE" else {"prompt": "A red balloon"}
    others: dict[str, tuple[str, dict[str, Any]]] = {
        "CAMERA": ("syncCamera", {"yaw": 30.0, "pitch": -10.0, "zoom": 1.5}),
        "TEXTURE": ("transferTexture", {"texture": ids["texture"]}),
        "TEXTURE IN MASK": ("transferTexture", {"texture": ids["texture"], "mask": ids["mask"], "prompt": "wool"}),
        "OUTPAINT": ("editImage", {"mode": what, "outpaint": MARGINS, "prompt": "A garden"}),
        "UPSCALE": ("upscaleImage", {}),
        "CUT OUT": ("removeBackground", {}),
        "VARIATION": ("varyImage", {"prompt": "A garden in winter"}),
    }
    return others.get(what, ("editImage", {"mode": what, "mask": ids["mask"], **prompt}))


def pixels(image: Image.Image) -> Any:
    return np.asarray(image.convert("RGBA"))


@pytest.mark.parametrize(("model", "what"), [cell for cell in CELLS if cell[1] in {*MASKED, "TEXTURE IN MASK"}])
async def test_outside_the_mask_no_pixel_differs_and_inside_most_do(
    studio: Studio, made: Made, model: str, what: str
) -> None:
    result, mask = made[model, what], np.asarray(oval(*SIZE))
    assert (result.format, result.size) == ("PNG", SIZE)
    differs = (pixels(result) != pixels(studio.picture)).any(axis=-1)
    assert differs[mask == 0].sum() == 0
    assert differs[mask == 255].mean() > 0.8


@pytest.mark.parametrize("model", EDITORS)
async def test_a_grown_canvas_holds_the_picture_as_it_was(studio: Studio, made: Made, model: str) -> None:
    result = made[model, "OUTPAINT"]
    left, top = MARGINS["left"], MARGINS["top"]
    assert result.size == (SIZE[0] + left + MARGINS["right"], SIZE[1] + top + MARGINS["bottom"])
    inner = result.crop((left, top, left + SIZE[0], top + SIZE[1]))
    assert (pixels(inner) == pixels(studio.picture)).all()
    assert pixels(result)[-1].std() > 0


@pytest.mark.parametrize("what", ["CAMERA", "TEXTURE"])
@pytest.mark.parametrize("model", VERTEX)
async def test_what_has_no_mask_is_a_picture_of_its_own(made: Made, model: str, what: str) -> None:
    result = made[model, what]
    assert max(result.size) == 1024
    assert result.width > result.height  # it keeps the shape


@pytest.mark.parametrize(("model", "times"), [("nanobanana-pro", 3.19), ("stable-image", 4)])
async def test_what_is_larger_has_the_pictures_shape_and_transparency(
    studio: Studio, made: Made, model: str, times: float
) -> None:
    result = made[model, "UPSCALE"]
    assert abs(result.width / SIZE[0] - times) < 0.01
    assert abs(result.height / result.width - SIZE[1] / SIZE[0]) < 0.01
    alpha = np.asarray(result.getchannel("A").resize(SIZE), float)
    assert np.abs(alpha - np.asarray(studio.picture.getchannel("A"), float)).mean() < 60


async def test_what_is_cut_out_is_the_picture_itself_and_shows_through(studio: Studio, made: Made) -> None:
    result, original = pixels(made["stable-image", "CUT OUT"]), pixels(studio.picture)
    assert (result[..., :3] == original[..., :3]).all()
    assert (result[..., 3] <= original[..., 3]).all()
    assert (result[..., 3] == 0).mean() > 0.25
    assert (result[..., 3] == original[..., 3]).mean() > 0.25


@pytest.mark.parametrize("model", VARIERS)
async def test_a_variation_is_another_picture(studio: Studio, made: Made, model: str) -> None:
    result = made[model, "VARIATION"]
    assert result.width > result.height
    alike = result.convert("RGB").resize(SIZE) if result.size != SIZE else result.convert("RGB")
    assert np.abs(np.asarray(alike, float) - np.asarray(studio.picture.convert("RGB"), float)).mean() > 16


async def test_a_result_can_be_changed_again_by_its_jobs_id(studio: Studio) -> None:
    client, person = studio.client, studio.person
    async with event_log(client, person) as events:
        first = await studio.change("editImage", "stable-image", **_mask(studio))
        early = await _again(studio, first["id"])
        assert early.error_types == ["JOB_NOT_COMPLETED"]
        one = await events.end_of(first["id"])
        second = (await _again(studio, first["id"])).data["editImage"]
        other = await events.end_of(second["id"])
    before, after = [opened((await fetch(end["image"]["original"]["url"]))[1]) for end in (one, other)]
    differs = (pixels(after) != pixels(before)).any(axis=-1)
    assert differs[np.asarray(oval(*SIZE)) == 0].sum() == 0
    assert differs.any()


def _mask(studio: Studio) -> dict[str, Any]:
    return {"mode": "INPAINT_INSERT", "mask": studio.ids["mask"], "prompt": "A cat"}


async def _again(studio: Studio, job_id: str) -> Any:
    wanted = asked("nanobanana-pro", image=job_id) | _mask(studio)
    return await ask(studio.client, studio.person, "editImage", input=wanted)


async def test_a_mask_that_lets_nothing_change_fails_with_a_reason_and_is_not_paid(client: StackClient) -> None:
    person = await client.new_user(2)
    image, black = [await upload(client, person, png(Image.new("L", (64, 64), grey))) for grey in (99, 0)]
    async with event_log(client, person) as events:
        for model in ("nanobanana-pro", "stable-image"):
            wanted = asked(model, image=image, mask=black, mode="INPAINT_REMOVE")
            job = await get(client, person, "editImage", input=wanted)
            end = await events.end_of(job["id"], refunded=True)
            assert (end["status"], end["errorCode"]) == ("FAILED", "INVALID_IMAGE")
            assert "mask" in end["errorMessage"]
    assert await client.points(person) == 2
    books.of(client, person.sub).check()


async def test_the_same_request_again_is_the_same_job(client: StackClient) -> None:
    person = await client.new_user(3)
    image = await upload(client, person, png(noise(64, 64)))
    wanted = asked("nanobanana-pro", image=image, yaw=10.0, pitch=0.0)
    one, other = await asyncio.gather(*(get(client, person, "syncCamera", input=wanted) for _ in range(2)))
    assert one["id"] == other["id"]
    assert await client.points(person) == 2
    refused = await ask(client, person, "syncCamera", input=wanted | {"yaw": 11.0})
    assert refused.error_types == ["REQUEST_ID_REUSED"]


@pytest.mark.parametrize(
    ("field", "more", "error"),
    [
        ("editImage", {"model": "sdxl", "mode": "INPAINT_REMOVE", "mask": "image"}, "KIND_NOT_SUPPORTED"),
        ("editImage", {"model": "titan", "mode": "INPAINT_REMOVE", "mask": "image"}, "MODEL_RETIRED"),
        ("editImage", {"model": "nanobanana-2", "mode": "INPAINT_REMOVE", "mask": "image"}, "MODEL_ADMIN_ONLY"),
        ("editImage", {"mode": "INPAINT_REMOVE"}, "MASK_MISSING"),
        ("editImage", {"mode": "OUTPAINT", "outpaint": {"left": 0}}, "OUTPAINT_OUT_OF_RANGE"),
        ("editImage", {"mode": "INPAINT_INSERT", "mask": "image"}, "PROMPT_EMPTY"),
        ("syncCamera", {"model": "stable-image", "yaw": 1.0, "pitch": 1.0}, "KIND_NOT_SUPPORTED"),
        ("removeBackground", {}, "KIND_NOT_SUPPORTED"),
        ("upscaleImage", {"model": "nanobanana-lite"}, "KIND_NOT_SUPPORTED"),
        ("varyImage", {"model": "titan"}, "MODEL_RETIRED"),
        ("varyImage", {"image": str(uuid.uuid4())}, "UPLOAD_UNKNOWN"),
        ("syncCamera", {"yaw": 1e9, "pitch": 1.0}, "CAMERA_OUT_OF_RANGE"),
        ("transferTexture", {"texture": str(uuid.uuid4())}, "UPLOAD_UNKNOWN"),
    ],
)
async def test_what_cannot_be_done_is_refused_and_takes_nothing(
    client: StackClient, field: str, more: dict[str, Any], error: str
) -> None:
    person = await client.new_user(2)
    image = await upload(client, person, png(noise(64, 64)))
    given = {name: image if value == "image" else value for name, value in more.items()}
    refused = await ask(client, person, field, input=asked("nanobanana-pro", image=image) | given)
    assert refused.error_types == [error]
    assert await client.points(person) == 2
    assert books.of(client, person.sub).jobs == []
