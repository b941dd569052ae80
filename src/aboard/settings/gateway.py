"""What does the gateway lend, under which keys and policies, and where does it listen?

Source: docs/settings.md; ADR-0029, the gateway; ADR-0030, lent credentials.
"""

from collections.abc import Mapping
from pathlib import Path

from aboard.core.lending.credentials import KeyRefused, StripeKey
from aboard.core.lending.master_keys import MasterKeys
from aboard.core.lending.policies import PolicyFile, read_policies
from aboard.core.owner import Mode
from aboard.core.secret import Secret
from aboard.settings.bases import check_base
from aboard.settings.names import STRIPE_API, STRIPE_FILES
from aboard.settings.sources import Sources
from aboard.settings.values import GatewayTerms, StripeAccess

_MOST_TOLD = 5


def read_gateway(given: Sources, stripe: Mapping[Mode, StripeAccess]) -> GatewayTerms:
    """Read the gateway's settings; `stripe` are the modes that the platform has a key for."""
    path = given.text("GATEWAY_POLICY") or None
    bases = {mode: _upstream(given, mode, stripe) for mode in Mode}
    return GatewayTerms(
        master_keys=_master_keys(given),
        own_keys={mode: key for mode in Mode if (key := _own_key(given, mode, stripe)) is not None},
        upstreams=bases,
        files={mode: _files(given, mode, bases[mode]) for mode in Mode},
        policy_file=path,
        policies=PolicyFile() if path is None else _policies(given, path),
        writes=given.flag("GATEWAY_WRITES"),
        host=given.text("GATEWAY_HOST"),
        port=given.number("GATEWAY_PORT", 0, 65_535),
        address=_address(given),
        upstream_timeout=given.seconds("GATEWAY_TIMEOUT_SECONDS", 1, 600),
        body_timeout=given.seconds("GATEWAY_BODY_SECONDS", 1, 600),
    )


def _master_keys(given: Sources) -> MasterKeys | None:
    rows = given.listed("GATEWAY_KEYS")
    if not rows:
        return None
    return given.checked("GATEWAY_KEYS", lambda: MasterKeys.parse(rows), None)


def _own_key(given: Sources, mode: Mode, stripe: Mapping[Mode, StripeAccess]) -> Secret | None:
    name = f"GATEWAY_{mode.name}_KEY"
    key = given.whole_secret(name)
    if key is None:
        access = stripe.get(mode)
        return None if access is None else access.secret_key
    try:
        return StripeKey.read(key, mode)
    except KeyRefused as refused:
        given.problem(name, str(refused))
        return None


def _upstream(given: Sources, mode: Mode, stripe: Mapping[Mode, StripeAccess]) -> str:
    name = f"{mode.name}_API_BASE"
    base = given.text(name).rstrip("/")
    if mode not in stripe:  # else told already
        check_base(given, name, base, STRIPE_API)
    return base


def _files(given: Sources, mode: Mode, api_base: str) -> str:
    name = f"{mode.name}_FILES_BASE"
    base = given.text(name).rstrip("/")
    if not base:
        return STRIPE_FILES if api_base == STRIPE_API else api_base
    check_base(given, name, base, STRIPE_FILES)
    return base


def _address(given: Sources) -> str:
    address = given.text("GATEWAY_URL").rstrip("/")
    if address:
        check_base(given, "GATEWAY_URL", address, "https://gateway.example.com")
    return address


def _policies(given: Sources, path: str) -> PolicyFile:
    try:
        text = Path(path).read_text("utf-8")
    except (OSError, ValueError) as error:
        given.problem("GATEWAY_POLICY", f"cannot be read ({type(error).__name__})")
        return PolicyFile()
    found = read_policies(text)
    for problem in found.problems[:_MOST_TOLD]:
        given.problem("GATEWAY_POLICY", f"{problem}; `aboard gateway check` tells all")
    return found
