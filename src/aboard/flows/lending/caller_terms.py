"""What does an operator decide about a caller? Checked as a whole, each problem with its field.

Source: ADR-0029, the gateway; docs/gateway/callers.md.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from aboard.core.errors import InputRefused
from aboard.core.lending.callers import CallLimits, GatewayCaller, read_owners
from aboard.core.lending.catalogue import all_operations
from aboard.core.lending.checking import doubt_words
from aboard.core.lending.credentials import read_credential_name
from aboard.core.lending.grants import AllowList
from aboard.core.lending.policies import MOST_PER_DAY, MOST_PER_SECOND
from aboard.core.owner import Mode
from aboard.flows.platform import Platform

_Given = TypeVar("_Given")
_Read = TypeVar("_Read")


@dataclass(frozen=True, slots=True)
class CallerTerms:
    """What an operator decides about a caller; all of it is replaced at once.

    `words` are the caller's own allow-list by mode, `policy` names one of the file instead; with
    neither the default holds. `owners` are as `creator:ada`; None: everybody.
    """

    policy: str | None = None
    words: Mapping[Mode, Sequence[str]] | None = None
    owners: Sequence[str] | None = None
    limits: CallLimits | None = None
    credential: str | None = None


def terms_of(caller: GatewayCaller) -> CallerTerms:
    """Return a caller's terms, to change some of them."""
    own = caller.allow_list
    return CallerTerms(
        policy=caller.policy,
        words=None if own is None else {mode: own.words(mode) for mode in Mode},
        owners=None if caller.owners is None else tuple(sorted(caller.owners)),
        limits=caller.limits,
        credential=caller.credential,
    )


def with_terms(platform: Platform, caller: GatewayCaller, terms: CallerTerms) -> GatewayCaller:
    """Return a caller under other terms.

    Raises:
        InputRefused: the terms will not do; every problem at once, each with its field.
    """
    problems = [*_problems_of_policy(platform, terms), *_problems_of_limits(terms.limits)]

    def read(field: str, take: Callable[[_Given], _Read], given: _Given | None) -> _Read | None:
        try:
            return None if given is None else take(given)
        except InputRefused as refused:
            problems.extend(refused.problems)
        except ValueError as refused:
            problems.append((field, str(refused)))
        return None

    allow_list = read("words", AllowList.parse, terms.words)
    if allow_list is not None:
        problems += _problems_of_words(allow_list)
    caller = replace(
        caller,
        policy=terms.policy,
        allow_list=allow_list,
        owners=read("owners", read_owners, terms.owners),
        limits=terms.limits,
        credential=read("credential", read_credential_name, terms.credential),
    )
    if problems:
        raise InputRefused(problems)
    return caller


def _problems_of_policy(platform: Platform, terms: CallerTerms) -> Iterator[tuple[str, str]]:
    if terms.policy is None:
        return
    if terms.words is not None:
        yield "policy", "goes without words of the caller's own"
    if terms.policy not in platform.lending.policies:
        known = ", ".join(sorted(platform.lending.policies)) or "none: set ABOARD_GATEWAY_POLICY"
        yield "policy", f"is no policy of the settings' file; there are {known}"


def _problems_of_words(allow_list: AllowList) -> Iterator[tuple[str, str]]:
    for mode in Mode:
        grants = sorted(allow_list.grants.get(mode, ()))
        for doubt in doubt_words(grants, mode, all_operations()):
            if not doubt.mild:
                yield "words", f"{doubt.grant}: {doubt.told}"


def _problems_of_limits(limits: CallLimits | None) -> Iterator[tuple[str, str]]:
    if limits is None:
        return
    for field, value, most in (
        ("per_second", limits.per_second, MOST_PER_SECOND),
        ("per_day", limits.per_day, MOST_PER_DAY),
    ):
        if value is not None and not 1 <= value <= most:
            yield field, f"must be 1 to {most}"
