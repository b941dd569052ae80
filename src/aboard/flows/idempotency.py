"""Has this caller sent the same mutation before? Same key, same logical result, for 24 hours.

Only a digest of the body is kept. A bearer URL is never replayed from storage: a repeated link
request simply runs again and yields a new link for the same account.

Source: docs/api/organizations.md, idempotency.
"""

import hashlib
import re
from datetime import timedelta

from aboard.core.errors import IdempotencyConflict, InputRefused
from aboard.flows.platform import Platform
from aboard.store.records import IdempotencyScope, KeyOutcome

KEY_LIFETIME = timedelta(hours=24)
_KEY = re.compile(r"[\x21-\x7e]{1,255}\Z")


async def claim_key(
    platform: Platform,
    *,
    caller_id: str,
    operation: str,
    organization_id: str,
    key: str,
    body: bytes,
) -> bool:
    """Claim the key for this body; say whether it is a repeat.

    Raises:
        InputRefused: the key is not 1 to 255 visible ASCII characters.
        IdempotencyConflict: the key came before with another body.
    """
    if not _KEY.match(key):
        raise InputRefused([("Idempotency-Key", "must be 1 to 255 visible ASCII characters")])
    claim = await platform.store.claim_idempotency_key(
        IdempotencyScope(caller_id, operation, organization_id, key),
        hashlib.sha256(body).hexdigest(),
        platform.clock(),
        KEY_LIFETIME,
    )
    if claim.outcome is KeyOutcome.CONFLICT:
        raise IdempotencyConflict
    return claim.outcome is KeyOutcome.SAME
