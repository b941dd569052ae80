"""Know a creator before they are paid: begin a check, say how it stands, decide it, ask for it.

Every change is judged by `core.kyc` on the check as it was read, and written only over that, with
its audit row, in one commit; whoever comes second judges again.

Source: ADR-0018, knowing your creators.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field

from aboard.core.caller import Caller
from aboard.core.creator import CreatorCheck
from aboard.core.errors import FeatureDisabled, NotYours, StoreUnavailable
from aboard.core.errors_kyc import CreatorUnknown, KycRequired
from aboard.core.kyc import (
    BY_OPERATOR,
    KycMethod,
    KycStanding,
    KycStatus,
    begin,
    decide,
    stand,
)
from aboard.core.owner import Owner, OwnerKind
from aboard.flows.audit import AuditAction, write_audit
from aboard.flows.entry import owner_address
from aboard.flows.journal import LogEvent
from aboard.flows.organizations import OPERATORS_ONLY
from aboard.flows.platform import Platform
from aboard.store.records import AuditEntry, Detail

TRIES = 20
"""How often a change is judged again after another one came first: each was somebody's success."""
_BUSY = "busy"
_LONGEST_ID = 255


@dataclass(frozen=True, slots=True)
class StartedKyc:
    """A check under way: where the creator goes, under which session, and who decides."""

    redirect_url: str = field(repr=False)
    session_id: str = field(repr=False)
    provider: str


async def start_kyc(
    platform: Platform, caller: Caller, *, request_id: str | None = None
) -> StartedKyc:
    """Begin a check of the caller, or another attempt, and say where they go.

    Two calls at once begin one attempt. It is audited.

    Raises:
        CreatorUnknown: the caller has no creator profile.
        FeatureDisabled: beginning checks is switched off.
        KycApproved: there is nothing to check.
        KycRunning: a check is under way.
        StoreUnavailable: nothing could be read or written.
    """
    creator_id = await _own_id(platform, caller)
    if not platform.switches.kyc:
        raise FeatureDisabled("kyc")
    owner = owner_of(platform, creator_id)
    provider = platform.kyc_provider
    for _ in range(TRIES):
        seen, now = await platform.store.find_kyc(creator_id), platform.clock()
        check = begin(
            seen,
            platform.kyc,
            creator_id=creator_id,
            session_id=f"kyc_{secrets.token_urlsafe(24)}",
            provider=BY_OPERATOR if provider is None else provider.name,
            now=now,
        )
        audit = AuditEntry(
            at=now,
            actor=caller.user_id,
            action=AuditAction.KYC_START.value,
            outcome=check.status.value,
            owner=owner,
            request_id=request_id,
            details={"attempt": check.attempt, "provider": check.provider},
        )
        if await platform.store.write_kyc(seen, check, audit):
            break
    else:
        raise StoreUnavailable(_BUSY)
    platform.journal.note(LogEvent.KYC_STARTED, owner=owner, count=check.attempt)
    # An operator has no page for them: their own one says that they have to wait.
    own_page = owner_address(platform, owner)
    address = own_page if provider is None else provider.address_of(check.session_id)
    return StartedKyc(address, check.session_id, check.provider)


async def read_kyc(platform: Platform, caller: Caller) -> KycStanding:
    """Return how the caller's own check stands.

    Raises:
        CreatorUnknown: the caller has no creator profile.
    """
    return await standing_of(platform, await _own_id(platform, caller))


async def standing_of(platform: Platform, creator_id: str) -> KycStanding:
    """Return how a creator's check stands now."""
    if platform.kyc.method is KycMethod.NONE:  # which is told without asking
        return stand(None, platform.kyc, platform.clock())
    return stand(await platform.store.find_kyc(creator_id), platform.kyc, platform.clock())


async def require_kyc(platform: Platform, owner: Owner) -> None:
    """Let an owner pass whom the platform knows. Nobody asks for that but of creators.

    Raises:
        KycRequired: not yet, or not any more, with how the check stands.
    """
    if owner.kind is not OwnerKind.CREATOR:
        return
    standing = await standing_of(platform, owner.id)
    if standing.status is not KycStatus.APPROVED:
        raise KycRequired(standing.status.value)


async def list_pending_kyc(
    platform: Platform,
    caller: Caller,
    *,
    after: str = "",
    limit: int = 50,
    request_id: str | None = None,
) -> Sequence[CreatorCheck]:
    """Return the checks that wait for a decision with their creators, by creator id.

    Raises:
        NotYours: the caller is no operator; audited.
    """
    await _require_operator(platform, caller, None, request_id)
    return await platform.store.list_kyc(KycStatus.PENDING, after=after, limit=limit)


async def decide_kyc(
    platform: Platform,
    caller: Caller,
    creator_id: str,
    decision: KycStatus,
    *,
    reason: str | None = None,
    request_id: str | None = None,
) -> KycStanding:
    """Decide a creator's check as an operator, and return how it stands then; audited.

    A decision may be corrected; the same one again changes nothing and leaves no row.

    Raises:
        NotYours: the caller is no operator; audited.
        CreatorUnknown: there is no such creator.
        KycNotDecidable: no check was begun, or none is asked for.
        StoreUnavailable: nothing could be read or written.
    """
    is_id = 0 < len(creator_id) <= _LONGEST_ID and creator_id.isprintable()
    await _require_operator(platform, caller, creator_id if is_id else None, request_id)
    if not is_id or await platform.store.find_creator(creator_id) is None:
        raise CreatorUnknown
    owner = owner_of(platform, creator_id)
    details: dict[str, Detail] = {} if reason is None else {"reason": reason}
    for _ in range(TRIES):
        seen, now = await platform.store.find_kyc(creator_id), platform.clock()
        check = decide(seen, platform.kyc, decision, now)
        if check is None:
            return stand(seen, platform.kyc, now)
        audit = AuditEntry(
            at=now,
            actor=caller.user_id,
            action=AuditAction.KYC_DECISION.value,
            outcome=decision.value,
            owner=owner,
            request_id=request_id,
            details={"attempt": check.attempt, **details},
        )
        if await platform.store.write_kyc(seen, check, audit):
            platform.journal.note(
                LogEvent.KYC_CHANGED, owner=owner, outcome=decision.value, source=BY_OPERATOR
            )
            return stand(check, platform.kyc, now)
    raise StoreUnavailable(_BUSY)


def owner_of(platform: Platform, creator_id: str) -> Owner:
    """Return a creator as an owner in the usual mode: a check is about a person, in both."""
    return Owner(OwnerKind.CREATOR, creator_id, platform.creator.mode)


async def _own_id(platform: Platform, caller: Caller) -> str:
    creator = await platform.store.find_creator_of_user(caller.user_id)
    if creator is None:
        raise CreatorUnknown
    return creator.id


async def _require_operator(
    platform: Platform, caller: Caller, creator_id: str | None, request_id: str | None
) -> None:
    if caller.is_operator:
        return
    await write_audit(
        platform,
        AuditAction.KYC_DECISION,
        outcome=OPERATORS_ONLY,
        caller=caller,
        owner=None if creator_id is None else owner_of(platform, creator_id),
        request_id=request_id,
    )
    raise NotYours
