"""From fact to answer in the organizations dialect: the table, and the body of its rows.

Source: docs/api/organizations.md, errors.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from aboard.api.organizations.schemas import Details, Failed, Problem
from aboard.core import errors as facts
from aboard.core import errors_identity as identity
from aboard.core import errors_kyc
from aboard.core.errors import AboardError
from aboard.web.answer import Answer
from aboard.web.refusals import Refused, Situation, plain, retry_seconds, row_of


@dataclass(frozen=True, slots=True)
class Row:
    """How one fact is told. `{feature}` in a code stands for the switch that is off."""

    status: int
    code: str
    message: str


# One row for all, so that nobody learns which check a forgery failed.
_STATE: Final = Row(
    400, "state_invalid", "This visit is not valid any more; ask for a new onboarding link."
)
_OUR_FAULT: Final = Row(500, "internal", "Something went wrong on our side.")
_TOO_LARGE: Final = Row(413, "body_too_large", "The body is too large.")
_WRONG_TYPE: Final = Row(415, "unsupported_media_type", "The body must be JSON.")
_KEY_REFUSED: Final = Row(
    502, "stripe_access_refused", "Stripe refuses the platform's own key; the platform must act."
)

_NOBODY: Final = Row(401, "unauthenticated", "A valid bearer token is needed.")

TABLE: Final[Mapping[type[AboardError], Row]] = {
    facts.NotYours: Row(403, "not_yours", "Your role in this organization does not allow this."),
    facts.OwnerUnknown: Row(404, "owner_unknown", "There is no such organization."),
    # Of creators alone; here so that no fact is without a row.
    errors_kyc.CreatorUnknown: Row(404, "creator_unknown", "There is no such creator."),
    errors_kyc.KycRequired: Row(409, "kyc_required", "Who the owner is must be known first."),
    errors_kyc.KycApproved: Row(409, "kyc_approved", "Who the owner is, is known already."),
    errors_kyc.KycRunning: Row(409, "kyc_in_progress", "A check of who the owner is runs."),
    errors_kyc.KycNotDecidable: Row(409, "kyc_not_decidable", "There is no check to decide."),
    facts.OrganizationTaken: Row(
        409, "organization_taken", "Another organization has this id; choose another."
    ),
    facts.MemberUnknown: Row(
        404, "member_unknown", "There is no such member in this organization."
    ),
    facts.LastOwner: Row(
        409, "last_owner", "An organization keeps an owner; make somebody else owner first."
    ),
    facts.AccountNotLinked: Row(
        409, "not_connected", "No account is connected yet; ask for an onboarding link first."
    ),
    facts.AccountGone: Row(
        409, "account_gone", "The account is no longer connected; set `restart` to start again."
    ),
    facts.AccountRejected: Row(
        409, "account_rejected", "Stripe rejected the account; set `restart` to start another."
    ),
    facts.CountryMismatch: Row(
        409,
        "country_fixed",
        "The account is in another country for good; set `restart` where `canRestart` says so.",
    ),
    facts.AccountNotReady: Row(
        409, "not_ready", "The account is not ready for this; see `blockers`."
    ),
    facts.NothingDue: Row(
        409, "nothing_due", "Nothing is left to collect; set `force` to get a link anyway."
    ),
    facts.OnboardingBusy: Row(
        409, "onboarding_in_progress", "The account is being made right now; try again."
    ),
    facts.RefreshLoop: Row(
        409, "refresh_loop", "Show the checklist before you send the seller to Stripe again."
    ),
    facts.FeatureDisabled: Row(
        503, "features.{feature}_disabled", "This is switched off at the moment."
    ),
    facts.StripeNotConfigured: Row(
        400, "stripe_not_configured", "The platform has no Stripe key for this mode."
    ),
    facts.IdempotencyConflict: Row(
        409, "idempotency_conflict", "This idempotency key came before with another body."
    ),
    facts.IdempotencyBusy: Row(
        409,
        "idempotency_in_progress",
        "The first request with this idempotency key is still at work; try again.",
    ),
    facts.Unauthenticated: _NOBODY,
    # Signing in speaks the envelope; these are here so that no fact is ever without words.
    identity.LoginRefused: _NOBODY,
    identity.CodeRefused: _NOBODY,
    identity.RefreshRefused: _NOBODY,
    identity.RefreshReused: _NOBODY,
    identity.LoginLocked: Row(429, "login_locked", "Too many failures; try again later."),
    identity.LoginBusy: Row(503, "login_busy", "Too many sign in right now; try again."),
    identity.RegistrationClosed: Row(403, "registration_closed", "Nobody can register here."),
    identity.SessionUnknown: Row(404, "session_unknown", "There is no such session."),
    identity.SessionCurrent: Row(400, "session_current", "Sign out to end this session."),
    facts.InputRefused: Row(400, "invalid_request", "The request is not valid."),
    facts.StateInvalid: _STATE,
    facts.StateExpired: _STATE,
    facts.StateForged: _STATE,
    facts.StateSpent: _STATE,
    facts.StateMismatch: _STATE,
    facts.AddressRefused: Row(
        400, "address_refused", "A return or refresh address is not allowed by the platform."
    ),
    facts.TooManyRequests: Row(429, "too_many_requests", "Too many requests; try again later."),
    facts.SignatureRefused: Row(400, "signature_refused", "The signature does not hold."),
    facts.StripeRefused: Row(400, "stripe_refused", "Stripe refused the request."),
    facts.StripeKeySwapped: _KEY_REFUSED,
    facts.StripeUnavailable: Row(
        503, "stripe_unavailable", "Stripe cannot be reached right now; try again."
    ),
    facts.StoreUnavailable: Row(
        503, "unavailable", "Our own memory gives no answer right now; try again."
    ),
    facts.IssuerUnavailable: Row(
        503, "issuer_unavailable", "Tokens cannot be checked right now; try again."
    ),
    facts.SettingsRefused: _OUR_FAULT,
}

SITUATIONS: Final[Mapping[Situation, Row]] = {
    Situation.NO_SUCH_PATH: Row(404, "not_found", "There is nothing at this path."),
    Situation.NO_SUCH_METHOD: Row(
        405, "method_not_allowed", "This path does not take this method."
    ),
    Situation.OUR_FAULT: _OUR_FAULT,
}

_BODY_REFUSED: Final = {413: _TOO_LARGE, 415: _WRONG_TYPE}
# Stripe refuses the platform's own key: nothing that the caller could change.
_PLATFORM_FAULT: Final = frozenset({401, 403})


def find_row(cause: AboardError | Situation) -> Row:
    """Return how this is told: every fact and every situation has a row."""
    if isinstance(cause, Situation):
        return SITUATIONS[cause]
    if isinstance(cause, facts.InputRefused) and cause.status_hint in _BODY_REFUSED:
        return _BODY_REFUSED[cause.status_hint]
    if isinstance(cause, facts.StripeRefused) and cause.status in _PLATFORM_FAULT:
        return _KEY_REFUSED
    return row_of(TABLE, cause) or _OUR_FAULT


def word_refusal(
    refused: Refused, *, request_id: str, details: Details | None = None
) -> Answer[Failed]:
    """Tell what went wrong in the body of this dialect."""
    cause = refused.cause
    row = find_row(cause)
    code = row.code
    if isinstance(cause, facts.FeatureDisabled):
        code = code.format(feature=cause.feature)
    message = row.message
    if isinstance(cause, facts.StripeRefused) and row is not _KEY_REFUSED:
        message = cause.message
        details = _stripes_words(cause)
    failed = Failed(code, message, request_id, details or _details(cause))
    return Answer(failed, status=row.status, headers=refused.headers)


def _details(cause: AboardError | Situation) -> Details | None:
    match cause:
        case facts.InputRefused(problems=problems):
            details = Details([Problem(plain(field), plain(wrong)) for field, wrong in problems])
        case facts.AddressRefused(field=field, reason=reason):
            details = Details([Problem(field, reason)])
        case facts.NothingDue(readiness=readiness):
            details = Details(readiness=readiness)
        case facts.AccountNotReady(blockers=blockers):
            details = Details(blockers=list(blockers))
        case facts.AccountGone(case=reason) | facts.AccountRejected(reason=reason):
            details = Details(reason=reason)
        case facts.CountryMismatch(current=country, can_restart=can_restart):
            details = Details(country=country, can_restart=can_restart)
        case AboardError() if (seconds := retry_seconds(cause)) is not None:
            details = Details(retry_after_seconds=seconds)
        case _:
            return None
    return details


def _stripes_words(refusal: facts.StripeRefused) -> Details:
    return Details(
        stripe_type=refusal.error_type,
        stripe_code=refusal.error_code,
        stripe_param=refusal.param,
        stripe_request_id=refusal.request_id,
    )
