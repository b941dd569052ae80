"""From fact to answer under `/api/v1`: the table, and the envelope around its rows.

`i18nKey` is always the dotted key; `code` is the same key for facts about creators and about
signing in, and an upper-case word for what guards refuse.

Source: docs/api/creators.md, errors; docs/api/auth.md, errors.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from aboard.api.envelope.messages import message_of
from aboard.api.envelope.schemas import Detail, Failed, Failure
from aboard.core import errors as facts
from aboard.core import errors_identity as identity
from aboard.core import errors_kyc
from aboard.core.errors import AboardError
from aboard.web.answer import Answer
from aboard.web.refusals import Refused, Situation, plain, retry_seconds, row_of


@dataclass(frozen=True, slots=True)
class Row:
    """How one fact is told. Without a code of its own, the key is the code."""

    status: int
    key: str
    code: str | None = None


_UNCONFIGURED: Final = Row(400, "creator.stripe.service_unavailable")
_STATE: Final = Row(400, "error.state_invalid", "VALIDATION_FAILED")
_OUR_FAULT: Final = Row(500, "error.internal", "INTERNAL")

TABLE: Final[Mapping[type[AboardError], Row]] = {
    facts.NotYours: Row(403, "auth.forbidden", "AUTH_FORBIDDEN"),
    facts.OwnerUnknown: Row(404, "creator.stripe.not_creator"),
    errors_kyc.CreatorUnknown: Row(404, "error.creator.not_found"),
    errors_kyc.KycRequired: Row(400, "creator.stripe.kyc_required"),
    errors_kyc.KycApproved: Row(400, "creator.kyc.already_approved"),
    errors_kyc.KycRunning: Row(400, "creator.kyc.already_running"),
    errors_kyc.KycNotDecidable: Row(409, "creator.kyc.not_decidable"),
    facts.OrganizationTaken: Row(409, "error.conflict", "CONFLICT"),
    facts.MemberUnknown: Row(404, "error.not_found", "NOT_FOUND"),
    facts.LastOwner: Row(409, "error.conflict", "CONFLICT"),
    facts.AccountNotLinked: Row(400, "creator.stripe.account_not_found"),
    # The remedy is the same as without an account: initiate makes a new one.
    facts.AccountGone: Row(400, "creator.stripe.account_not_found"),
    facts.AccountRejected: Row(400, "creator.stripe.rejected"),
    facts.CountryMismatch: Row(409, "creator.stripe.country_fixed"),
    facts.AccountNotReady: Row(400, "creator.stripe.not_active"),
    facts.NothingDue: Row(409, "creator.stripe.nothing_due"),
    facts.OnboardingBusy: Row(409, "creator.stripe.connect_in_progress"),
    facts.RefreshLoop: Row(409, "creator.stripe.refresh_loop"),
    facts.FeatureDisabled: Row(503, "features.{feature}_disabled"),
    facts.StripeNotConfigured: _UNCONFIGURED,
    facts.IdempotencyConflict: Row(409, "error.idempotency_conflict", "CONFLICT"),
    facts.IdempotencyBusy: Row(409, "error.idempotency_busy", "CONFLICT"),
    facts.Unauthenticated: Row(401, "auth.unauthorized", "AUTH_UNAUTHORIZED"),
    identity.LoginRefused: Row(401, "auth.login.invalid_credentials"),
    identity.CodeRefused: Row(401, "auth.confirm.invalid_code"),
    identity.RefreshRefused: Row(401, "auth.refresh.invalid_token"),
    identity.RefreshReused: Row(401, "auth.refresh.token_reuse_detected"),
    identity.LoginLocked: Row(429, "auth.login.locked"),
    identity.LoginBusy: Row(503, "auth.login.busy"),
    identity.RegistrationClosed: Row(403, "auth.register.closed"),
    identity.SessionUnknown: Row(404, "auth.sessions.not_found"),
    identity.SessionCurrent: Row(400, "auth.sessions.cannot_revoke_current"),
    facts.InputRefused: Row(400, "error.validation_failed", "VALIDATION_FAILED"),
    facts.StateInvalid: _STATE,
    facts.StateExpired: _STATE,
    facts.StateForged: _STATE,
    facts.StateSpent: _STATE,
    facts.StateMismatch: _STATE,
    facts.AddressRefused: Row(400, "error.address_refused", "VALIDATION_FAILED"),
    facts.TooManyRequests: Row(429, "error.rate_limited", "RATE_LIMITED"),
    facts.SignatureRefused: Row(400, "error.signature_refused", "VALIDATION_FAILED"),
    facts.StripeRefused: Row(400, "creator.stripe.refused"),
    facts.StripeKeySwapped: _UNCONFIGURED,
    facts.StripeUnavailable: Row(503, "creator.stripe.unavailable"),
    facts.StoreUnavailable: Row(503, "error.unavailable", "UNAVAILABLE"),
    facts.IssuerUnavailable: Row(503, "error.unavailable", "UNAVAILABLE"),
    facts.SettingsRefused: _OUR_FAULT,
}

SITUATIONS: Final[Mapping[Situation, Row]] = {
    Situation.NO_SUCH_PATH: Row(404, "error.not_found", "NOT_FOUND"),
    Situation.NO_SUCH_METHOD: Row(405, "error.method_not_allowed", "METHOD_NOT_ALLOWED"),
    Situation.OUR_FAULT: _OUR_FAULT,
}

# Stripe refuses the platform's own key: nothing that the creator could change.
_PLATFORM_FAULT: Final = frozenset({401, 403})


def word_refusal(refused: Refused, *, request_id: str, language: str) -> Answer[Failed]:
    """Tell what went wrong in the envelope."""
    status, failed = failure_of(refused.cause, request_id=request_id, language=language)
    headers = (*refused.headers, (b"content-language", language.encode()))
    return Answer(failed, status=status, headers=headers)


def failure_of(
    cause: AboardError | Situation, *, request_id: str, language: str
) -> tuple[int, Failed]:
    """Return the status and the body that tell what went wrong."""
    row = _row(cause)
    values = _values(cause)
    key = row.key.format_map(values)
    status = cause.status_hint if isinstance(cause, facts.InputRefused) else row.status
    failure = Failure(
        code=row.code or key,
        message=message_of(key, language, values),
        i18n_key=key,
        i18n_vars=values,
        details=_details(cause, language) if row is not _UNCONFIGURED else [],
        correlation_id=request_id,
    )
    return status, Failed(error=failure)


def example_of(fact: type[AboardError], values: Mapping[str, str | int] | None = None) -> Failed:
    """Return how a fact is told, for a description: in English, without details."""
    row, given = TABLE[fact], dict(values or {})
    return Failed(
        error=Failure(
            code=row.code or row.key,
            message=message_of(row.key, "en", given),
            i18n_key=row.key,
            i18n_vars=given,
            details=[],
            correlation_id="0b6f2f3e-5d0c-4f0a-9a51-7d2f5f1f8f2e",
        )
    )


def _row(cause: AboardError | Situation) -> Row:
    if isinstance(cause, Situation):
        return SITUATIONS[cause]
    if isinstance(cause, facts.StripeRefused) and cause.status in _PLATFORM_FAULT:
        return _UNCONFIGURED
    return row_of(TABLE, cause) or _OUR_FAULT


def _values(cause: AboardError | Situation) -> dict[str, str | int]:
    if isinstance(cause, facts.FeatureDisabled):
        return {"feature": cause.feature}
    if isinstance(cause, errors_kyc.KycRequired | errors_kyc.KycNotDecidable):
        return {"status": cause.status}
    if isinstance(cause, AboardError) and (seconds := retry_seconds(cause)) is not None:
        return {"seconds": seconds}
    return {}


def _details(cause: AboardError | Situation, language: str) -> list[Detail]:
    if isinstance(cause, errors_kyc.KycRequired):
        next_step = f"creator.kyc.next_{cause.status.lower()}"
        told = message_of(next_step, language, {})
        return [Detail(told, field="kycStatus", code=cause.status)]
    if isinstance(cause, facts.InputRefused):
        return [Detail(plain(wrong), field=plain(field)) for field, wrong in cause.problems]
    if isinstance(cause, facts.AddressRefused):
        return [Detail(cause.reason, field=cause.field)]
    if isinstance(cause, facts.AccountNotReady):
        return [Detail(blocker) for blocker in cause.blockers]
    if isinstance(cause, facts.StripeRefused):
        return [
            Detail(
                cause.message,
                field=cause.param,
                code=cause.error_code,
                request_id=cause.request_id,
            )
        ]
    return []
