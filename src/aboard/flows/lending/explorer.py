"""Lend to an operator at the explorer: a caller of their own, and a token for a quarter of an hour.

What it may do is the default, reading and links in test mode, reading alone in live mode; beyond
that only operations that the operator names one by one, each time a token is made.

Source: docs/gateway/explorer.md.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from aboard.core.caller import Caller
from aboard.core.errors import InputRefused
from aboard.core.lending.callers import CallerToken, GatewayCaller
from aboard.core.lending.catalogue import all_operations
from aboard.core.lending.credentials import CURRENT
from aboard.core.lending.grants import DEFAULT, AllowList
from aboard.core.owner import Mode
from aboard.flows.lending.caller_terms import CallerTerms, terms_of
from aboard.flows.lending.callers import (
    CallerAbsent,
    CallerNameTaken,
    add_caller,
    change_caller,
    get_caller,
)
from aboard.flows.lending.credentials import list_credentials
from aboard.flows.lending.tokens import add_token
from aboard.flows.platform import Platform

EXPLORER_LIFETIME: Final = timedelta(minutes=15)
MOST_GRANTS: Final = 20
_PREFIX: Final = "explorer"
_STRANGE: Final = re.compile(r"[^A-Za-z0-9 ._@+-]")
_KEPT_CHARS: Final = 45
_DIGEST_CHARS: Final = 8


@dataclass(frozen=True, slots=True)
class LentToExplorer:
    """A token for one page, told once; until when it is good, and the words it is good for."""

    token: CallerToken
    expires_at: datetime
    allowed: tuple[str, ...]


def explorer_name(operator: Caller) -> str:
    """Return the name of the caller that an operator is at the explorer, one for each of them.

    >>> explorer_name(Caller("ana@example.com"))
    'explorer ana@example.com'
    >>> explorer_name(Caller("auth0|ana")) == explorer_name(Caller("auth0-ana"))
    False
    """
    kept = _STRANGE.sub("-", operator.user_id)[:_KEPT_CHARS].strip()
    if kept == operator.user_id:
        return f"{_PREFIX} {kept}"
    digest = sha256(operator.user_id.encode()).hexdigest()[:_DIGEST_CHARS]
    return " ".join(filter(None, (_PREFIX, kept, digest)))


def explorer_words(mode: Mode, grants: Collection[str]) -> Mapping[Mode, Sequence[str]]:
    """Return what a token of a mode may do, with further words for this mode alone.

    Raises:
        InputRefused: a further word names no resource and verb of an operation, or too many do.
    """
    known = {operation.grant for operation in all_operations()}
    if not known.issuperset(grants) or len(grants) > MOST_GRANTS:
        raise InputRefused([("grants", "must be words of operations, such as accounts:create")])
    words = {each: set(DEFAULT.words(each)) for each in Mode}
    words[mode] |= set(grants)
    return {each: tuple(sorted(said)) for each, said in words.items()}


async def lent_modes(platform: Platform) -> Sequence[Mode]:
    """Return the modes in which there is a key to lend to whom no other is named.

    Raises:
        StoreUnavailable: it cannot be read.
    """
    kept = {each.mode for each in await list_credentials(platform) if each.name == CURRENT}
    return [mode for mode in Mode if mode in kept or mode in platform.lending.own_keys]


async def borrow_for_explorer(
    platform: Platform, operator: Caller, mode: Mode, grants: Collection[str]
) -> LentToExplorer:
    """Make a token for an operator's page. Who is given it was checked before; it is audited.

    Tokens of the same operator that are still good may do from now on what this one may.

    Raises:
        InputRefused: a word grants nothing that is known.
        StoreUnavailable: it cannot be written down.
    """
    words = explorer_words(mode, grants)
    name = explorer_name(operator)
    terms = CallerTerms(words=words)
    try:
        caller = await get_caller(platform, name)
    except CallerAbsent:
        caller = await _add(platform, operator, name, terms)
    if AllowList.parse(words) != caller.allow_list:
        changed = CallerTerms(words=words, limits=terms_of(caller).limits)
        caller = await change_caller(platform, operator, caller.id, changed)
    issued = await add_token(platform, operator, caller.id, mode, lifetime=EXPLORER_LIFETIME)
    expires_at = platform.clock() + EXPLORER_LIFETIME
    return LentToExplorer(issued.token, expires_at, tuple(words[mode]))


async def _add(
    platform: Platform, operator: Caller, name: str, terms: CallerTerms
) -> GatewayCaller:
    try:
        return await add_caller(platform, operator, name, terms)
    except CallerNameTaken:  # by another page of theirs, a moment ago
        return await get_caller(platform, name)
