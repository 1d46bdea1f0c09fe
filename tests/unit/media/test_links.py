"""Links of a distribution: signed in Python, checked by the very function that CloudFront runs."""

import json
import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import boto3
import pytest
from hypothesis import given
from hypothesis import strategies as st

from local.appsync.javascript import node_path
from local.downloads.links import is_good
from studio.media.links import Links
from studio.media.model import StoredImage
from studio.secrets import Secret
from tests.unit.world import World

EDGE = Path(__file__).parents[3] / "infra/edge"
CODE = EDGE / "links.js"
NOON = datetime(2026, 11, 20, 12, 0, 0, 900_000, tzinfo=UTC)
SECONDS = 900
END = 1_795_177_800
IMAGE = StoredImage("results/5f0c/original.png", "image/png", 1, 1, 1)
KEY, OTHER = "k" * 64, "o" * 64


@dataclass(frozen=True)
class Request:
    """A request as CloudFront shows it to the function."""

    uri: str
    query: Mapping[str, str]
    method: str = "GET"

    def shown(self) -> dict[str, Any]:
        query = {name: {"value": value} for name, value in self.query.items()}
        return {"method": self.method, "uri": self.uri, "querystring": query, "headers": {}, "cookies": {}}


@dataclass(frozen=True)
class Edge:
    """The function with its keys, at a time."""

    keys: Mapping[str, str] = field(default_factory=lambda: {"current": KEY})
    now: int = END - 1
    code: Path = CODE

    def answer(self, request: Request, response: Mapping[str, Any] | None = None) -> dict[str, Any]:
        event = {"version": "1.0", "request": request.shown(), **({"response": response} if response else {})}
        asked = {"code": self.code.read_text(), "keys": self.keys, "now": self.now, "event": event}
        run = subprocess.run(
            [node_path(), "--experimental-vm-modules", "--no-warnings", Path(__file__).with_name("edge.mjs")],
            input=json.dumps(asked),
            capture_output=True,
            text=True,
            check=True,
        )
        return json.loads(run.stdout)

    def lets_through(self, request: Request) -> bool:
        answer = self.answer(request)
        here = [is_good(request.uri, request.query, key, self.now) for key in self.keys.values()]
        assert any(here) == ("statusCode" not in answer), "what stands in for CloudFront tells otherwise"
        if answer.get("statusCode") == 403:
            assert answer["headers"]["cache-control"]["value"] == "no-store"
            return False
        assert answer == {**request.shown(), "querystring": {}}
        return True


def links(key: str = KEY) -> Links:
    return Links("https://d1.cloudfront.net", lambda: key)


def signed(key: str = KEY, image: StoredImage = IMAGE, attachment: str | None = None) -> Request:
    url = urlsplit(links(key).link(image, SECONDS, NOON, attachment=attachment).url)
    assert (url.scheme, url.netloc) == ("https", "d1.cloudfront.net")
    return Request(url.path, {name: value for name, (value,) in parse_qs(url.query).items()})


def test_a_link_names_its_image_and_its_end_and_no_more() -> None:
    link = signed()
    assert link.uri == "/results/5f0c/original.png"
    assert link.query.keys() == {"expires", "signature"}
    assert int(link.query["expires"]) == END == int(NOON.timestamp()) + 2 * SECONDS
    assert re.fullmatch(r"[\w-]{43}", link.query["signature"], re.ASCII)


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_signed_link_goes_on_without_its_query(method: str) -> None:
    assert Edge().lets_through(replace(signed(), method=method))


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "get"])
def test_nothing_is_done_but_reading(method: str) -> None:
    answer = Edge().answer(replace(signed(), method=method))
    assert (answer["statusCode"], answer["headers"]["allow"]["value"]) == (405, "GET, HEAD")


def test_a_link_ends() -> None:
    assert Edge(now=END - 1).lets_through(signed())
    assert not Edge(now=END).lets_through(signed())


@pytest.mark.parametrize("uri", ["/results/5f0d/original.png", "/results/5f0c/original.png/", "/quarantine/o/1", "/"])
def test_a_link_opens_no_other_object(uri: str) -> None:
    assert not Edge().lets_through(replace(signed(), uri=uri))


