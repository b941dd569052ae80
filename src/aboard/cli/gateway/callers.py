"""What does each command about callers do? Asks its flow, and says what came of it.

Source: docs/gateway/callers.md.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

from aboard.cli.asking import OPERATOR
from aboard.cli.exits import Exit, Refusal
from aboard.cli.gateway.asking import Asking, told_caller, told_token
from aboard.cli.gateway.permissions import show_needed, told_needed
from aboard.cli.gateway.wishes import TermsWish
from aboard.cli.terminal import Mark
from aboard.core.clock import utc_now
from aboard.core.lending.callers import CallLimits, GatewayCaller, TokenRecord
from aboard.core.lending.catalogue import all_operations
from aboard.core.lending.grants import AllowList
from aboard.core.lending.permissions import needed_permissions
from aboard.core.lending.policies import UNLIMITED, rules_of
from aboard.core.owner import Mode
from aboard.flows.lending.caller_terms import CallerTerms, terms_of
from aboard.flows.lending.callers import (
    add_caller,
    change_caller,
    disable_caller,
    enable_caller,
    get_caller,
    list_callers,
    remove_caller,
)
from aboard.flows.lending.showing import show_caller, show_token
from aboard.flows.lending.tokens import list_tokens
from aboard.flows.platform import Platform

_PARTS = ("words", "owners", "limits", "credential")


class Acts(Asking):
    """The acts that say who may borrow the key."""

    def add(self, name: str, wish: TermsWish) -> Exit:
        """Add a caller."""
        return self._say(
            lambda one: add_caller(one, OPERATOR, name, _terms(one, CallerTerms(), wish)),
            "is added",
        )

    def list_all(self) -> Exit:
        """List all callers."""
        found = self._ask(list_callers)
        for caller in found:
            self._row(caller)
        if not found:
            self._terminal.say("Nobody yet. `aboard gateway callers add NAME` adds somebody.")
        self._terminal.document({"callers": [show_caller(each) for each in found]})
        return Exit.OK

    def show(self, name: str) -> Exit:
        """Show one caller with what holds for it now."""

        async def ask(
            platform: Platform,
        ) -> tuple[GatewayCaller, Sequence[TokenRecord], AllowList, CallLimits]:
            found = await get_caller(platform, name)
            allow_list, limits = rules_of(found, platform.lending.policies)
            return found, await list_tokens(platform, found.id), allow_list, limits

        caller, tokens, allow_list, limits = self._ask(ask)
        words = {mode: allow_list.words(mode) for mode in Mode}
        needed = {mode: needed_permissions(allow_list, mode, all_operations()) for mode in Mode}
        self._row(caller)
        for mode in Mode:
            self._terminal.aside(f"{mode}: {' '.join(words[mode]) or 'nothing'}")
            if words[mode]:
                self._terminal.aside(f"  a restricted key needs {told_needed(needed[mode])}")
        if caller.owners is not None:
            self._terminal.aside(f"for {', '.join(sorted(caller.owners))}")
        for token in tokens:
            self._terminal.aside(f"{token.id}  {told_token(token, utc_now())}")
        self._terminal.document(
            {
                **show_caller(caller),
                "holds": {
                    "allow": {mode.value: words[mode] for mode in Mode},
                    "permissions": {mode.value: show_needed(needed[mode]) for mode in Mode},
                    "limits": {"perSecond": limits.per_second, "perDay": limits.per_day},
                },
                "tokens": [show_token(each) for each in tokens],
            }
        )
        return Exit.OK

    def change(self, name: str, wish: TermsWish) -> Exit:
        """Change what is given."""

        async def act(platform: Platform) -> GatewayCaller:
            found = await get_caller(platform, name)
            terms = _terms(platform, terms_of(found), wish)
            return await change_caller(platform, OPERATOR, found.id, terms)

        return self._say(act, "is changed")

    def disable(self, name: str) -> Exit:
        """Refuse all its tokens."""
        return self._say(lambda one: disable_caller(one, OPERATOR, name), "is disabled")

    def enable(self, name: str) -> Exit:
        """Take its good tokens again."""
        return self._say(lambda one: enable_caller(one, OPERATOR, name), "is enabled")

    def remove(self, name: str) -> Exit:
        """Forget it."""
        caller = self._ask(lambda one: remove_caller(one, OPERATOR, name))
        self._terminal.row(Mark.GOOD, caller.name, "is removed, with its tokens")
        self._terminal.document({"id": caller.id, "name": caller.name, "removed": True})
        return Exit.OK

    def _say(self, act: Callable[[Platform], Awaitable[GatewayCaller]], told: str) -> Exit:
        caller = self._ask(act)
        self._row(caller, told)
        self._terminal.document(show_caller(caller))
        return Exit.OK

    def _row(self, caller: GatewayCaller, told: str = "") -> None:
        mark = Mark.NOTE if caller.disabled_at is not None else Mark.GOOD
        words = [f"{told}:"] if told else []
        self._terminal.row(mark, caller.name, " ".join([*words, told_caller(caller)]))
        self._terminal.aside(caller.id)


def _terms(platform: Platform, before: CallerTerms, wish: TermsWish) -> CallerTerms:
    terms = _to_default(before, wish.default or ())
    if wish.policy is not None:
        terms = replace(terms, policy=wish.policy, words=None)
    if wish.test is not None or wish.live is not None:
        given = {Mode.TEST: wish.test, Mode.LIVE: wish.live}
        own = terms.words or {}
        words = {mode: own.get(mode, ()) if new is None else new for mode, new in given.items()}
        terms = replace(terms, words=words, policy=wish.policy)
    if wish.owners is not None:
        terms = replace(terms, owners=wish.owners)
    if wish.credential is not None:
        terms = replace(terms, credential=wish.credential)
    if wish.per_second is not None or wish.per_day is not None:
        terms = replace(terms, limits=_limits(platform, terms, wish))
    return terms


def _to_default(terms: CallerTerms, parts: Sequence[str]) -> CallerTerms:
    for part in parts:
        if part not in _PARTS:
            raise Refusal(
                f"There is no {part!r} to go back to the default.",
                f"Give {', '.join(_PARTS)}.",
                Exit.USAGE,
            )
    return CallerTerms(
        policy=None if "words" in parts else terms.policy,
        words=None if "words" in parts else terms.words,
        owners=None if "owners" in parts else terms.owners,
        limits=None if "limits" in parts else terms.limits,
        credential=None if "credential" in parts else terms.credential,
    )


def _limits(platform: Platform, terms: CallerTerms, wish: TermsWish) -> CallLimits:
    """Return the limits that are wished for; what is not said stays, or is the policy's."""
    policy = platform.lending.policies.get(terms.policy or "")
    held = terms.limits or (CallLimits() if policy is None else policy.limits)
    return CallLimits(
        held.per_second if wish.per_second is None else _number(wish.per_second, "--per-second"),
        held.per_day if wish.per_day is None else _number(wish.per_day, "--per-day"),
    )


def _number(given: str, option: str) -> int | None:
    if given == UNLIMITED:
        return None
    if not (given.isascii() and given.isdigit()):
        raise Refusal(f"{option} is no number.", f"Give a number, or {UNLIMITED}.", Exit.USAGE)
    return int(given)
