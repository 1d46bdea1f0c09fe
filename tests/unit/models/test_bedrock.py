"""Bedrock's endpoint through boto3, and without it where boto3 would not let one err."""

import base64
import io
import json
from typing import Any

import httpx
import pytest
from botocore.exceptions import ClientError
from PIL import Image

from tests.unit.models.conftest import Server, png
from tests.unit.workers.bedrock_calls import client

CORE, V2 = "stability.stable-image-core-v1:1", "amazon.titan-image-generator-v2:0"
INPAINT, ERASE = "us.stability.stable-image-inpaint-v1:0", "us.stability.stable-image-erase-object-v1:0"
OUTPAINT, NOVA = "us.stability.stable-outpaint-v1:0", "amazon.nova-canvas-v1:0"
FOX = {"prompt": "a fox"}
TEXT_IMAGE = {"taskType": "TEXT_IMAGE", "textToImageParams": {"text": "a fox"}}


LEFT_BLACK = png("white", box=(0, 0, 48, 64))


def ask(server: Server, model: str, body: dict[str, Any], region: str = "us-west-2") -> dict[str, Any]:
    return json.loads(client(server.url, region).invoke_model(modelId=model, body=json.dumps(body))["body"].read())


def refused(server: Server, model: str, body: dict[str, Any], region: str = "us-west-2") -> tuple[str, str]:
    with pytest.raises(ClientError) as caught:
        ask(server, model, body, region)
    error = caught.value.response.get("Error", {})
    return error.get("Code", ""), error.get("Message", "")


def picture(answer: dict[str, Any]) -> Image.Image:
    image = Image.open(io.BytesIO(base64.b64decode(answer["images"][0])))
    image.load()
    return image.convert("RGB")


SKETCH = png("teal", other="white", box=(24, 16, 72, 48))
FAST, CONSERVATIVE = (f"us.stability.stable-{kind}-upscale-v1:0" for kind in ("fast", "conservative"))
CUT_OUT, STRUCTURE = (f"us.stability.stable-image-{kind}-v1:0" for kind in ("remove-background", "control-structure"))
SD35, ULTRA = "stability.sd3-5-large-v1:0", "stability.stable-image-ultra-v1:1"


def test_upscalers_enlarge(clean: Server) -> None:
    assert picture(ask(clean, FAST, {"image": SKETCH})).size == (384, 256)
    assert picture(ask(clean, CONSERVATIVE, {**FOX, "image": png("teal", size=(64, 64))})).size == (4096, 4096)
    assert is_teal(picture(ask(clean, FAST, {"image": png("teal")})), (0, 0, 384, 256))


def test_a_background_is_made_transparent_and_the_middle_stays(clean: Server) -> None:
    found = base64.b64decode(ask(clean, CUT_OUT, {"image": SKETCH})["images"][0])
    with Image.open(io.BytesIO(found)) as image:
        assert (image.mode, image.size) == ("RGBA", (96, 64))
        alpha = image.getchannel("A")
    assert [alpha.getpixel(at) for at in ((0, 0), (95, 63), (48, 32))] == [0, 0, 255]


@pytest.mark.parametrize(
    ("model", "body"),
    [
        (SD35, {"mode": "image-to-image", "strength": 0.5}),
        (ULTRA, {"strength": 0.5}),
        (STRUCTURE, {"control_strength": 0.5}),
    ],
)
def test_a_variation_differs_by_its_seed(clean: Server, model: str, body: dict[str, Any]) -> None:
    one, other, again = (ask(clean, model, {**FOX, "image": SKETCH, "seed": seed, **body}) for seed in (1, 2, 1))
    assert one["images"] == again["images"] != other["images"]
    assert picture(one).size == (96, 64)


@pytest.mark.parametrize(
    ("model", "body", "words"),
    [
        (FAST, {"image": SKETCH, "prompt": "a fox"}, "prompt"),
        (FAST, {"image": png("teal", size=(1600, 64))}, "1600x64"),
        (CONSERVATIVE, {"image": SKETCH}, "prompt"),
        (CONSERVATIVE, {**FOX, "image": png("teal", size=(1100, 1000))}, "1100x1000"),
        (CUT_OUT, {"image": png("teal", size=(63, 64))}, "63x64"),
        (SD35, {**FOX, "image": SKETCH, "strength": 0.5}, "mode"),
        (SD35, {**FOX, "mode": "image-to-image"}, "mode"),
        (ULTRA, {**FOX, "image": SKETCH, "strength": 1.5}, "strength"),
        (CORE, {**FOX, "image": SKETCH}, "image"),
    ],
)
def test_what_a_tool_does_not_take(clean: Server, model: str, body: dict[str, Any], words: str) -> None:
    code, message = refused(clean, model, body)
    assert code == "ValidationException"
    assert words in message


