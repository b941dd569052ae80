"""Is what the gateway lends there, does it open, and is it no more than it has to be?

Nothing is said where nobody borrows and nothing was set up for it.

Source: docs/gateway/credentials.md.
"""

from collections.abc import Iterator, Sequence

from aboard.cli.doctor.findings import Finding, bad, good, note
from aboard.core.lending.callers import GatewayCaller
from aboard.core.lending.catalogue import all_operations
from aboard.core.lending.checking import check_policies
from aboard.core.lending.credentials import CURRENT, Credential
from aboard.core.owner import Mode
from aboard.flows.lending.credentials import why_closed
from aboard.settings import Settings
from aboard.store import Store

_POLICIES = "gateway policies"


async def look_at_gateway(settings: Settings, store: Store) -> list[Finding]:
    """Say how policies, credentials and callers of the gateway stand."""
    callers = await store.list_gateway_callers()
    kept = [each for mode in Mode for each in await store.list_credentials(mode)]
    terms = settings.gateway
    if not (callers or kept or terms.policy_file or terms.master_keys):
        return []
    return [
        *_of_policies(settings, callers),
        *_of_credentials(settings, kept),
        *(finding for mode in Mode for finding in _of_lent(settings, mode, kept)),
        *_of_names(callers, kept),
    ]


def _of_policies(settings: Settings, callers: Sequence[GatewayCaller]) -> Iterator[Finding]:
    terms = settings.gateway
    known = terms.policies.policies
    if terms.policy_file is not None:
        found = check_policies(terms.policies, all_operations())
        wrong = [each for each in found if not each.mild]
        if wrong:
            yield bad(
                _POLICIES, f"{wrong[0]}", f"`aboard gateway check {terms.policy_file}` tells all."
            )
        else:
            yield good(_POLICIES, f"{len(known)} in {terms.policy_file}")
    lost = sorted(each.name for each in callers if each.policy not in {None, *known})
    if lost:
        yield bad(
            _POLICIES,
            f"{', '.join(lost)}: the policy they name is not there, so they may call nothing",
            "Put it into the file that ABOARD_GATEWAY_POLICY names, or change the callers.",
        )


def _of_credentials(settings: Settings, kept: Sequence[Credential]) -> Iterator[Finding]:
    masters = settings.gateway.master_keys
    for each in kept:
        name, cause = f"gateway {each.mode} {each.name}", why_closed(each, masters)
        if cause is not None:
            yield bad(
                name,
                f"the key that is kept does not open ({cause})",
                f"Put master key {each.master_key_id!r} back into ABOARD_GATEWAY_KEYS, or set the "
                "credential again.",
            )
        elif masters is not None and each.master_key_id != masters.current:
            yield note(
                name,
                f"still lies under master key {each.master_key_id!r}",
                "`aboard gateway credentials rewrap` brings it under the first one.",
            )


def _of_lent(settings: Settings, mode: Mode, kept: Sequence[Credential]) -> Iterator[Finding]:
    name = f"gateway {mode} key"
    current = next((each for each in kept if each.mode is mode and each.name == CURRENT), None)
    own = settings.gateway.own_keys.get(mode)
    if current is not None:
        is_restricted, whose = current.is_restricted, f"generation {current.generation}"
    elif own is not None:
        is_restricted, whose = own.reveal().startswith("rk_"), "of the settings"
    else:
        return
    if is_restricted:
        yield good(name, f"a restricted key, {whose}")
    else:
        yield note(
            name,
            f"a secret key, {whose}: it may do anything at Stripe",
            "Lend a restricted one: `aboard gateway credentials set`, docs/gateway/credentials.md.",
        )


def _of_names(callers: Sequence[GatewayCaller], kept: Sequence[Credential]) -> Iterator[Finding]:
    there = {each.name for each in kept}
    lost = sorted(each.name for each in callers if each.credential not in {None, CURRENT, *there})
    if lost:
        yield bad(
            "gateway callers",
            f"{', '.join(lost)}: the credential they name is not there",
            "`aboard gateway credentials set --name NAME`, or change the callers.",
        )