def spoilt(**query: str | None) -> Request:
    link = signed()
    return replace(link, query={name: value for name, value in {**link.query, **query}.items() if value is not None})


@pytest.mark.parametrize(
    "link",
    [
        spoilt(expires=str(END + 1)),
        spoilt(expires=f"0{END}"),
        spoilt(expires="1e12"),
        spoilt(expires=""),
        spoilt(expires=None),
        spoilt(signature="A" * 43),
        spoilt(signature=signed().query["signature"] + "="),
        spoilt(signature=signed().query["signature"][:-1]),
        spoilt(signature=""),
        spoilt(signature=None),
        Request(signed().uri, {}),
    ],
)
def test_a_link_that_was_touched_opens_nothing(link: Request) -> None:
    assert not Edge().lets_through(link)


def test_what_is_added_to_a_link_changes_nothing() -> None:
    assert Edge().lets_through(spoilt(versionId="1"))


def test_a_key_that_is_replaced_is_good_as_the_previous_one() -> None:
    assert not Edge({"current": OTHER}).lets_through(signed())
    assert Edge({"current": OTHER, "previous": KEY}).lets_through(signed())
    assert Edge({"current": OTHER, "previous": KEY}).lets_through(signed(OTHER))
    assert not Edge({"current": OTHER, "previous": OTHER}).lets_through(signed())


@pytest.mark.parametrize("keys", [{}, {"current": ""}, {"current": "", "previous": ""}])
def test_without_keys_nothing_opens(keys: dict[str, str]) -> None:
    assert not Edge(keys).lets_through(signed())
    assert not Edge(keys).lets_through(signed(""))


def test_the_function_fits_into_cloudfront() -> None:
    assert len(CODE.read_bytes()) < 10_240


def test_a_link_is_signed_with_the_key_of_its_moment() -> None:
    keys = iter([KEY, KEY, OTHER])
    signing = Links("https://d1.cloudfront.net", lambda: next(keys))
    first, second, third = (signing.link(IMAGE, SECONDS, NOON) for _ in range(3))
    assert first == second != third
    assert int(first.expires_at.timestamp()) == END


def test_the_key_comes_from_secrets_manager(world: World) -> None:
    boto3.client("secretsmanager").create_secret(Name="namo/dev/downloads", SecretString=KEY)
    known = Links("https://d1.cloudfront.net", Secret("namo/dev/downloads").text)
    assert known.link(IMAGE, SECONDS, NOON) == links().link(IMAGE, SECONDS, NOON)


@given(seconds=st.lists(st.floats(0, 5 * SECONDS), min_size=2, max_size=2).map(sorted))
def test_a_link_lasts_and_stays_the_same_for_as_long(seconds: list[float]) -> None:
    first, second = (NOON + timedelta(seconds=each) for each in seconds)
    found = [links().link(IMAGE, SECONDS, moment) for moment in (first, second)]
    for moment, link in zip((first, second), found, strict=True):
        assert SECONDS < (link.expires_at - moment).total_seconds() <= 2 * SECONDS
    same = int(first.timestamp()) // SECONDS == int(second.timestamp()) // SECONDS
    assert (found[0] == found[1]) == same


def test_the_name_to_save_a_file_under_is_signed_too() -> None:
    link = signed(attachment="lighthouse.png")
    assert Edge().lets_through(link)
    assert not Edge().lets_through(replace(link, query={**link.query, "attachment": "lighthouse.exe"}))
    assert not Edge().lets_through(replace(link, query={k: v for k, v in link.query.items() if k != "attachment"}))
    assert not Edge().lets_through(spoilt(attachment="lighthouse.png"))


@pytest.mark.parametrize("attachment", [None, "lighthouse.png"])
def test_answers_are_completed(attachment: str | None) -> None:
    answers = Edge(code=EDGE / "answers.js")
    headers = answers.answer(signed(attachment=attachment), {"headers": {"etag": {"value": "1"}}})["headers"]
    saved = {"content-disposition": {"value": f'attachment; filename="{attachment}"'}} if attachment else {}
    assert headers == {"etag": {"value": "1"}, "vary": {"value": "Origin"}, **saved}