def is_teal(image: Image.Image, box: tuple[int, int, int, int]) -> bool:
    colours = image.crop(box).getextrema()
    return all(
        abs(edge - teal) < 16
        for extrema, teal in zip(colours, (0, 128, 128), strict=True)
        for edge in (extrema if isinstance(extrema, tuple) else (extrema,))
    )


LEFT, RIGHT = (8, 0, 40, 64), (56, 0, 96, 64)


def test_stability_generates(clean: Server) -> None:
    answer = ask(clean, CORE, {**FOX, "aspect_ratio": "16:9", "seed": 5})
    assert picture(answer).size == (1024, 576)
    assert (answer["seeds"], answer["finish_reasons"]) == ([5], [None])
    assert answer["images"] == ask(clean, CORE, {**FOX, "aspect_ratio": "16:9", "seed": 5})["images"]


def test_stability_edits_what_is_white_and_grows_by_itself(clean: Server) -> None:
    files = {"image": png("teal"), "mask": png("white", box=RIGHT)}
    inpainted = picture(ask(clean, INPAINT, {**FOX, **files}))
    assert is_teal(inpainted, RIGHT)
    assert not is_teal(inpainted, LEFT)
    assert is_teal(picture(ask(clean, ERASE, files)), LEFT)
    grown = picture(ask(clean, OUTPAINT, {"image": png("teal"), "left": 30, "up": 10}))
    assert grown.size == (126, 74)
    assert is_teal(grown, (30, 10, 126, 74))


@pytest.mark.parametrize("model", [V2, NOVA])
def test_amazons_models_inpaint_black_and_outpaint_white(clean: Server, model: str) -> None:
    files = {"image": png("teal"), "maskImage": LEFT_BLACK, "text": "a fox"}
    inpainted = ask(clean, model, {"taskType": "INPAINTING", "inPaintingParams": files}, "us-east-1")
    outpainted = ask(clean, model, {"taskType": "OUTPAINTING", "outPaintingParams": files}, "us-east-1")
    assert is_teal(picture(inpainted), RIGHT)
    assert not is_teal(picture(inpainted), LEFT)
    assert is_teal(picture(outpainted), LEFT)
    assert not is_teal(picture(outpainted), RIGHT)
    assert inpainted["error"] is None


def test_amazons_models_generate_and_vary(clean: Server) -> None:
    size = {"width": 1152, "height": 896}
    assert picture(ask(clean, V2, {**TEXT_IMAGE, "imageGenerationConfig": size})).size == (1152, 896)
    varied = {"taskType": "IMAGE_VARIATION", "imageVariationParams": {"images": [png("teal")], "text": "a fox"}}
    assert picture(ask(clean, V2, varied)).size == (1024, 1024)


@pytest.mark.parametrize(
    ("model", "body", "what"),
    [
        (CORE, {}, "prompt"),
        (CORE, {**FOX, "aspect_ratio": "4:3"}, "aspect_ratio"),
        (CORE, {**FOX, "seed": -1}, "seed"),
        (CORE, {**FOX, "output_format": "gif"}, "output_format"),
        (CORE, {**FOX, "width": 5}, "width"),
        (INPAINT, FOX, "image"),
        (INPAINT, {**FOX, "image": png("teal"), "mask": png("white"), "grow_mask": 21}, "grow_mask"),
        (ERASE, {"image": png("teal"), "mask": png("white", (9, 9))}, "same size"),
        (OUTPAINT, {"image": png("teal")}, "non-zero"),
        (OUTPAINT, {"image": png("teal"), "left": 2001}, "left"),
        (OUTPAINT, {"image": base64.b64encode(b"no").decode(), "left": 20}, "input image"),
        (V2, {}, "taskType"),
        (V2, {"taskType": "TEXT_IMAGE"}, "textToImageParams"),
        (V2, {**TEXT_IMAGE, "textToImageParams": {"text": "x" * 513}}, "maxLength: 512"),
        (V2, {**TEXT_IMAGE, "imageGenerationConfig": {"width": 1000, "height": 1000}}, "1000x1000"),
        (V2, {**TEXT_IMAGE, "imageGenerationConfig": {"seed": 2**31 - 1}}, "seed"),
        (V2, {**TEXT_IMAGE, "imageGenerationConfig": {"numberOfImages": 2}}, "one image"),
        (V2, {**TEXT_IMAGE, "imageGenerationConfig": {"steps": 2}}, "steps"),
        (V2, {"taskType": "INPAINTING", "inPaintingParams": {"image": "", "maskPrompt": "sky"}}, "maskImage"),
        (V2, {"taskType": "IMAGE_VARIATION", "imageVariationParams": {"images": []}}, "1 to 5"),
    ],
)
def test_bad_bodies_are_refused_as_amazon_does(clean: Server, model: str, body: dict[str, Any], what: str) -> None:
    code, message = refused(clean, model, body)
    assert code == "ValidationException"
    assert what in message


