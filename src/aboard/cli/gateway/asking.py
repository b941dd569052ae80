"""What do the commands about the gateway share? Their refusals and their words.

Source: docs/gateway/callers.md.
"""

from collections.abc import Mapping
from datetime import datetime

from aboard.cli import asking
from aboard.cli.exits import Exit, Refusal
from aboard.core.errors import InputRefused
from aboard.core.lending.callers import CallLimits, GatewayCaller, TokenRecord
from aboard.flows.lending.callers import CallerAbsent, CallerNameTaken
from aboard.flows.lending.credentials import CredentialUnknown, NoMasterKeys
from aboard.flows.lending.tokens import TokenAbsent, TokenOver

_WORDS: Mapping[type[Exception], tuple[str, str, Exit]] = {
    CallerAbsent: (
        "There is no such caller.",
        "`aboard gateway callers list` names them.",
        Exit.CHECK_FAILED,
    ),
    CallerNameTaken: (
        "There is a caller of this name already.",
        "`aboard gateway callers change` changes it; or choose another name.",
        Exit.CHECK_FAILED,
    ),
    TokenAbsent: (
        "There is no such token.",
        "`aboard gateway tokens list CALLER` names them.",
        Exit.CHECK_FAILED,
    ),
    TokenOver: (
        "The token is revoked or expired.",
        "`aboard gateway tokens add CALLER` makes another.",
        Exit.CHECK_FAILED,
    ),
    CredentialUnknown: (
        "There is no credential of this name in this mode.",
        "`aboard gateway credentials list` names them.",
        Exit.CHECK_FAILED,
    ),
    NoMasterKeys: (
        "There is no master key that a credential could be kept under.",
        "Set ABOARD_GATEWAY_KEYS, here and everywhere, to `k1:` and `openssl rand -base64 32`.",
        Exit.USAGE,
    ),
}


class Asking(asking.Asking):
    """The ground of the acts of one call about the gateway."""

    def __init__(self, environ: Mapping[str, str], *, is_json: bool, name_width: int = 28) -> None:
        """Take the settings' source, and whether to answer in JSON."""
        super().__init__(environ, is_json=is_json, name_width=name_width)

    def _told(self, refusal: Exception) -> Refusal | None:
        if isinstance(refusal, InputRefused):
            lines = "".join(f"\n  - {field}: {wrong}" for field, wrong in refusal.problems)
            return Refusal(f"This will not do:{lines}", "docs/gateway has every word.", Exit.USAGE)
        words = _WORDS.get(type(refusal))
        return None if words is None else Refusal(*words)


def told_caller(caller: GatewayCaller) -> str:
    """Say in a line what holds for a caller."""
    if caller.policy is not None:
        words = [f"policy {caller.policy}"]
    else:
        words = ["default words" if caller.allow_list is None else "words of its own"]
    words += [] if caller.limits is None else [told_limits(caller.limits)]
    words += [] if caller.owners is None else [f"for {len(caller.owners)} owners"]
    words += [] if caller.credential is None else [f"lent {caller.credential}"]
    words += [f"disabled {told_time(caller.disabled_at)}"] if caller.disabled_at else []
    return ", ".join(words)


def told_limits(limits: CallLimits) -> str:
    """Say how often somebody may call."""
    second = "any number" if limits.per_second is None else str(limits.per_second)
    day = "any number" if limits.per_day is None else str(limits.per_day)
    return f"{second} a second, {day} a day"


def told_token(token: TokenRecord, now: datetime) -> str:
    """Say in a line how a token stands."""
    if token.revoked_at is not None:
        standing = f"revoked {told_time(token.revoked_at)}"
    elif token.expires_at is None:
        standing = "good until revoked"
    elif token.expires_at <= now:
        standing = f"expired {told_time(token.expires_at)}"
    else:
        standing = f"good until {told_time(token.expires_at)}"
    return f"{token.hint}, {standing}"


def told_time(at: datetime) -> str:
    """Say when, to the minute."""
    return f"{at:%Y-%m-%d %H:%M} UTC"
