"""Does the platform know who this creator is? The states of that check, and what may follow what.

Nobody decides, or an operator does, or a provider by signed news. One check is a row of attempts,
each with a session of its own: only the newest counts. Within an attempt the latest decision
stands, however often and in whatever order the news come.

Source: ADR-0018, knowing your creators.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from aboard.core.errors_kyc import KycApproved, KycNotDecidable, KycRunning
from aboard.core.secret import Secret

BY_OPERATOR = "manual"
"""What an attempt names as its provider where an operator decides."""


class KycMethod(StrEnum):
    """Who decides: nobody, so that everybody counts as known; an operator; or a provider."""

    NONE = "none"
    MANUAL = "manual"
    WEBHOOK = "webhook"


class KycStatus(StrEnum):
    """The five states, in the words of the creators API."""

    NOT_STARTED = "NOT_STARTED"
    PENDING = "PENDING"
    APPROVED = "APPROVED"
    REJECTED = "REJECTED"
    EXPIRED = "EXPIRED"


DECISIONS = frozenset({KycStatus.APPROVED, KycStatus.REJECTED, KycStatus.EXPIRED})
# Of two decisions at the same moment the one that lets fewer through stands.
_STRICTNESS = {KycStatus.APPROVED: 0, KycStatus.EXPIRED: 1, KycStatus.REJECTED: 2}


@dataclass(frozen=True, slots=True)
class KycPolicy:
    """Who decides and for how long. `session_length` is how long a provider's session runs."""

    method: KycMethod = KycMethod.NONE
    lifetime: timedelta | None = None
    session_length: timedelta = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class KycProvider:
    """Who decides by webhook: its name, where it receives a creator, and what signs its news.

    `address` has one place, `{sessionId}`. The name means something to people alone.
    """

    name: str
    address: str
    secrets: tuple[Secret, ...]

    def address_of(self, session_id: str) -> str:
        """Return where a creator is sent for this session."""
        return self.address.replace("{sessionId}", session_id)


@dataclass(frozen=True, slots=True)
class KycCheck:
    """One creator's check, at its newest attempt. Times are aware UTC.

    `decided_at` is when the decision fell, by whoever made it; news older than that are no news.
    `revision` counts the changes, so that two of them never overwrite each other.
    """

    creator_id: str
    session_id: str = field(repr=False)
    attempt: int
    status: KycStatus
    provider: str
    started_at: datetime
    provider_id: str | None = None
    decided_at: datetime | None = None
    revision: int = 0


@dataclass(frozen=True, slots=True)
class KycNews:
    """What a provider, or an operator, says of an attempt, and when that was so."""

    status: KycStatus
    occurred_at: datetime
    provider_id: str | None = None


@dataclass(frozen=True, slots=True)
class KycStanding:
    """How a creator stands, as everybody is told. `completed_at` is there in a final state."""

    status: KycStatus
    provider: str | None = None
    provider_id: str | None = None
    completed_at: datetime | None = None


def stand(check: KycCheck | None, policy: KycPolicy, now: datetime) -> KycStanding:
    """Return how a creator stands now; an approval that has had its time has expired.

    >>> stand(None, KycPolicy(), datetime.max).status.value
    'APPROVED'
    """
    if policy.method is KycMethod.NONE:
        return KycStanding(KycStatus.APPROVED)
    if check is None:
        return KycStanding(KycStatus.NOT_STARTED)
    status, completed_at = check.status, check.decided_at
    if status is KycStatus.APPROVED and policy.lifetime is not None and completed_at is not None:
        ends_at = completed_at + policy.lifetime
        if ends_at <= now:
            status, completed_at = KycStatus.EXPIRED, ends_at
    return KycStanding(status, check.provider, check.provider_id, completed_at)


def begin(
    check: KycCheck | None,
    policy: KycPolicy,
    *,
    creator_id: str,
    session_id: str,
    provider: str,
    now: datetime,
) -> KycCheck:
    """Return a new attempt: the first, or the one after a refusal, an end or a silent provider.

    Raises:
        KycApproved: there is nothing to check.
        KycRunning: an attempt is under way.
    """
    status = stand(check, policy, now).status
    if status is KycStatus.APPROVED:
        raise KycApproved
    if check is not None and status is KycStatus.PENDING:
        is_silent = now - check.started_at >= policy.session_length
        if policy.method is not KycMethod.WEBHOOK or not is_silent:
            raise KycRunning
    return KycCheck(
        creator_id=creator_id,
        session_id=session_id,
        attempt=1 if check is None else check.attempt + 1,
        status=KycStatus.PENDING,
        provider=provider,
        started_at=now,
        revision=0 if check is None else check.revision,
    )


def hear(check: KycCheck, news: KycNews) -> KycCheck | None:
    """Return the check after news of its attempt; None where they change nothing.

    A decision is corrected by a later one, and never undone: nothing leads back from it to
    waiting but a new attempt. The same news in any order, once or more, end in the same state.
    """
    provider_id = check.provider_id or news.provider_id
    if news.status not in DECISIONS or _is_old(check, news):
        # Late news still may say first what the provider calls this attempt.
        return None if provider_id == check.provider_id else replace(check, provider_id=provider_id)
    return replace(
        check,
        status=news.status,
        provider_id=news.provider_id or provider_id,
        decided_at=news.occurred_at,
    )


def _is_old(check: KycCheck, news: KycNews) -> bool:
    if check.decided_at is None:
        return False
    told = (news.occurred_at, _STRICTNESS[news.status])
    return told <= (check.decided_at, _STRICTNESS[check.status])


def decide(
    check: KycCheck | None, policy: KycPolicy, decision: KycStatus, now: datetime
) -> KycCheck | None:
    """Return the check after an operator's decision; None where it stands so already.

    Raises:
        KycNotDecidable: nothing was ever begun, or nobody is checked here.
    """
    standing = stand(check, policy, now)
    if check is None or policy.method is KycMethod.NONE or decision not in DECISIONS:
        raise KycNotDecidable(standing.status.value)
    if standing.status is decision and check.status is decision:
        return None
    # Never before a decision that is there: whoever decides now has seen it.
    at = now if check.decided_at is None else max(now, check.decided_at + timedelta(microseconds=1))
    return replace(check, status=decision, decided_at=at)
