"""A certificate authority of one's own, so that browsers and SDKs that insist on TLS can have it on loopback."""

import ipaddress
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

_CA_DAYS = 3650
# Apple's clients refuse leaves that live longer.
_LEAF_DAYS = 397
_RENEW_DAYS = 30


def server_context(directory: Path) -> ssl.SSLContext:
    """Return a context for ``localhost`` and 127.0.0.1, signed by the CA in ``directory``; both are made if missing.

    ``ca.pem`` is what clients are to trust. It is kept across runs, so that a browser has to be told only once.
    """
    directory.mkdir(parents=True, exist_ok=True)
    if not _usable(directory / "ca.pem"):
        _make_authority(directory)
        (directory / "server.pem").unlink(missing_ok=True)
    if not _usable(directory / "server.pem"):
        _make_leaf(directory)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(directory / "server.pem", directory / "server.key")
    return context


def _usable(path: Path) -> bool:
    if not path.exists():
        return False
    ends = x509.load_pem_x509_certificate(path.read_bytes()).not_valid_after_utc
    return ends > datetime.now(UTC) + timedelta(days=_RENEW_DAYS)


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _builder(subject: str, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, days: int) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(_name(subject))
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=days))
    )


def _make_authority(directory: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = "Local AppSync CA"
    builder = _builder(name, _name(name), key, _CA_DAYS).add_extension(
        x509.BasicConstraints(ca=True, path_length=0), True
    )
    builder = builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
    _write(directory / "ca", key, builder.add_extension(_usage(signs=True), True).sign(key, hashes.SHA256()))


def _make_leaf(directory: Path) -> None:
    authority = x509.load_pem_x509_certificate((directory / "ca.pem").read_bytes())
    signer = serialization.load_pem_private_key((directory / "ca.key").read_bytes(), None)
    assert isinstance(signer, ec.EllipticCurvePrivateKey)
    key = ec.generate_private_key(ec.SECP256R1())
    names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    extensions: list[tuple[x509.ExtensionType, bool]] = [
        (x509.SubjectAlternativeName(names), False),
        (x509.BasicConstraints(ca=False, path_length=None), True),
        (_usage(signs=False), True),
        (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), False),
        (x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), False),
    ]
    builder = _builder("localhost", authority.subject, key, _LEAF_DAYS)
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical)
    _write(directory / "server", key, builder.sign(signer, hashes.SHA256()))


def _usage(*, signs: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs,
        crl_sign=signs,
        encipher_only=False,
        decipher_only=False,
    )


def _write(stem: Path, key: ec.EllipticCurvePrivateKey, certificate: x509.Certificate) -> None:
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    key_file = stem.with_suffix(".key")
    key_file.touch(mode=0o600)
    key_file.write_bytes(private)
    stem.with_suffix(".pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
