"""Is the key sent only to a server whose certificate can be believed?"""

import asyncio
import ssl
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from aboard.core.errors import StripeUnavailable
from aboard.core.owner import Mode
from aboard.stripe_api.client import Stripe
from tests.certificates import write_certificate
from tests.stripe_api.wire import KEY, ImpatientTransport, Wire, answer


@pytest.fixture
def self_made(tmp_path: Path) -> ssl.SSLContext:
    """Make a certificate for loopback that nobody has signed."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(write_certificate(tmp_path))
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
