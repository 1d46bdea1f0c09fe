"""What people may write of themselves at the emulator's Cognito."""

import base64
import json
from typing import Any

import pytest

from local.emulator_cognito import verifying, within_client

CLIENTS = {"web": {"WriteAttributes": ["email", "name"]}, "any": {"WriteAttributes": []}}


def written(client: str, *names: str, signed_in: bool) -> bool:
    claims = base64.urlsafe_b64encode(json.dumps({"client_id": client}).encode()).rstrip(b"=").decode()
    who: dict[str, Any] = {"AccessToken": f"a.{claims}.c"} if signed_in else {"ClientId": client}
    request = {**who, "UserAttributes": [{"Name": name, "Value": "x"} for name in names]}
    act = within_client(lambda _: True, lambda id_: CLIENTS.get(id_, {}), lambda *_: False)
    return act(request)


@pytest.mark.parametrize("signed_in", [False, True])
def test_people_write_what_their_client_may(*, signed_in: bool) -> None:
    assert written("web", signed_in=signed_in)
    assert written("web", "email", "name", signed_in=signed_in)
    assert not written("web", "email", "address", signed_in=signed_in)
    assert written("any", "address", signed_in=signed_in)


@pytest.mark.parametrize("signed_in", [False, True])
@pytest.mark.parametrize("client", ["web", "any", "none"])
@pytest.mark.parametrize("name", ["sub", "email_verified", "identities"])
def test_nobody_says_who_they_are(client: str, name: str, *, signed_in: bool) -> None:
    assert not written(client, "email", name, signed_in=signed_in)


@pytest.mark.parametrize(("status", "verified"), [(200, "true"), (400, "false")])
def test_who_confirms_with_the_code_of_a_mail_has_a_verified_address(status: int, verified: str) -> None:
    user = {"Attributes": [{"Name": "email", "Value": "x"}, {"Name": "email_verified", "Value": "false"}]}
    assert verifying(lambda _: (status, {}, b"{}"), lambda _: user)({"Username": "x"}) == (status, {}, b"{}")
    assert {each["Name"]: each["Value"] for each in user["Attributes"]} == {"email": "x", "email_verified": verified}
