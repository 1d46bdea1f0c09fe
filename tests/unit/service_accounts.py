"""Google's service accounts, made for a test."""

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat


def new_key() -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def account_info(key: str, token_uri: str, project: str = "namo-local") -> dict[str, str]:
    return {
        "type": "service_account",
        "project_id": project,
        "private_key_id": "local",
        "private_key": key,
        "client_email": f"worker@{project}.iam.gserviceaccount.com",
        "token_uri": token_uri,
    }
