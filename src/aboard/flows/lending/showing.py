"""How is a caller or a token shown to an operator, whoever asks: a program or a command?

Names in camelCase, as in every answer; times as they are kept, in UTC.

Source: docs/gateway/operators-api.md.
"""

from typing import Any

from aboard.core.lending.callers import GatewayCaller, TokenRecord
from aboard.core.owner import Mode


def show_caller(caller: GatewayCaller) -> dict[str, Any]:
    """Return a caller as it is shown."""
    own, limits = caller.allow_list, caller.limits
    return {
        "id": caller.id,
        "name": caller.name,
        "policy": caller.policy,
        "allow": None if own is None else {mode.value: own.words(mode) for mode in Mode},
        "owners": None if caller.owners is None else sorted(caller.owners),
        "limits": limits and {"perSecond": limits.per_second, "perDay": limits.per_day},
        "credential": caller.credential,
        "createdAt": caller.created_at,
        "createdBy": caller.created_by,
        "disabledAt": caller.disabled_at,
    }


def show_token(token: TokenRecord) -> dict[str, Any]:
    """Return what is kept of a token as it is shown; the token itself is shown once, elsewhere."""
    return {
        "id": token.id,
        "callerId": token.caller_id,
        "mode": token.mode.value,
        "hint": token.hint,
        "createdAt": token.created_at,
        "expiresAt": token.expires_at,
        "revokedAt": token.revoked_at,
    }
