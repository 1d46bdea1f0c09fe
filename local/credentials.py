"""The certificates that this machine's downloads are signed with: a root of our own, and a signer below it.

They are made where they are needed and kept in the emulator alone. Nobody else trusts them.
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from infra.secrets import secret_name
from local.ministack import Aws

_LIFE: Final = timedelta(days=3650)
_ROOT, _SIGNER = "NamO Studio, this machine's root", "NamO Studio, this machine"


@dataclass(frozen=True)
class Chain:
    """A signer's certificates, its own first; its key; and the root that makes them trusted. All PEM."""

    certificates: str
    key: str
    root: str


def new_chain(moment: datetime) -> Chain:
    """Make a root and a signer below it, as the C2PA specification wants them."""
    root_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root = _certificate(_ROOT, root_key, root_key, moment)
    signer = _certificate(_SIGNER, key, root_key, moment)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    return Chain(_pem(signer) + _pem(root), pem, _pem(root))


def ensure(aws: Aws) -> None:
    """Put a chain where functions read it, unless there is one."""
    manager, chain = aws.client("secretsmanager"), new_chain(datetime.now(UTC))
    held = json.dumps({"certificates": chain.certificates, "key": chain.key})
    try:
        manager.create_secret(Name=secret_name("local", "credentials"), SecretString=held)
    except manager.exceptions.ResourceExistsException:
        return
    manager.create_secret(Name=secret_name("local", "credentials-anchors"), SecretString=chain.root)


def _certificate(
    subject: str,
    key: ec.EllipticCurvePrivateKey,
    issuer_key: ec.EllipticCurvePrivateKey,
    moment: datetime,
) -> x509.Certificate:
    root = key is issuer_key
    usage = x509.KeyUsage(
        digital_signature=not root,
        key_cert_sign=root,
        crl_sign=root,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
    builder = (
        x509.CertificateBuilder()
        .subject_name(_name(subject))
        .issuer_name(_name(_ROOT))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(moment - timedelta(days=1))
        .not_valid_after(moment + _LIFE)
        .add_extension(x509.BasicConstraints(ca=root, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False)
        .add_extension(usage, critical=True)
    )
    if not root:
        builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False)
    return builder.sign(issuer_key, hashes.SHA256())


def _name(text: str) -> x509.Name:
    named = [(NameOID.ORGANIZATION_NAME, "NamO Studio"), (NameOID.COMMON_NAME, text)]
    return x509.Name([x509.NameAttribute(kind, value) for kind, value in named])


def _pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(Encoding.PEM).decode()
