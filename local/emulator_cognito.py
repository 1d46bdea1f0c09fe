"""Cognito, for `emulator.py`: people write of themselves what their app client may, and who confirms has an address.

MiniStack takes any attribute from who signs up or is signed in, `sub` among them: whoever gave another's was them. It
leaves the address unverified to which the code was sent that confirmed a sign-up.

Only the standard library: see `emulator.py`.
"""

import base64
import json
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

Request = Mapping[str, Any]
# What nobody writes of themselves, whatever the client may.
_NOT_THEIRS = frozenset({"sub", "identities", "email_verified", "phone_number_verified"})
_REFUSAL = "NotAuthorizedException", "A client attempted to write unauthorized attribute", 400


def within_client(
    act: Callable[[Request], Any], client_of: Callable[[str], Request], refuse: Callable[..., Any]
) -> Callable[[Request], Any]:
    """Refuse attributes that the request's app client may not write; without a list that is all that are a person's."""

    def run(request: Request) -> Any:
        named = {each["Name"] for each in request.get("UserAttributes") or []}
        listed = client_of(_client_id(request)).get("WriteAttributes") or named
        return act(request) if named <= {*listed} - _NOT_THEIRS else refuse(*_REFUSAL)

    return run


def verifying(act: Callable[[Request], Any], user_of: Callable[[Request], dict[str, Any]]) -> Callable[[Request], Any]:
    """Have who confirms a sign-up by the code of a mail be the owner of a verified address."""

    def run(request: Request) -> Any:
        answer = act(request)
        if answer[0] == HTTPStatus.OK:
            user = user_of(request)
            others = [each for each in user["Attributes"] if each["Name"] != "email_verified"]
            user["Attributes"] = [*others, {"Name": "email_verified", "Value": "true"}]
        return answer

    return run


def _client_id(request: Request) -> str:
    """Return the client that signs somebody up, or that an access token, which has been verified, was given to."""
    if "AccessToken" not in request:
        return request.get("ClientId", "")
    payload = request["AccessToken"].split(".")[1]
    return json.loads(base64.urlsafe_b64decode(payload + "==")).get("client_id", "")


def mend(cognito: Any) -> None:
    """Put it into MiniStack's module; it looks these functions up at every request."""

    def client_of(id_: str) -> Request:
        found = (pool["_clients"].get(id_) for pool in cognito._user_pools.values())  # noqa: SLF001
        return next((each for each in found if each), {})

    def user_of(request: Request) -> dict[str, Any]:
        pools = [each for each in cognito._user_pools.values() if request["ClientId"] in each["_clients"]]  # noqa: SLF001
        return cognito._resolve_user(pools[0], request["Username"])[0]  # noqa: SLF001

    for name in ("_sign_up", "_update_user_attributes"):
        setattr(cognito, name, within_client(getattr(cognito, name), client_of, cognito.error_response_json))
    cognito._confirm_sign_up = verifying(cognito._confirm_sign_up, user_of)  # noqa: SLF001
