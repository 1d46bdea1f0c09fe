"""How a client script is run: a person of its own, the stack's facts in a file, what it said line by line."""

import json
import os
import subprocess
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
from botocore import UNSIGNED
from botocore.config import Config

from local import accounts
from local.appsync.explorer.node import NODE, install
from local.ministack import Aws

CLIENTS = Path(__file__).parent / "clients"
SECONDS = 90


@dataclass(frozen=True)
class Person:
    """Somebody who signed up for one test, with points of their own."""

    email: str
    password: str
    sub: str


def sign_up(stack: Mapping[str, Any]) -> Person:
    account = {"email": f"{uuid.uuid4().hex}@namo.test", "password": accounts.new_password()}
    sub = accounts.create(Aws(stack["awsEndpoint"]), stack["userPoolId"], account)
    return Person(**account, sub=sub)


def access_token(stack: Mapping[str, Any], person: Person) -> str:
    cognito: Any = boto3.client(
        "cognito-idp",
        endpoint_url=stack["awsEndpoint"],
        region_name=stack["region"],
        config=Config(signature_version=UNSIGNED),
    )
    answer = cognito.initiate_auth(
        ClientId=stack["userPoolClientId"],
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": person.email, "PASSWORD": person.password},
    )
    return answer["AuthenticationResult"]["AccessToken"]


@dataclass(frozen=True)
class Said:
    """The steps a script reported, in order."""

    steps: list[dict[str, Any]]

    def all(self, step: str) -> list[Any]:
        return [each["detail"] for each in self.steps if each["step"] == step]

    def one(self, step: str) -> Any:
        (detail,) = self.all(step)
        return detail


def run_script(stack: Mapping[str, Any], person: Person, folder: Path, script: str, *arguments: str) -> Said:
    """Run a script of ``clients/`` as `person`; should it fail, the test fails with all that it printed."""
    install(CLIENTS)
    facts = folder / "stack.json"
    facts.write_text(json.dumps({**stack, "users": {"user": vars(person)}}))
    done = subprocess.run(
        [NODE, CLIENTS / script, facts, *arguments],
        env={**os.environ, "NODE_EXTRA_CA_CERTS": stack["caFile"]},
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert done.returncode == 0, f"{script} ended with {done.returncode}:\n{done.stdout}{done.stderr}"
    return Said([json.loads(line) for line in done.stdout.splitlines()])
