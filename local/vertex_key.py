"""The credential that functions sign in with at Google's: a service account as theirs, its key made here."""

import json
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from infra.secrets import secret_name
from local import secret
from local.ministack import Aws

SECRETS: Final = tuple(secret_name("local", each) for each in ("vertex", "firebase"))
EMAIL: Final = "worker@namo-local.iam.gserviceaccount.com"


def remembered(path: Path, models_url: str) -> Path:
    """The service account's file, its key made once for each folder of state, its token address today's."""
    account = json.loads(path.read_text()) if path.exists() else _new()
    path.write_text(json.dumps(account | {"token_uri": f"{models_url}/token"}))
    path.chmod(0o600)
    return path


def _new() -> dict[str, str]:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return {
        "type": "service_account",
        "project_id": "namo-local",
        "private_key_id": "local",
        "private_key": pem.decode(),
        "client_email": EMAIL,
        "client_id": "1",
    }


def publish(aws: Aws, path: Path) -> None:
    """Put the credential where functions read it."""
    for name in SECRETS:
        secret.put(aws, name, path.read_text())
