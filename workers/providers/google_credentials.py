"""How we sign in at Google."""

import json

from google.auth import load_credentials_from_dict
from google.auth.credentials import Credentials

_SCOPES = ["https://www.googleapis.com/auth/cloud-platform"]


def credentials_of(secret: str) -> Credentials:
    """Sign in with whatever Google credential the secret holds: on AWS best a workload identity, which is no key."""
    credentials, _ = load_credentials_from_dict(json.loads(secret), scopes=_SCOPES)
    return credentials
