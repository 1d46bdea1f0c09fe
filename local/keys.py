"""The keys that addresses are remembered under, and that links are signed with: to files, and those that stop mail.

They are made once: with another one nobody is known any more, and no link in an old mail is good.
"""

import json
import secrets
from typing import Final

from infra.secrets import secret_name
from local.ministack import Aws

NAMES: Final = ("addresses", "downloads", "mail")


def ensure(aws: Aws) -> None:
    """Put each where functions read it, unless it is there."""
    manager = aws.client("secretsmanager")
    for name in NAMES:
        key = secrets.token_hex(32)
        value = key if name == "downloads" else json.dumps({"1": key})
        try:
            manager.create_secret(Name=secret_name("local", name), SecretString=value)
        except manager.exceptions.ResourceExistsException:
            continue
