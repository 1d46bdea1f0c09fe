"""The key that addresses are remembered under: made once, since with another one nobody is known any more."""

import json
import secrets
from typing import Final

from infra.secrets import secret_name
from local.ministack import Aws

NAME: Final = secret_name("local", "addresses")


def ensure(aws: Aws) -> None:
    """Put a key where functions read it, unless there is one."""
    manager = aws.client("secretsmanager")
    try:
        manager.create_secret(Name=NAME, SecretString=json.dumps({"1": secrets.token_hex(32)}))
    except manager.exceptions.ResourceExistsException:
        return
