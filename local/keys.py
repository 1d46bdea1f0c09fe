"""The keys that addresses are remembered under, and that links which stop mail are signed with.

They are made once: with another one nobody is known any more, and no link in an old mail is good.
"""

import json
import secrets
from typing import Final

from infra.secrets import secret_name
from local.ministack import Aws

NAMES: Final = tuple(secret_name("local", name) for name in ("addresses", "mail"))


def ensure(aws: Aws) -> None:
    """Put each where functions read it, unless it is there."""
    manager = aws.client("secretsmanager")
    for name in NAMES:
        try:
            manager.create_secret(Name=name, SecretString=json.dumps({"1": secrets.token_hex(32)}))
        except manager.exceptions.ResourceExistsException:
            continue
