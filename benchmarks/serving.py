"""How is a service started for a benchmark? Ours and a peer's alike: one process, one core.

No access log on either side, and no setting of ours that an operator could not set.
"""

import os
import subprocess
import sys
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from benchmarks.callers import JWT_AUDIENCE, JWT_ISSUER, JWT_SECRET
from benchmarks.processes import Server, free_port

ROOT = Path(__file__).parents[1]
ABOARD = (str(Path(sys.executable).with_name("aboard")),)
STRIPE_KEY = "sk_test_aboard_benchmark"
RETURN_URL = "http://localhost:3000/connect/return"
REFRESH_URL = "http://localhost:3000/connect/refresh"
_NEVER = 10**9


def settings(database: str, *, stripe: str, port: int = 4242) -> dict[str, str]:
    """Return the environment of an Aboard over this database, with this Stripe."""
    return {
        "ABOARD_ADDRESSES": "http://localhost:3000/connect",
        "ABOARD_CREATOR_COUNTRY": "US",
        "ABOARD_CREATOR_LIMIT": str(_NEVER),
        "ABOARD_CREATOR_REFRESH_URL": REFRESH_URL,
        "ABOARD_CREATOR_RETURN_URL": RETURN_URL,
        "ABOARD_DATABASE": database,
        "ABOARD_ORGANIZATION_LIMIT": str(_NEVER),
        "ABOARD_PORT": str(port),
        "ABOARD_PUBLIC_URL": f"http://localhost:{port}",
        "ABOARD_STATE_KEYS": "k1:benchmark-state-key-of-no-value-00001",
        "ABOARD_TEST_API_BASE": stripe,
        "ABOARD_TEST_SECRET_KEY": STRIPE_KEY,
        "ABOARD_TOKEN_AUDIENCE": JWT_AUDIENCE,
        "ABOARD_TOKEN_ISSUER": JWT_ISSUER,
        "ABOARD_TOKEN_SECRETS": JWT_SECRET,
        "ABOARD_WEBHOOKS": "false",
    }


def migrate(database: str) -> None:
    """Bring a database to the latest revision, by the command that operators use."""
    subprocess.run(  # noqa: S603 - our own command
        (*ABOARD, "migrate"),
        env={**os.environ, **settings(database, stripe="http://127.0.0.1:9")},
        check=True,
        stdout=subprocess.DEVNULL,
    )


@contextmanager
def aboard_running(
    name: str,
    database: str,
    *,
    core: int,
    stripe: str = "http://127.0.0.1:9",
    more: Mapping[str, str] | None = None,
) -> Generator[Server]:
    """Start `aboard serve` without its worker over a migrated database, and end it."""
    port = free_port()
    environ = {**settings(database, stripe=stripe, port=port), **(more or {})}
    server = Server(name, (*ABOARD, "serve", "--no-worker"), core=core, port=port)
    with running(server, environ):
        yield server


@contextmanager
def peer_running(
    name: str, module: str, environ: Mapping[str, str], *, core: int
) -> Generator[Server]:
    """Start one of the peers under uvicorn, and end it."""
    port = free_port()
    command = (
        *(sys.executable, "-m", "uvicorn", f"benchmarks.peers.{module}:app"),
        *("--port", str(port), "--no-access-log", "--log-level", "warning"),
    )
    with running(Server(name, command, core=core, port=port), environ) as server:
        yield server


@contextmanager
def running(server: Server, environ: Mapping[str, str]) -> Iterator[Server]:
    """Start a server, wait until it listens, and end it."""
    try:
        server.start(environ, folder=ROOT)
        server.wait()
        yield server
    finally:
        server.stop()
