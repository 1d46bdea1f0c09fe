import base64
import io
import json
import time
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import httpx
import pytest
from google.genai import Client, errors, types
from google.oauth2.credentials import Credentials
from PIL import Image

from tests.unit.models.conftest import Server

PRO, NANO = "gemini-3-pro-image", "gemini-nano-banana-2.1"


@pytest.fixture(scope="session")
def client(server: Server) -> Iterator[Client]:
    with closing(server.client()) as client:
        yield client


def ask(client: Client, prompt: str = "a fox", model: str = PRO, **image: Any) -> types.GenerateContentResponse:
    seed = image.pop("seed", 1)
    config = types.GenerateContentConfig(
        response_modalities=["TEXT", "IMAGE"],
        seed=seed,
        image_config=types.ImageConfig.model_validate({"image_size": "512", **image}),
    )
    return client.models.generate_content(model=model, contents=prompt, config=config)


def details(error: errors.APIError) -> dict[str, Any]:
    return dict(error.details)  # the SDK gives it no type


def blob(response: types.GenerateContentResponse) -> types.Blob:
    assert response.parts
    data = response.parts[-1].inline_data
    assert data
    return data


def picture(response: types.GenerateContentResponse) -> Image.Image:
    image = Image.open(io.BytesIO(blob(response).data or b""))
    image.load()
    return image


def test_an_image_through_the_sdk(client: Client) -> None:
    response = ask(client, aspect_ratio="16:9")
    assert picture(response).size == (512, 288)
    assert blob(response).mime_type == "image/png"
    assert response.candidates
    assert response.candidates[0].finish_reason == types.FinishReason.STOP
    assert response.model_version == PRO
    assert response.response_id
    assert response.usage_metadata
    assert response.usage_metadata.candidates_token_count == 1120


@pytest.mark.parametrize(
    ("aspect", "size"),
    [("1:1", (1024, 1024)), ("3:4", (768, 1024)), ("4:3", (1024, 768)), ("9:16", (576, 1024)), ("16:9", (1024, 576))],
)
def test_aspect_ratios(client: Client, aspect: str, size: tuple[int, int]) -> None:
    assert picture(ask(client, aspect_ratio=aspect, image_size="1K")).size == size


@pytest.mark.parametrize(("aspect", "size"), [("21:9", (512, 219)), ("8:1", (512, 64)), ("1:4", (128, 512))])
def test_the_newest_model_has_shapes_that_no_other_has(client: Client, aspect: str, size: tuple[int, int]) -> None:
    assert picture(ask(client, model=NANO, aspect_ratio=aspect)).size == size
    if aspect != "21:9":
        with pytest.raises(errors.ClientError, match="aspect_ratio"):
            ask(client, aspect_ratio=aspect)


def test_a_model_is_where_it_is_and_makes_the_sizes_that_it_makes(server: Server) -> None:
    with pytest.raises(errors.ClientError) as error:
        ask(server.client(location="asia-southeast1"), model=NANO)
    assert error.value.code == 404
    assert picture(ask(server.client(location="asia-southeast1"))).size == (512, 512)
    with pytest.raises(errors.ClientError, match="image_size"):
        ask(server.client(), model="gemini-3.1-flash-lite-image", image_size="2K")


def test_2k(client: Client) -> None:
    assert picture(ask(client, prompt="abstract", aspect_ratio="16:9", image_size="2K")).size == (2048, 1152)


def test_the_same_seed_gives_the_same_bytes_and_none_gives_others(client: Client) -> None:
    first, again = (blob(ask(client, seed=5)).data for _ in range(2))
    assert first == again
    assert blob(ask(client, seed=None)).data != blob(ask(client, seed=None)).data


def test_jpeg_where_asked(client: Client) -> None:
    response = ask(client, output_mime_type="image/jpeg", output_compression_quality=80)
    assert (picture(response).format, blob(response).mime_type) == ("JPEG", "image/jpeg")


def test_reference_images(client: Client) -> None:
    out = io.BytesIO()
    Image.new("RGB", (40, 40), (250, 0, 200)).save(out, "PNG")
    reference = types.Part.from_bytes(data=out.getvalue(), mime_type="image/png")
    config = types.GenerateContentConfig(seed=1, image_config=types.ImageConfig(image_size="512"))
    response = client.models.generate_content(model=PRO, contents=[reference, "a fox"], config=config)
    assert blob(response).data != blob(ask(client)).data


@pytest.mark.parametrize(("given", "size"), [((80, 60), (512, 384)), ((50, 90), (288, 512)), ((64, 64), (512, 512))])
def test_an_image_that_is_changed_keeps_its_shape(
    client: Client, given: tuple[int, int], size: tuple[int, int]
) -> None:
    out = io.BytesIO()
    Image.new("RGB", given, (250, 0, 200)).save(out, "PNG")
    reference = types.Part.from_bytes(data=out.getvalue(), mime_type="image/png")
    config = types.GenerateContentConfig(seed=1, image_config=types.ImageConfig(image_size="512"))
    response = client.models.generate_content(model=PRO, contents=[reference, "a fox"], config=config)
    assert picture(response).size == size


