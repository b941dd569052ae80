"""What would become of a call? The chain step by step, with the word that decides.

Nothing goes up, nothing is written down, and nothing is counted.

Source: docs/gateway/policies.md, look before you load.
"""

from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import parse_qsl

from aboard.core.lending.callers import Borrower, GatewayCaller, TokenRecord
from aboard.core.lending.catalogue import Match, match_path
from aboard.core.lending.credentials import CURRENT
from aboard.core.lending.operations import Operation, Place
from aboard.core.lending.refusals import RULINGS, CallRefused, RefusalCode
from aboard.core.owner import Mode
from aboard.flows.lending.borrowing import borrower_of, permit, require_owned
from aboard.flows.lending.callers import get_caller
from aboard.flows.lending.calls import count_left
from aboard.flows.lending.credentials import lend_key
from aboard.flows.platform import Platform
from aboard.store import StoreUnavailable


@dataclass(frozen=True, slots=True)
class Asked:
    """The call that is asked about. `accounts` come besides those that the path names."""

    caller: str
    mode: Mode
    method: str
    target: str
    accounts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the chain. `word` decided it, where a word does; a code ended the chain here."""

    name: str
    told: str
    word: str | None = None
    code: RefusalCode | None = None


async def explain_call(platform: Platform, asked: Asked) -> AsyncIterator[Step]:
    """Yield the steps of the chain, up to the one that refuses or to the end.

    Raises:
        CallerAbsent: there is no such caller.
        StoreUnavailable: the caller cannot be read.
    """
    caller = await get_caller(platform, asked.caller)
    tokens = await platform.store.list_gateway_tokens(caller.id)
    try:
        borrower, step = _identify(platform, caller, tokens, asked.mode)
        yield step
        match, step = _match(asked)
        yield step
        yield _permit(platform, borrower, match.operation)
        yield await _lend(platform, borrower)
        yield await _own(platform, borrower, match, asked)
        yield await _limit(platform, borrower)
    except CallRefused as refused:
        yield _refusal(refused)


def _refusal(refused: CallRefused) -> Step:
    told = " ".join(filter(None, (RULINGS[refused.code].message, refused.detail)))
    return Step(_STEPS.get(refused.code, "refused"), told, code=refused.code)


_STEPS: Final = {
    RefusalCode.CALLER_UNKNOWN: "caller",
    RefusalCode.CALLER_EXPIRED: "caller",
    RefusalCode.CALLER_REVOKED: "caller",
    RefusalCode.OPERATION_UNKNOWN: "operation",
    RefusalCode.METHOD_NOT_ALLOWED: "operation",
    RefusalCode.OPERATION_NOT_ALLOWED: "allow-list",
    RefusalCode.LIVE_WRITE_NOT_GRANTED: "allow-list",
    RefusalCode.WRITES_DISABLED: "switches",
    RefusalCode.LIVE_DISABLED: "switches",
    RefusalCode.MODE_NOT_CONFIGURED: "credential",
    RefusalCode.CREDENTIAL_UNREADABLE: "credential",
    RefusalCode.OWNER_NOT_ALLOWED: "owners",
    RefusalCode.DAILY_BUDGET_SPENT: "limits",
    RefusalCode.STORE_UNAVAILABLE: "store",
}


def _identify(
    platform: Platform, caller: GatewayCaller, tokens: Collection[TokenRecord], mode: Mode
) -> tuple[Borrower, Step]:
    if caller.disabled_at is not None:
        raise CallRefused(RefusalCode.CALLER_REVOKED, detail="The caller is disabled.")
    now = platform.clock()
    good = [each for each in tokens if each.mode is mode and _is_good(each, now)]
    if not good:
        told = f"The caller has no good token of {mode} mode."
        raise CallRefused(RefusalCode.CALLER_UNKNOWN, detail=told)
    borrower = borrower_of(platform, caller, good[-1])
    many = "1 good token" if len(good) == 1 else f"{len(good)} good tokens"
    return borrower, Step("caller", f"{caller.name}, {many} of {mode} mode")


def _is_good(token: TokenRecord, now: datetime) -> bool:
    is_over = token.expires_at is not None and token.expires_at <= now
    return token.revoked_at is None and not is_over


def _match(asked: Asked) -> tuple[Match, Step]:
    match = match_path(asked.method.upper(), asked.target.partition("?")[0])
    return match, Step("operation", f"{match.operation.id}: {match.operation.summary}")


def _permit(platform: Platform, borrower: Borrower, operation: Operation) -> Step:
    word = str(permit(platform, borrower, operation))
    if borrower.caller.policy is not None:
        whose = f"policy {borrower.caller.policy}"
    else:
        whose = "the default" if borrower.caller.allow_list is None else "the caller's own words"
    return Step("allow-list", f"{word} lets {operation.grant} pass, by {whose}", word=word)


async def _lend(platform: Platform, borrower: Borrower) -> Step:
    await lend_key(platform, borrower)
    name = borrower.caller.credential or CURRENT
    kept = await _find_kept(platform, borrower.mode, name)
    if kept is None:
        return Step("credential", "the key of the settings")
    return Step("credential", kept)


async def _find_kept(platform: Platform, mode: Mode, name: str) -> str | None:
    credential = await platform.store.find_credential(mode, name)
    if credential is None:
        return None
    kind = "restricted" if credential.is_restricted else "secret"
    return f"{credential.name}, a {kind} key, generation {credential.generation}"


async def _own(platform: Platform, borrower: Borrower, match: Match, asked: Asked) -> Step:
    accounts = _accounts(match, asked)
    await require_owned(platform, borrower, match.operation, accounts)
    if borrower.caller.owners is None:
        return Step("owners", "acts for the platform itself, and about any account")
    return Step("owners", f"{', '.join(sorted(set(accounts)))}: of an owner of theirs")


def _accounts(match: Match, asked: Asked) -> tuple[str, ...]:
    query = dict(parse_qsl(asked.target.partition("?")[2]))
    named = [
        source[each.name]
        for each in match.operation.accounts
        for place, source in ((Place.PATH, match.arguments), (Place.QUERY, query))
        if each.place is place and each.name in source
    ]
    return (*named, *asked.accounts)


async def _limit(platform: Platform, borrower: Borrower) -> Step:
    limits = borrower.limits
    second = "any number" if limits.per_second is None else f"{limits.per_second} calls"
    try:
        left = await count_left(platform, borrower)
    except StoreUnavailable:
        raise CallRefused(RefusalCode.STORE_UNAVAILABLE) from None
    if left == 0:
        raise CallRefused(RefusalCode.DAILY_BUDGET_SPENT)
    day = "any number a day" if left is None else f"{left} of {limits.per_day} left today"
    return Step("limits", f"{second} a second, {day}")
