"""What can go wrong, as facts. Status and wording belong to each dialect's own table.

AboardError
├─ NotYours            caller and owner differ
├─ OwnerUnknown        no such creator or organization
├─ OrganizationTaken   another organization has this id
├─ MemberUnknown       no such member in this organization
├─ LastOwner           an organization keeps at least one owner
├─ AccountNotLinked    the owner has no connected account yet
├─ AccountGone         Stripe no longer knows it, or not for us (+ case)
├─ AccountRejected     Stripe rejected it; only a restart makes another (+ reason)
├─ CountryMismatch     the account is in another country, which cannot change (+ both)
├─ AccountNotReady     the operation needs a readiness it lacks (+ blockers)
├─ NothingDue          there is nothing left to collect (+ readiness)
├─ OnboardingBusy      another call is creating this owner's account right now
├─ RefreshLoop         too many refreshes of one onboarding: show the checklist first
├─ FeatureDisabled     an operator switched it off (+ feature)
├─ StripeNotConfigured no secret key for this mode
├─ IdempotencyConflict same key, another body
├─ IdempotencyBusy     same key, and its first request is at work right now
├─ Unauthenticated     no caller, or one we cannot trust (+ which check failed)
├─ InputRefused        a malformed request (+ problems, each with its field)
├─ StateInvalid
│  ├─ StateExpired     (+ age)
│  ├─ StateForged
│  ├─ StateSpent       already used
│  └─ StateMismatch    right signature, wrong owner or purpose
├─ AddressRefused      a return or refresh URL outside the allow-list
├─ TooManyRequests     (+ retry after, seconds)
├─ SignatureRefused    webhook (+ which check failed)
├─ StripeRefused       Stripe's own answer, passed on: code, parameter, request id
│  └─ StripeKeySwapped  the key is another platform's than before (+ both accounts)
├─ StripeUnavailable   no answer, or not now; safe to try again
├─ StoreUnavailable    our own database gives no answer now; nothing was written
├─ IssuerUnavailable   the issuer of tokens has never told its keys (+ retry after, seconds)
└─ SettingsRefused     settings that make no sense (+ problems)

What can go wrong where people sign in here is in `errors_identity`.

Each class has a stable dotted `code`. Texts here are for developers' eyes and hold no secret.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import ClassVar


class AboardError(Exception):
    """Something went wrong that Aboard has a name for."""

    code: ClassVar[str] = "aboard"


class NotYours(AboardError):
    """Caller and owner differ."""

    code = "owner.not_yours"


class OwnerUnknown(AboardError):
    """There is no such creator or organization."""

    code = "owner.unknown"


class OrganizationTaken(AboardError):
    """Another organization has this id."""

    code = "organization.taken"


class MemberUnknown(AboardError):
    """There is no such member in this organization."""

    code = "member.unknown"


class LastOwner(AboardError):
    """An organization keeps at least one owner."""

    code = "member.last_owner"


class AccountNotLinked(AboardError):
    """The owner has no connected account yet."""

    code = "account.not_linked"


class AccountGone(AboardError):
    """Stripe no longer knows the account, or no longer lets us see it."""

    code = "account.gone"

    def __init__(self, case: str, *, request_id: str | None = None) -> None:
        """Name the row of the closed table that decided it, and Stripe's request id."""
        super().__init__(f"account is gone: {case}")
        self.case = case
        self.request_id = request_id


class AccountRejected(AboardError):
    """Stripe or the platform rejected the account for good; only a restart makes another."""

    code = "account.rejected"

    def __init__(self, reason: str) -> None:
        """Carry Stripe's `disabled_reason`."""
        super().__init__(f"account was rejected: {reason}")
        self.reason = reason


class CountryMismatch(AboardError):
    """The account is in another country than asked for, and Stripe never changes that."""

    code = "account.country_fixed"

    def __init__(self, current: str, wanted: str, *, can_restart: bool) -> None:
        """Carry both two-letter codes, and whether a restart would make another account."""
        super().__init__(f"account is in {current}, not in {wanted}")
        self.current = current
        self.wanted = wanted
        self.can_restart = can_restart


class AccountNotReady(AboardError):
    """The operation needs a readiness that the account lacks."""

    code = "account.not_ready"

    def __init__(self, blockers: Sequence[str] = ()) -> None:
        """Carry the named blockers, most basic first."""
        super().__init__(f"not ready: {', '.join(blockers) or 'no reason given'}")
        self.blockers = tuple(blockers)


class NothingDue(AboardError):
    """There is nothing left to collect, so no link is made."""

    code = "onboarding.nothing_due"

    def __init__(self, readiness: str) -> None:
        """Carry the readiness that says why."""
        super().__init__(f"nothing is due: {readiness}")
        self.readiness = readiness


class OnboardingBusy(AboardError):
    """Another call is creating this owner's account right now; try again in a moment."""

    code = "onboarding.busy"


class RefreshLoop(AboardError):
    """One onboarding was refreshed too often; the checklist must be shown first."""

    code = "onboarding.refresh_loop"


class FeatureDisabled(AboardError):
    """An operator switched this feature off."""

    code = "feature.disabled"

    def __init__(self, feature: str) -> None:
        """Carry the switch's name."""
        super().__init__(f"switched off: {feature}")
        self.feature = feature


class StripeNotConfigured(AboardError):
    """No secret key is set for this mode."""

    code = "stripe.not_configured"


class IdempotencyConflict(AboardError):
    """The same idempotency key came with another body."""

    code = "request.idempotency_conflict"