def test_the_safety_filter_and_a_blocked_fault_look_alike(clean: Server, client: Client) -> None:
    clean.faults("blocked", contains="otter")
    for prompt in ("a Forbidden fox", "an otter"):
        candidate = (ask(client, prompt).candidates or [])[0]
        assert candidate.finish_reason == types.FinishReason.IMAGE_SAFETY
        assert candidate.content
        assert candidate.content.parts is None


def test_a_model_that_thinks_shows_its_drafts_first(clean: Server, client: Client) -> None:
    clean.faults("drafts", "only-drafts")
    parts = ask(client).parts or []
    assert [(bool(part.thought), bool(part.inline_data)) for part in parts] == [
        *[(True, False), (True, True)] * 2,
        (False, True),
    ]
    assert parts[-1].thought_signature
    assert all(part.thought for part in ask(client).parts or [])


def test_declined_in_words_and_recitation(clean: Server, client: Client) -> None:
    clean.faults("refused-in-words", "recitation")
    refused, recited = (response.candidates or [] for response in (ask(client), ask(client)))
    assert refused[0].finish_reason == types.FinishReason.STOP
    assert refused[0].content
    assert [bool(part.text) for part in refused[0].content.parts or []] == [True]
    assert recited[0].finish_reason == types.FinishReason.IMAGE_RECITATION


def test_a_blocked_prompt_has_no_candidates(clean: Server, client: Client) -> None:
    clean.faults("prompt-blocked")
    response = ask(client)
    assert not response.candidates
    assert response.prompt_feedback
    assert response.prompt_feedback.block_reason == types.BlockedReason.PROHIBITED_CONTENT


@pytest.mark.parametrize(
    ("code", "status"), [(429, "RESOURCE_EXHAUSTED"), (400, "INVALID_ARGUMENT"), (403, "PERMISSION_DENIED")]
)
def test_client_errors(clean: Server, client: Client, code: int, status: str) -> None:
    clean.faults(str(code))
    with pytest.raises(errors.ClientError) as caught:
        ask(client)
    assert (caught.value.code, caught.value.status) == (code, status)
    assert details(caught.value)["error"]["message"] == caught.value.message


@pytest.mark.parametrize(("code", "status"), [(500, "INTERNAL"), (503, "UNAVAILABLE"), (504, "DEADLINE_EXCEEDED")])
def test_server_errors(clean: Server, client: Client, code: int, status: str) -> None:
    clean.faults(str(code))
    with pytest.raises(errors.ServerError) as caught:
        ask(client)
    assert (caught.value.code, caught.value.status) == (code, status)


def test_retry_after(clean: Server, client: Client) -> None:
    clean.faults("retry-after:7")
    with pytest.raises(errors.ClientError) as caught:
        ask(client)
    assert caught.value.code == 429
    assert caught.value.response.headers["retry-after"] == "7"
    assert details(caught.value)["error"]["details"][0]["retryDelay"] == "7s"


def test_slow_answers_late_and_a_client_may_give_up(clean: Server, client: Client) -> None:
    clean.faults("slow:0.3")
    started = time.monotonic()
    ask(client)
    assert time.monotonic() - started >= 0.3
    clean.faults("slow:1")
    before = clean.calls()["count"]
    with closing(clean.client(timeout_ms=200)) as impatient, pytest.raises(httpx.TimeoutException):
        ask(impatient)
    while clean.calls()["count"] == before:  # the server logs it when it would have answered
        time.sleep(0.05)


def test_drop_cuts_the_connection(clean: Server, client: Client) -> None:
    clean.faults("drop")
    with pytest.raises(httpx.RemoteProtocolError):
        ask(client)


def test_not_json(clean: Server, client: Client) -> None:
    clean.faults("not-json")
    with pytest.raises((errors.UnknownApiResponseError, ValueError)):
        ask(client)


@pytest.mark.parametrize("fault", ["garbage", "truncated"])
def test_bytes_that_are_no_whole_picture(clean: Server, client: Client, fault: str) -> None:
    clean.faults(fault)
    response = ask(client)
    assert blob(response).mime_type == "image/png"
    with pytest.raises(OSError, match=r"cannot identify|truncated|Truncated"):
        picture(response)


def test_wrong_mime(clean: Server, client: Client) -> None:
    clean.faults("wrong-mime")
    response = ask(client)
    assert (picture(response).format, blob(response).mime_type) == ("JPEG", "image/png")


def test_empty_candidates(clean: Server, client: Client) -> None:
    clean.faults("empty")
    assert not ask(client).candidates


