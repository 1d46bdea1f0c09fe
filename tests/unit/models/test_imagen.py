"""Imagen's endpoint, as one calls it without our worker."""

import base64
import io
from typing import Any

import httpx
import numpy as np
import pytest
from PIL import Image

from tests.unit.models.conftest import Server, png

PATH = "/v1/projects/p/locations/us-central1/publishers/google/models"
MODEL = "imagen-3.0-capability-001"


MASK = {"maskMode": "MASK_MODE_USER_PROVIDED", "dilation": 0.01}


def reference(role: str, data: str, **more: Any) -> dict[str, Any]:
    image = {"bytesBase64Encoded": data, "mimeType": "image/png"}
    return {"referenceType": f"REFERENCE_TYPE_{role}", "referenceId": 1, "referenceImage": image, **more}


def body(prompt: str = "a fox", mask: dict[str, Any] | None = None, **parameters: Any) -> dict[str, Any]:
    images = [
        reference("RAW", png("teal")),
        reference("MASK", png("black", other="white", box=(0, 0, 48, 64)), maskImageConfig=mask or MASK),
    ]
    given = {"editMode": "EDIT_MODE_INPAINT_INSERTION", "editConfig": {"baseSteps": 35}, **parameters}
    return {"instances": [{"prompt": prompt, "referenceImages": images}], "parameters": given}


def post(server: Server, content: Any, model: str = MODEL, **headers: str) -> httpx.Response:
    sent = {"authorization": f"Bearer {server.token()}", **headers}
    return httpx.post(f"{server.url}{PATH}/{model}:predict", json=content, headers=sent, timeout=20)


def picture(answer: httpx.Response) -> Image.Image:
    (prediction,) = answer.json()["predictions"]
    image = Image.open(io.BytesIO(base64.b64decode(prediction["bytesBase64Encoded"])))
    assert prediction["mimeType"] == Image.MIME[image.format or ""]
    return image


def test_only_the_mask_is_drawn_but_nothing_comes_back_untouched(clean: Server) -> None:
    image = picture(post(clean, body()))
    assert image.size == (96, 64)
    teal = (0, 128, 128)
    inside = {image.getpixel((x, y)) for x in range(8, 40) for y in range(64)}
    outside = [image.getpixel((x, y)) for x in range(64, 96) for y in range(64)]
    assert len(inside) > 100
    assert all(
        isinstance(pixel, tuple) and max(abs(a - b) for a, b in zip(pixel, teal, strict=True)) < 16 for pixel in outside
    )
    assert sum(pixel == teal for pixel in outside) < len(outside) / 2


def test_what_is_removed_leaves_its_surroundings(clean: Server) -> None:
    image = picture(post(clean, body("whatever is said", editMode="EDIT_MODE_INPAINT_REMOVAL")))
    mean = np.asarray(image.convert("RGB"))[:, :48].mean(axis=(0, 1))
    assert np.abs(mean - (0, 128, 128)).max() < 20


def test_jpeg_and_seeds(clean: Server) -> None:
    assert picture(post(clean, body(outputOptions={"mimeType": "image/jpeg"}))).format == "JPEG"
    first, again = (picture(post(clean, body(seed=5, addWatermark=False))) for _ in range(2))
    assert first.tobytes() == again.tobytes()


def test_the_filter_tells_why_only_where_it_is_asked(clean: Server) -> None:
    clean.faults("blocked", "prompt-blocked")
    assert post(clean, body()).json() == {}
    refused = post(clean, body())
    assert (refused.status_code, refused.json()["error"]["status"]) == (400, "INVALID_ARGUMENT")
    assert "Responsible AI practices" in refused.json()["error"]["message"]
    answer = post(clean, body("something Forbidden", includeRaiReason=True)).json()
    assert "usage guidelines" in answer["predictions"][0]["raiFilteredReason"]


def test_faults_by_header_and_by_the_models_name(clean: Server) -> None:
    assert post(clean, body(), f"{MODEL}~503").status_code == 503
    assert post(clean, body(), **{"x-local-fault": "429+retry-after:2"}).headers["retry-after"] == "2"
    assert post(clean, body(), f"{MODEL}~nonsense").status_code == 400


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ({}, "one instance"),
        ({"instances": []}, "one instance"),
        ({"instances": [{"prompt": "a", "extra": 1}]}, "extra"),
        ({"instances": [{"prompt": "a"}]}, "one mask"),
        (body(editMode="EDIT_MODE_DREAM"), "not supported"),
        (body(editConfig={"baseSteps": 76}), "baseSteps"),
        (body(sampleCount=4), "one sample"),
        (body(seed=5), "watermark"),
        (body(outputOptions={"mimeType": "image/gif"}), "image/gif"),
        (body(surprise=1), "surprise"),
        (body(mask={"maskMode": "MASK_MODE_BACKGROUND"}), "Mask mode"),
        (body(mask={**MASK, "dilation": 2}), "dilation"),
        ({"instances": [{"referenceImages": [reference("RAW", "%%")]}]}, "Base64"),
    ],
)
def test_bad_bodies_are_refused_as_google_does(clean: Server, content: Any, message: str) -> None:
    answer = post(clean, content)
    assert answer.status_code == 400
    assert message in answer.json()["error"]["message"]


def test_masks_of_another_size_and_pictures_that_are_none(clean: Server) -> None:
    for image, mask in ((png("teal"), png("black", (50, 50))), (base64.b64encode(b"no").decode(), png("black"))):
        wrong = body()
        wrong["instances"][0]["referenceImages"] = [
            reference("RAW", image),
            reference("MASK", mask, maskImageConfig=MASK),
        ]
        assert post(clean, wrong).status_code == 400


def test_each_method_has_its_models_and_needs_a_token(clean: Server) -> None:
    assert post(clean, body(), "gemini-3-pro-image").status_code == 404
    assert post(clean, body(), "imagegeneration@006").status_code == 404
    assert httpx.post(f"{clean.url}{PATH}/{MODEL}:predict", json=body()).status_code == 401