def test_nova_takes_no_size_where_the_image_has_one(clean: Server) -> None:
    params = {"image": png("teal"), "maskImage": LEFT_BLACK, "text": "a fox"}
    body = {"taskType": "INPAINTING", "inPaintingParams": params, "imageGenerationConfig": {"width": 320}}
    assert refused(clean, NOVA, body, "us-east-1")[0] == "ValidationException"


def test_models_have_their_regions_and_their_end(clean: Server) -> None:
    assert refused(clean, CORE, FOX, "us-east-1") == (
        "ValidationException",
        "The provided model identifier is invalid.",
    )
    assert refused(clean, "stability.unheard-of-v1:0", FOX)[0] == "ValidationException"
    code, message = refused(clean, "stability.stable-diffusion-xl-v1", FOX)
    assert code == "ResourceNotFoundException"
    assert "end of its life" in message


def test_filters_speak_in_two_ways(clean: Server) -> None:
    clean.faults("blocked", "prompt-blocked", contains="a fox")
    assert ask(clean, CORE, FOX)["finish_reasons"] == ["Filter reason: output image"]
    assert ask(clean, CORE, FOX) == {"seeds": [0], "finish_reasons": ["Filter reason: prompt"], "images": []}
    code, message = refused(clean, V2, {**TEXT_IMAGE, "textToImageParams": {"text": "a Forbidden fox"}})
    assert code == "ValidationException"
    assert "blocked by our content filters" in message


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ("403", "AccessDeniedException"),
        ("404", "ResourceNotFoundException"),
        ("408", "ModelTimeoutException"),
        ("424", "ModelErrorException"),
        ("429", "ThrottlingException"),
        ("500", "InternalServerException"),
        ("502", "InternalServerException"),
        ("503", "ServiceUnavailableException"),
    ],
)
def test_errors_have_amazons_names(clean: Server, fault: str, code: str) -> None:
    clean.faults(fault)
    assert refused(clean, CORE, FOX)[0] == code
    assert refused(clean, f"{CORE}~{fault}", FOX)[0] == code


def test_a_call_must_be_signed_for_bedrock(clean: Server) -> None:
    url = f"{clean.url}/model/{CORE}/invoke"
    scope = "Credential=a/20261120/us-west-2/s3/aws4_request, SignedHeaders=host, Signature=0"
    for headers in ({}, {"authorization": "Bearer t"}, {"authorization": f"AWS4-HMAC-SHA256 {scope}"}):
        answer = httpx.post(url, json=FOX, headers={"x-amz-date": "20261120T000000Z", **headers})
        assert answer.status_code == 403
        assert answer.headers["x-amzn-errortype"] == "MissingAuthenticationTokenException"


def test_a_body_that_is_no_object(clean: Server) -> None:
    scope = "Credential=a/20261120/us-west-2/bedrock/aws4_request, SignedHeaders=host, Signature=0"
    headers = {"authorization": f"AWS4-HMAC-SHA256 {scope}", "x-amz-date": "20261120T000000Z"}
    for content in (b"[]", b"<"):
        answer = httpx.post(f"{clean.url}/model/{CORE}/invoke", content=content, headers=headers)
        assert (answer.status_code, answer.headers["x-amzn-errortype"]) == (400, "ValidationException")