def test_faults_by_header_and_by_model_name(clean: Server, client: Client) -> None:
    clean.faults("500")
    with pytest.raises(errors.ServerError, match="503"):
        ask(clean.client(headers={"x-local-fault": "503"}))
    with pytest.raises(errors.ClientError, match="429"):
        ask(client, model=f"{PRO}~429")
    with pytest.raises(errors.ServerError, match="500"):
        ask(client)


def test_faults_of_a_rule_go_away_with_delete(clean: Server, client: Client) -> None:
    clean.faults("500", repeat=True)
    httpx.delete(f"{clean.url}/_faults").raise_for_status()
    assert ask(client).candidates


@pytest.mark.parametrize(
    "body", ['{"faults": ["teapot"]}', '{"faults": []}', "[]", "{", '{"faults": ["ok"], "when": 1}']
)
def test_a_bad_rule_is_refused(clean: Server, body: str) -> None:
    answer = httpx.post(f"{clean.url}/_faults", content=body)
    assert (answer.status_code, bool(answer.json()["error"])) == (400, True)


def test_calls_are_counted_and_timed(clean: Server, client: Client) -> None:
    before = clean.calls()["count"]
    clean.faults("429", "slow:0.1", contains="heron")
    with pytest.raises(errors.ClientError):
        ask(client, "a heron")
    headers = (ask(client, "a heron").sdk_http_response or types.HttpResponse()).headers or {}
    log = clean.calls()
    refused, drawn = log["calls"][-2:]
    assert log["count"] == before + 2
    assert (refused["status"], refused["fault"], refused["renderMs"]) == (429, "429", 0)
    assert (drawn["status"], drawn["model"], drawn["prompt"]) == (200, PRO, "a heron")
    assert drawn["modelMs"] >= drawn["renderMs"] + 100
    assert float(headers["x-render-ms"]) == drawn["renderMs"] > 0


def test_an_unknown_model_is_not_found(client: Client) -> None:
    with pytest.raises(errors.ClientError, match="NOT_FOUND"):
        ask(client, model="gemini-0-nothing")


@pytest.mark.parametrize("bad", [{"aspect_ratio": "5:1"}, {"image_size": "8K"}, {"image_size": "1k"}])
def test_bad_image_settings(client: Client, bad: dict[str, str]) -> None:
    with pytest.raises(errors.ClientError, match="INVALID_ARGUMENT"):
        ask(client, **bad)


def test_a_call_needs_a_token_given_here(server: Server) -> None:
    stranger = Client(
        vertexai=True,
        project="p",
        location="global",
        credentials=Credentials(token="made-up"),
        http_options=types.HttpOptions(base_url=server.url),
    )
    with pytest.raises(errors.ClientError, match="UNAUTHENTICATED"):
        ask(stranger)


def post(server: Server, body: Any, version: str = "v1beta1") -> httpx.Response:
    url = f"{server.url}/{version}/projects/p/locations/l/publishers/google/models/{PRO}:generateContent"
    content = body if isinstance(body, str) else json.dumps(body)
    return httpx.post(url, headers={"Authorization": f"Bearer {server.token()}"}, content=content)


def turn(*parts: Any) -> dict[str, Any]:
    return {"contents": [{"role": "user", "parts": list(parts)}]}


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("{", "Invalid JSON payload"),
        ([], "an object is expected"),
        ({}, "contents"),
        (turn(), "parts"),
        ({**turn({"text": "x"}), "content": 1}, 'Unknown name "content"'),
        ({**turn({"text": "x"}), "generationConfig": {"seed": "1"}}, "TYPE_INT32"),
        ({"contents": [{"role": "robot", "parts": [{"text": "x"}]}]}, "valid role"),
        (turn({"inlineData": {"mimeType": "image/png", "data": "%%"}}), "Base64"),
        (turn({"inlineData": {"mimeType": "text/plain", "data": ""}}), "MIME"),
        (
            turn({"inlineData": {"mimeType": "image/png", "data": base64.b64encode(b"x").decode()}}),
            "process input image",
        ),
        (turn(*[{"inlineData": {"mimeType": "image/png", "data": ""}}] * 15), "Too many images"),
    ],
)
def test_bad_bodies_are_refused_as_google_does(server: Server, body: Any, message: str) -> None:
    answer = post(server, body)
    error = answer.json()["error"]
    assert (answer.status_code, error["code"], error["status"]) == (400, 400, "INVALID_ARGUMENT")
    assert message in error["message"]


def test_v1_serves_too_and_text_alone_can_be_asked_for(server: Server) -> None:
    body = {**turn({"text": "hello"}), "generationConfig": {"responseModalities": ["TEXT"]}}
    parts = post(server, body, "v1").json()["candidates"][0]["content"]["parts"]
    assert [list(part) for part in parts] == [["text"]]
