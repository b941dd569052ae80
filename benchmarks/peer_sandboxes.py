"""Which other local Stripes are there, what can they answer, and how do they get here?

Each is a process of its own. localstripe is under the GPL: it is installed into a virtual
environment of its own below benchmarks/peers, and nothing of it is imported or shipped.
"""

import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.cold_start import ABOARD, NODE_MOCK, missing_node

_LOCALSTRIPE = Path(__file__).parent / "peers" / "localstripe"
_LOCALSTRIPE_PYTHON = _LOCALSTRIPE / ".venv" / "bin" / "python"


@dataclass(frozen=True)
class Local:
    """A local Stripe, and the one thing that is asked of it: where, made from what, called what."""

    name: str
    path: str
    form: dict[str, str] = field(hash=False)
    thing: str = "account"
    needs_source: bool = False
    """It knows no `tok_visa`: a payment method is made for it first."""


_CHARGE = {"amount": "2000", "currency": "usd", "source": "tok_visa"}
PEERS = {
    "stripe-stateful-mock": Local(
        "stripe-stateful-mock (Node)", "/v1/accounts", {"type": "express", "country": "US"}
    ),
    "localstripe": Local(
        "localstripe (Python)",
        "/v1/charges",
        _CHARGE,
        "charge",
        needs_source=True,
    ),
}


def missing(peer: Local) -> str:
    """Return why a peer cannot take part, after trying to install it; empty when it can."""
    return missing_node() if "Node" in peer.name else _missing_localstripe()


def _missing_localstripe() -> str:
    if _LOCALSTRIPE_PYTHON.exists():
        return ""
    steps = (
        (sys.executable, "-m", "venv", str(_LOCALSTRIPE / ".venv")),
        (
            *(str(_LOCALSTRIPE_PYTHON), "-m", "pip", "install", "--quiet"),
            *("--disable-pip-version-check", "-r", str(_LOCALSTRIPE / "requirements.txt")),
        ),
    )
    for step in steps:
        done = subprocess.run(step, check=False, capture_output=True, text=True)  # noqa: S603 - our own commands
        if done.returncode:
            return f"it could not be installed: {done.stderr.strip()[-300:]}"
    return ""


def command_of(local: Local, port: int) -> tuple[tuple[str, ...], dict[str, str]]:
    """Return how a local Stripe is started on a port: its command and environment."""
    if local.name.startswith("localstripe"):
        return (
            str(_LOCALSTRIPE_PYTHON),
            "-m",
            "localstripe",
            "--port",
            str(port),
            "--from-scratch",
        ), {}
    if local.name.startswith("stripe-stateful-mock"):
        return ("node", str(NODE_MOCK)), {"PORT": str(port), "LOG_LEVEL": "error"}
    return (ABOARD, "sandbox", "--port", str(port)), {}
