"""Certificates for a Stripe of this machine: good ones, and each kind that must not be believed."""

import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

HERE = x509.IPAddress(ip_address("127.0.0.1"))
ELSEWHERE = x509.DNSName("api.example.com")


@dataclass(frozen=True, slots=True)
class Authority:
    """Somebody who signs certificates, and where its own lies."""

    folder: Path
    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    @classmethod
    def found(cls, folder: Path) -> "Authority":
        """Make one; its certificate lies in `folder`."""
        folder.mkdir(parents=True)
        key = ec.generate_private_key(ec.SECP256R1())
        name = _name("Aboard tests")
        authority = x509.BasicConstraints(ca=True, path_length=0)
        certificate = (
            _blank(name, name, key.public_key(), days=2)
            .add_extension(authority, critical=True)
            .sign(key, SHA256())
        )
        made = cls(folder, key, certificate)
        made.file.write_bytes(certificate.public_bytes(Encoding.PEM))
        return made

    @property
    def file(self) -> Path:
        """Return where its certificate lies."""
        return self.folder / "authority.pem"

    def server(self, name: x509.GeneralName = HERE, *, days: int = 1) -> ssl.SSLContext:
        """Return what a server shows that is called so; with fewer than 0 days it is expired."""
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = (
            _blank(_name("Stripe"), self.certificate.subject, key.public_key(), days=days)
            .add_extension(x509.SubjectAlternativeName([name]), critical=False)
            .sign(self.key, SHA256())
        )
        file = self.folder / f"{certificate.serial_number}.pem"
        secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        file.write_bytes(secret + certificate.public_bytes(Encoding.PEM))
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(file)
        return context


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _blank(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, *, days: int
) -> x509.CertificateBuilder:
    end = datetime.now(UTC) + timedelta(days=days)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(end - timedelta(days=30))
        .not_valid_after(end)
    )
