"""The explorer in a real browser: sign in, query, subscribe, on the plain and on the TLS address."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from local.chromium.find import find
from tests.stack.client import StackClient
from tests.stack.client_runs import run_script

CHROMIUM = find()
TEXT_EVENT = '"status":"COMPLETED"'


@pytest.mark.skipif(not CHROMIUM, reason="there is no Chromium on this machine")
@pytest.mark.parametrize("address", ["graphqlUrl", "graphqlTlsUrl"])
async def test_a_person_at_the_explorer(
    stack: Mapping[str, Any], client: StackClient, address: str, tmp_path: Path
) -> None:
    person = await client.new_user()
    origin = stack[address].removesuffix("/graphql")
    profile, picture = str(tmp_path / "profile"), str(tmp_path / "explorer.png")
    said = run_script(stack, person, tmp_path, "explorer.mjs", f"{origin}/", CHROMIUM, profile, picture)

    assert {answer["tab"] for answer in said.all("answer")} == {"Models", "Me", "OnJob", "Generate"}
    sign_ins = [url for url in said.all("request") if urlsplit(url).path == "/cognito"]
    assert len(sign_ins) == 3  # a wrong password, the right one, a renewal
    assert all(person.sub in event for event in said.one("events"))
    assert TEXT_EVENT in said.one("events")[0]
    assert said.one("width") > 0
    assert not said.all("pageerror")
    asked = {urlsplit(url).netloc for url in said.all("request") + said.all("socket")}
    assert asked == {urlsplit(origin).netloc, urlsplit(stack["downloadsUrl"]).netloc}
