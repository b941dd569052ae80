"""Is the key sent only to a server whose certificate can be believed?"""

import asyncio
import ssl
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from aboard.core.errors import StripeUnavailable
from aboard.core.owner import Mode
from aboard.stripe_api.client import Stripe
from tests.stripe_api.wire import KEY, ImpatientTransport, Wire, answer


@pytest.fixture
def self_made(tmp_path: Path) -> ssl.SSLContext:
    """Make a certificate for loopback that nobody has signed."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    file = tmp_path / "server.pem"
    file.write_bytes(
        certificate.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


@pytest.fixture
async def impostor(self_made: ssl.SSLContext) -> AsyncIterator[Wire]:
    """Serve over TLS under the self-made certificate."""
    wire = Wire()
    wire.will(answer(200, {"id": "acct_1"}))
    server = await asyncio.start_server(wire.serve, "127.0.0.1", 0, ssl=self_made)
    wire.address = f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    yield wire
    server.close()


async def test_a_server_that_nobody_vouches_for_gets_nothing(impostor: Wire) -> None:
    transport = ImpatientTransport()
    stripe = Stripe(KEY, mode=Mode.LIVE, api_base=impostor.address, http_client=transport)
    with pytest.raises(StripeUnavailable, match="connection"):
        await stripe.request("get", "/v1/account")
    await transport.close_async()
    assert impostor.requests == []
