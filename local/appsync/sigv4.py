"""IAM callers. The emulator knows their secrets, so the emulator judges: of the signature, and of each field.

AWS ignores headers that a signature does not cover. So the request is sent on exactly as it was signed, with one header
more that steers it to ``sts:GetCallerIdentity``: the emulator checks the signature, and nothing is executed.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

from .api import Mode
from .aws import Aws
from .caller import Caller
from .errors import Refusal

_WHO = "AWSSecurityTokenServiceV20110615.GetCallerIdentity"
# Actions nobody is given by name. A caller who may not do one learns by which ARN they were refused.
_NOBODYS = ("AWSEvents.ListReplays", "TrentService.ListAliases")
_ARN = re.compile(r"User: (arn:[^\s]+) is not authorized")
_HOP_BY_HOP = {"connection", "content-length", "transfer-encoding", "upgrade", "keep-alive", "te", "expect"}
_OK = 200


@dataclass(frozen=True)
class Signed:
    """A signed request as its signer saw it."""

    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def access_key(self) -> str:
        found = re.search(r"Credential=([^/,\s]+)/", self.headers.get("authorization", ""))
        return found.group(1) if found else ""


class IamAuthorizer:
    """Asks the emulator who signed, and what they may do."""

    def __init__(self, aws: Aws, api_arn: str) -> None:
        self._aws = aws
        self._api_arn = api_arn
        self._arns: dict[str, str] = {}

    async def caller(self, signed: Signed, source_ip: str) -> Caller:
        """Return the caller who signed.

        Raises
        ------
        Refusal
            If the signature is wrong, too old, or by an unknown key.
        """
        known = await self._verify(signed)
        arn = known or self._arns.get(signed.access_key) or await self._find_arn(signed)
        self._arns[signed.access_key] = arn

        async def permits(type_name: str, field_name: str) -> bool:
            return await self._permits(arn, f"{self._api_arn}/types/{type_name}/fields/{field_name}")

        return Caller(Mode.IAM, _identity(arn, source_ip), permits=permits)

    async def _verify(self, signed: Signed) -> str | None:
        """Check the signature; return the ARN where the emulator's answer holds it."""
        status, body = await self._forward(signed, _WHO)
        if status == _OK and body.startswith(b"{"):
            return json.loads(body)["Arn"]
        code, message = _xml_error(body)
        # The body is a GraphQL request, so past the signature STS finds no action in it. That is the yes.
        if code != "InvalidAction" and status != _OK:
            raise _refusal(code, message)
        return None

    async def _find_arn(self, signed: Signed) -> str:
        for target in _NOBODYS:
            _, body = await self._forward(signed, target)
            found = _ARN.search(body.decode(errors="replace"))
            if found:
                return found.group(1)
        return self._api_arn_of_root()

    def _api_arn_of_root(self) -> str:
        """Return the account's root: who may do everything is refused nothing and so never named."""
        return f"arn:aws:iam::{self._api_arn.split(':')[4]}:root"

    async def _forward(self, signed: Signed, target: str) -> tuple[int, bytes]:
        headers = {name: value for name, value in signed.headers.items() if name.lower() not in _HOP_BY_HOP}
        status, _, body = await self._aws.forward(signed.path, signed.body, {**headers, "x-amz-target": target})
        return status, body

    async def _permits(self, arn: str, field_arn: str) -> bool:
        if arn.endswith(":root"):
            return True
        asked = {
            "Action": "SimulatePrincipalPolicy",
            "Version": "2010-05-08",
            "PolicySourceArn": _policy_source(arn),
            "ActionNames.member.1": "appsync:GraphQL",
            "ResourceArns.member.1": field_arn,
        }
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        _, _, body = await self._aws.post("iam", "/", urlencode(asked).encode(), headers)
        return b"<EvalDecision>allowed</EvalDecision>" in body


def _policy_source(arn: str) -> str:
    """Return the user or role whose policies count: a session's are its role's."""
    parts = arn.split(":", 5)
    kind, _, rest = parts[5].partition("/")
    if kind == "assumed-role":
        return f"arn:aws:iam::{parts[4]}:role/{rest.split('/', 1)[0]}"
    return f"arn:aws:iam::{parts[4]}:{kind}/{rest.rsplit('/', 1)[-1]}"


def _identity(arn: str, source_ip: str) -> dict[str, Any]:
    account, resource = arn.split(":", 5)[4:]
    return {
        "accountId": account,
        "cognitoIdentityPoolId": None,
        "cognitoIdentityId": None,
        "sourceIp": [source_ip],
        "username": resource.rsplit("/", 1)[-1],
        "userArn": arn,
        "cognitoIdentityAuthType": None,
        "cognitoIdentityAuthProvider": None,
    }


def _xml_error(body: bytes) -> tuple[str, str]:
    try:
        root = ET.fromstring(body)  # noqa: S314 - the emulator's own answer
    except ET.ParseError:
        return "", ""
    return root.findtext(".//{*}Code") or "", root.findtext(".//{*}Message") or ""


def _refusal(code: str, message: str) -> Refusal:
    if code == "SignatureDoesNotMatch":
        return Refusal(400, "BadRequestException", message)
    known = {"InvalidClientTokenId": "UnrecognizedClientException", "ExpiredToken": "ExpiredTokenException"}
    return Refusal(403, known.get(code, code or "UnrecognizedClientException"), message)