class IdempotencyBusy(AboardError):
    """The first request with this idempotency key is still at work."""

    code = "request.idempotency_busy"


class Unauthenticated(AboardError):
    """Nobody we can trust is asking."""

    code = "caller.unauthenticated"

    def __init__(self, check: str) -> None:
        """Name the check that failed; for logs, never for the answer."""
        super().__init__(f"unauthenticated: {check}")
        self.check = check


class InputRefused(AboardError):
    """The request is malformed."""

    code = "request.refused"

    def __init__(self, problems: Sequence[tuple[str, str]], *, status_hint: int = 400) -> None:
        """Carry (field, what is wrong) pairs, and 413 or 415 where the body itself is refused."""
        super().__init__("; ".join(f"{field}: {wrong}" for field, wrong in problems))
        self.problems = tuple(problems)
        self.status_hint = status_hint


class StateInvalid(AboardError):
    """A callback's state cannot be trusted."""

    code = "state.invalid"


class StateExpired(StateInvalid):
    """The state is older than the lifetime written into it."""

    code = "state.expired"

    def __init__(self, age: timedelta) -> None:
        """Carry the age since it was issued."""
        super().__init__(f"state is {int(age.total_seconds())} seconds old")
        self.age = age


class StateForged(StateInvalid):
    """Signature or format does not hold; deliberately one fact for both."""

    code = "state.forged"


class StateSpent(StateInvalid):
    """The state was already used where it may be used once."""

    code = "state.spent"


class StateMismatch(StateInvalid):
    """The signature holds, but owner, mode or purpose are others."""

    code = "state.mismatch"

    def __init__(self, what: str) -> None:
        """Name what differs: purpose, owner, mode or onboarding."""
        super().__init__(f"state is for another {what}")
        self.what = what


class AddressRefused(AboardError):
    """A return or refresh URL is outside the allow-list."""

    code = "address.refused"

    def __init__(self, field: str, reason: str) -> None:
        """Carry the field and the rule that refused it, never the address itself."""
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason = reason


class TooManyRequests(AboardError):
    """The caller used up its window."""

    code = "request.too_many"

    def __init__(self, retry_after_seconds: int) -> None:
        """Carry the whole seconds until a call is allowed again."""
        super().__init__(f"try again in {retry_after_seconds} seconds")
        self.retry_after_seconds = retry_after_seconds


class SignatureRefused(AboardError):
    """A webhook's signature does not hold."""

    code = "webhook.signature_refused"

    def __init__(self, check: str) -> None:
        """Name the check that failed, one of four; never the header or the body."""
        super().__init__(f"signature refused: {check}")
        self.check = check


class StripeRefused(AboardError):
    """Stripe said no; its own words are passed on."""

    code = "stripe.refused"

    def __init__(
        self,
        message: str,
        *,
        status: int,
        error_type: str | None = None,
        error_code: str | None = None,
        param: str | None = None,
        request_id: str | None = None,
    ) -> None:
        """Carry Stripe's answer: HTTP status, type, code, parameter and request id."""
        super().__init__(message)
        self.message = message
        self.status = status
        self.error_type = error_type
        self.error_code = error_code
        self.param = param
        self.request_id = request_id


class StripeKeySwapped(StripeRefused):
    """The key is another platform's than before, so that nothing it says of our accounts counts."""

    code = "stripe.key_swapped"

    def __init__(self, mode: str, *, known: str, found: str) -> None:
        """Carry the mode, the platform's account as remembered, and the one the key opens."""
        super().__init__(
            f"the {mode} key belongs to {found}, but this platform is {known}",
            status=403,
            error_type="invalid_request_error",
        )
        self.mode = mode
        self.known = known
        self.found = found


class StripeUnavailable(AboardError):
    """Stripe gave no answer, or none that can be used now; safe to try again."""

    code = "stripe.unavailable"

    def __init__(
        self,
        cause: str,
        *,
        retry_after_seconds: int | None = None,
        request_id: str | None = None,
        is_replay: bool = False,
        reason: str | None = None,
    ) -> None:
        """Name the cause (timeout, connection, rate_limited, server_error, garbage).

        `reason` is which of its limits Stripe names when one is reached, or `lock_timeout`.
        `is_replay` says that Stripe repeated a stored failure for our idempotency key, so that
        trying again with the same key cannot help.
        """
        super().__init__(f"Stripe is unavailable: {cause}")
        self.cause = cause
        self.retry_after_seconds = retry_after_seconds
        self.request_id = request_id
        self.is_replay = is_replay
        self.reason = reason


class StoreUnavailable(AboardError):
    """Our own database gives no answer now. Nothing was written; trying again is safe."""

    code = "store.unavailable"

    def __init__(self, cause: str) -> None:
        """Name the cause (busy, full, closed, backlog, input_output, not_a_database, ...)."""
        super().__init__(f"the store is unavailable: {cause}")
        self.cause = cause


class IssuerUnavailable(AboardError):
    """The issuer of bearer tokens has never told its keys, so that nobody can be believed."""

    code = "issuer.unavailable"

    def __init__(self, retry_after_seconds: int) -> None:
        """Say after how many seconds the issuer is asked again."""
        super().__init__("the issuer of tokens has not told its keys")
        self.retry_after_seconds = retry_after_seconds


class SettingsRefused(AboardError):
    """The settings make no sense; the service does not start."""

    code = "settings.refused"

    def __init__(self, problems: Sequence[str]) -> None:
        """Carry each problem as a sentence that names the setting and the remedy."""
        super().__init__("; ".join(problems))
        self.problems = tuple(problems)
